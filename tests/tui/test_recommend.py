"""Recommended answers at the workstation: shown unasked, taken with a digit, learned from what is sent."""

import gc
from pathlib import Path

from msgspec.structs import replace

from agent_tui.i18n import choose, name_keys
from agent_tui.knowledge.recommend.advisor import Advisor
from agent_tui.knowledge.recommend.usage_log import UsageFile
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.widgets.recommend import Offered, RecommendPane, RecommendRows
from tests.patience import WAIT
from tests.tui.answering_app import seated

choose("zh")

OFFERED = Offered(
    id="a", title="物流停滞超过 48 小时", text="已为您催促快递，\n今天回复您。", stars=2, why="相似的问题"
)


def lines_of(pane: RecommendPane | RecommendRows, width: int) -> list[str]:
    return ["".join(text for text, _ in spans) for _, spans in pane.lines(width)]


def test_beside_the_conversation_each_answer_has_two_lines() -> None:
    pane = RecommendPane()
    pane.offered = (OFFERED,)
    head, title, text = lines_of(pane, 30)
    assert head.startswith("推荐回复")
    assert title.startswith("1 物流停滞")
    assert title.endswith("★★ ")
    assert text.startswith("  已为您催促快递， 今天")


def test_above_the_composer_each_answer_has_one_line_and_its_why_on_request() -> None:
    rows = RecommendRows()
    rows.offered = (OFFERED,)
    assert lines_of(rows, 80) == ["1 物流停滞超过 48 小时  已为您催促快递， 今天回复您。"]
    rows.says_why = True
    assert lines_of(rows, 80) == ["1 物流停滞超过 48 小时  相似的问题"]


async def test_one_digit_puts_the_answer_filled_into_the_empty_composer() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了")
        pane = seat.app.station.panes.recommend
        assert pane.offered[0].title == "物流停滞超过 48 小时"
        assert "快递三天没动了" in pane.offered[0].why
        await seat.press("1")
        assert seat.written == "已为您催促快递，今天 ▁时间▁ 前回复您。"


async def test_backspace_right_after_gives_the_digit_back() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了")
        await seat.press("1", "backspace")
        assert seat.written == "1"


async def test_a_digit_without_an_answer_is_not_sent_by_habit() -> None:
    async with seated() as seat:
        await seat.meet("嗯")
        await seat.press("3", "enter")
        assert seat.written == ""
        assert not seat.desk.outbox.items()
        await seat.press("3", "backspace", "1")
        assert seat.written == "31"


async def test_the_answers_change_when_the_customer_writes_again() -> None:
    async with seated() as seat:
        await seat.meet("嗯")
        pane = seat.app.station.panes.recommend
        assert pane.offered == ()
        seat.hear("快递三天没动了")
        await seat.until(lambda: bool(pane.offered))
        assert pane.offered[0].id == "case-stuck"


async def test_another_ticket_never_shows_the_answers_of_the_last() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了")
        assert seat.app.station.panes.recommend.offered
        await seat.press("escape")
        seat.app.station.context.hand.show_beside(None)
        assert seat.app.station.panes.recommend.offered == ()


async def test_narrow_screens_show_rows_above_the_composer() -> None:
    async with seated((80, 24)) as seat:
        await seat.meet("快递三天没动了")
        rows = seat.app.station.panes.recommend_rows
        assert rows.region.height == len(rows.offered)
        assert rows.region.bottom == seat.app.station.panes.composer.region.y


async def test_a_click_takes_the_answer() -> None:
    async with seated((80, 24)) as seat:
        await seat.meet("快递三天没动了")
        await seat.pilot.click("#recommend-rows", offset=(4, 0))
        await seat.settle()
        assert "催促快递" in seat.written


async def test_every_send_is_learned_from(tmp_path: Path) -> None:
    file = UsageFile(tmp_path / "usages.jsonl")
    async with seated(advisor=Advisor(usages=file)) as seat:
        await seat.meet("快递三天没动了，我是王敏")
        await seat.press("1", *"晚上", "ctrl+s")
        await seat.until(lambda: bool(file.read()))
        usage = file.read()[0]
        assert usage.entry == "case-stuck"
        assert 0 < usage.kept < 1
        assert [message.text for message in usage.messages] == ["快递三天没动了，我是[客户信息]"]


async def test_a_helpers_machine_keeps_nothing(tmp_path: Path) -> None:
    file = UsageFile(tmp_path / "usages.jsonl")
    async with seated(advisor=Advisor(usages=file, may_keep=lambda: False)) as seat:
        await seat.meet("快递三天没动了")
        await seat.press("1", *"晚上", "ctrl+s")
        assert await seat.desk.outbox.drain(WAIT)
        await seat.settle()
    assert file.read() == ()


async def test_a_solved_ticket_becomes_a_case() -> None:
    async with seated() as seat:
        ticket = await seat.meet("快递三天没动了，我是王敏")
        seat.app.station.answering.write_case(ticket)
        await seat.settle()
        assert seat.app.screen is seat.app.station
        await seat.solve(ticket)
        seat.app.station.answering.write_case(ticket)
        await seat.settle()
        told = seat.app.screen.told()  # type: ignore[attr-defined]
        assert "王敏" not in told["problem"]
        assert told["category"] == "logistics"
        seat.app.screen.query_one("#form-script").text = "已催。"  # type: ignore[attr-defined]
        await seat.press("ctrl+s")
        assert any(entry.text == "已催。" and entry.kind == "article" for entry in seat.library.most_used({}))


async def test_what_is_overtaken_before_it_began_leaves_nothing_behind() -> None:
    """A coroutine that nobody ever awaits is a warning, which is an error here."""
    async with seated() as seat:
        for _ in range(3):
            seat.app.station.answering.follow(None, anew=True)
        await seat.settle()
    gc.collect()


def test_two_questions_mark_which_answer_is_whose_and_name_the_key_for_both() -> None:
    name_keys(Keymap(ACTIONS).shown_first)
    pane = RecommendPane()
    pane.offered = (replace(OFFERED, question=1), replace(OFFERED, title="邮费谁出", question=2))
    head, first, _, second, _ = lines_of(pane, 40)
    assert head.endswith("1-3 填入 · 0 一起答")
    assert first.startswith("1 问1 物流停滞")
    assert second.startswith("2 问2 邮费谁出")


def test_what_an_answer_assumes_stands_beside_it() -> None:
    pane = RecommendPane()
    pane.offered = (replace(OFFERED, doubt="先确认：签收了没有"),)
    assert lines_of(pane, 40)[3] == "  先确认：签收了没有"


async def test_zero_puts_both_answers_into_one_message() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了", "还有退款多久到账")
        answering = seat.app.station.answering
        questions = {one.question for one in answering.offered}  # type: ignore[attr-defined]
        assert questions == {0, 1}
        await seat.press("0")
        stuck, refund = seat.written.split("\n")
        assert stuck.startswith("已为您催促快递")
        assert refund == "支付宝 24 小时内，信用卡 3-7 个工作日。"
        assert len(seat.app.station.panes.composer.used) == 2


async def test_zero_says_so_where_only_one_thing_was_asked() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了")
        await seat.press("0")
        assert seat.written == ""


async def test_a_large_window_shows_more_of_an_answer() -> None:
    """Beside the conversation at 200×50; at 120×36 each has one line of its text."""
    for size, most in (((200, 50), 4), ((120, 36), 1)):
        async with seated(size) as seat:
            await seat.meet("快递三天没动了")
            pane = seat.app.station.panes.recommend
            long = replace(pane.offered[0], text="已为您催促快递，" * 40)
            pane.offer((long,))
            await seat.settle()
            assert len([line for line in lines_of(pane, 40) if "催促" in line]) == most
