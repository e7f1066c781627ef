"""Entries that must fail beside each other: figures of one commitment, questions, and what questions say."""

from datetime import date
from pathlib import Path

import pytest

from agent_tui.knowledge.content.commitments import figures
from agent_tui.knowledge.content.lint import lint
from agent_tui.knowledge.content.sources import built_in, folder

Entry = tuple[str, str, str, tuple[str, ...]]


def clashes(tmp_path: Path, *entries: Entry) -> list[tuple[str, str]]:
    """The line's words and the detail of what is found between entries: title, body, true_when, similar."""
    rows: list[str] = []
    for number, (title, body, true_when, similar) in enumerate(entries):
        rows += [f"- id: e{number}", f"  title: '{title}'", f"  body: '{body}'"]
        rows += [f"  true_when: {true_when}"] if true_when else []
        rows += ["  similar:", *(f"    - {one}" for one in similar)] if similar else []
    (tmp_path / "x.yaml").write_text("\n".join(rows) + "\n", "utf-8")
    _, problems = lint([folder(tmp_path)], date(2026, 11, 1))
    return [(rows[one.line - 1].strip(), one.detail) for one in problems]


def saying(body: str, true_when: str = "", title: str = "") -> Entry:
    """An entry that says only this."""
    return (title or f"{len(body)} {body[:12]}", body, true_when, ())


def asked(*similar: str, true_when: str = "", body: str = "好") -> Entry:
    """An entry that customers ask for so."""
    return (similar[0] + body, body, true_when, similar)


@pytest.mark.parametrize(
    ("said", "against"),
    [
        ("直播间买的付款后 15 天内降价，可以申请价保。", "直播间的订单价保 7 天。"),
        ("付款后 15 天内降价能申请价保。", "同款降价，付款后 30 天内都能价保。"),
        ("退到储蓄卡，1-3 个工作日到账。", "退款到银行卡要 3-7 个工作日。"),
        ("退款走信用卡，3-7 个工作日到账。", "退款：信用卡一般 1 到 3 个工作日。"),
        ("取件约不上，最晚 2 小时内回您约没约上。", "换一家快递再约取件，24 小时内答复您。"),
        ("12 元以内实报。", "运费 20 元以内报销。"),
        ("现货付款后 48 小时内发出。", "现货付款后 24 小时内发货。"),
        ("是我们违约，定金双倍返还。", "是我们没发，定金 1 倍退回。"),
        ("Debit card: 1-3 working days.", "A debit card takes 3-7 working days."),
        ("确认收货后 24 小时内开出发票。", "The invoice is issued within 3 working days."),
    ],
)
def test_two_figures_for_one_commitment_are_named_with_both_places(
    tmp_path: Path, said: str, against: str
) -> None:
    [(line, detail)] = clashes(tmp_path, saying(said), saying(against))
    assert against in line
    assert "x.yaml:3" in detail


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (saying("付款后 15 天内降价能价保。"), saying("直播间的订单价保 7 天。")),
        (saying("退款到储蓄卡，1-3 个工作日。"), saying("退款到信用卡，3-7 个工作日。")),
        (saying("退款到花呗，24 小时内恢复额度。"), saying("退款到储蓄卡，1-3 个工作日。")),
        (saying("现货付款后 48 小时内发出。"), saying("现货付款后 2 天内发货。")),
        (saying("退到信用卡，3-7 个工作日。"), saying("信用卡退款超过 7 个工作日没到，请告诉我。")),
        (saying("付款后 48 小时内发出。", "not presale"), saying("付款后 15 天内发出。", "presale")),
        (saying("订单保留 30 分钟（直播间 15 分钟）再付款。"), saying("下单后 30 分钟没付款会关闭。")),
    ],
)
def test_other_commitments_other_orders_and_the_same_time_do_not_clash(
    tmp_path: Path, one: Entry, other: Entry
) -> None:
    assert clashes(tmp_path, one, other) == []


@pytest.mark.parametrize(
    ("text", "comes_to"),
    [
        ("付款后四十八小时内发货", ("min", 2880)),
        ("付款后两天内发货", ("min", 2880)),
        ("退到信用卡 3 到 7 个工作日", ("wd", 7)),
        ("退款到花呗半个小时", ("min", 30)),
        ("质量问题，十五天内可换", ("min", 15 * 1440)),
    ],
)
def test_figures_are_read_as_people_write_them(text: str, comes_to: tuple[str, float]) -> None:
    assert [figure.comes_to for figure in figures("", text)] == [comes_to]


@pytest.mark.parametrize(
    ("question", "again"),
    [
        ("退款怎么还没到账", "退款还没到账呢"),
        ("開發票", "开发票"),
        ("where is my parcel", "Where is the parcel?"),
        ("我要改地址寄去公司里行", "我要改地址寄去公司行"),
    ],
)
def test_a_question_that_two_entries_list_is_named(tmp_path: Path, question: str, again: str) -> None:
    [(line, detail)] = clashes(tmp_path, asked(question), asked(again, body="行"))
    assert again in line
    assert "e0" in detail


def test_the_same_question_of_orders_that_exclude_each_other_is_none_of_it(tmp_path: Path) -> None:
    unshipped, shipped = asked("能退吗", true_when="paid"), asked("能退吗", true_when="shipped", body="行")
    assert clashes(tmp_path, unshipped, shipped) == []


@pytest.mark.parametrize(
    ("question", "true_when"),
    [
        ("都签收三天了", "shipped"),
        ("显示签收了我没拿到", "paid or shipped"),
        ("怎么还没发货", "shipped"),
        ("已经发货了还能改地址吧", "unpaid or (paid and not uncollected)"),
        ("退款成功三天了钱呢", "refunding and not refund_paid"),
        ("it says delivered", "shipped"),
    ],
)
def test_a_question_that_fits_no_order_of_its_entry_is_named(
    tmp_path: Path, question: str, true_when: str
) -> None:
    [(line, _)] = clashes(tmp_path, asked(question, true_when=true_when))
    assert question in line


@pytest.mark.parametrize(
    ("question", "true_when"),
    [
        ("都签收三天了", "delivered"),
        ("都签收三天了", ""),
        ("签收以后多久能退", "shipped"),
        ("还没签收呢", "shipped"),
        ("怎么还没发货", "paid"),
        ("你们仓库都签收了", "returning"),
        ("补发的怎么还没发货", "delivered"),
    ],
)
def test_questions_that_say_nothing_of_it_or_the_truth_stay(
    tmp_path: Path, question: str, true_when: str
) -> None:
    assert clashes(tmp_path, asked(question, true_when=true_when)) == []


def test_our_own_entries_agree_with_each_other() -> None:
    _, problems = lint([built_in()], date(2026, 11, 29))
    assert [(one.file, one.line, one.detail) for one in problems] == []
