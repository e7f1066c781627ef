"""What is advised for an order as it stands, for two questions, in danger, and without an order."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agent_tui.domain.conditions import fit_of, vocabulary
from agent_tui.domain.models import (
    Category,
    Class,
    CustomerRef,
    Floor,
    Order,
    Parcel,
    Priority,
    Refund,
    Status,
    TicketDetail,
)
from agent_tui.domain.order_facts import OrderFacts, facts_of
from agent_tui.i18n import choose, texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import CombinedSources, folder
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.calibration import calibration, fitted, probabilities
from agent_tui.knowledge.recommend.reasons import reason_of
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.signals import NAMES
from agent_tui.knowledge.recommend.situation import Guess, Situation, situation_of
from agent_tui.knowledge.recommend.usage_log import Said
from tests.patience import WAIT

choose("zh")

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


def entry(
    id: str, *similar: str, true_when: str = "", category: str = "logistics", text: str = "答复"
) -> Entry:
    return Entry(
        id=id, kind="snippet", title=similar[0], text=text, similar=similar, true_when=true_when,
        category=category,
    )  # fmt: skip


ENTRIES = (
    entry("in-time", "什么时候发货", "怎么还没发货", true_when="paid and not overdue"),
    entry("overdue", "超过承诺时间没发货", "怎么还没发货", true_when="paid and overdue"),
    entry("on-its-way", "快递到哪里了", "包裹什么时候到", true_when="shipped"),
    entry("which-order", "查哪个订单", "快递到哪里了", true_when="no_order", text="请把订单号发我"),
    entry("freight", "退货运费谁出", "退货邮费怎么算", category="return"),
    entry("notice", "排队公告", "怎么还没发货", "什么时候发货", true_when="level >= 3", category="other"),
    entry("hello", "在吗", "有人吗", "你好", category="other", text="在的，请说您的问题"),
    entry("fire", "充电宝冒烟了", "手机着火了", "充电的时候爆炸了", category="quality"),
)


def order(status: str = "paid", *, late: int = -1, **more: object) -> Order:
    """An order whose shipping promise passed `late` days ago."""
    return Order(
        number="1", customer="c", status=status, total="99", paid_at=NOW - timedelta(days=3),
        ship_by=NOW - timedelta(days=late), **more,
    )  # type: ignore[arg-type]  # fmt: skip


def guess(*said: str, stands: Order | None = None, level: int = 0) -> Guess:
    messages = tuple(Said(text) for text in said)
    situation = Situation(messages=messages, order=stands, now=NOW, floor=Floor(level=level))
    return Recommender(ENTRIES).guess(situation)


def ids(found: Guess) -> list[str]:
    return [one.entry.id for one in found.advice]


@pytest.mark.parametrize(("late", "first"), [(-1, "in-time"), (2, "overdue")])
def test_the_same_words_get_the_answer_that_is_true_of_the_order(late: int, first: str) -> None:
    found = guess("怎么还没发货", stands=order(late=late))
    assert ids(found)[0] == first
    assert {"in-time", "overdue"} - {first} == {"in-time", "overdue"} - set(ids(found))
    assert {one.entry.id: reason_of(one.fit) for one in found.untrue}


@pytest.mark.parametrize(("level", "is_there"), [(0, False), (2, False), (3, True)])
def test_emergency_notices_are_only_for_the_floor_at_their_level(level: int, is_there: bool) -> None:
    assert ("notice" in ids(guess("怎么还没发货", stands=order(), level=level))) is is_there


def test_without_an_order_the_answer_that_asks_for_it_comes_first() -> None:
    found = guess("快递到哪里了")
    assert (ids(found)[0], found.advice[0].why) in (("which-order", "asks"), ("which-order", "similar"))
    known = guess("快递到哪里了", stands=order("shipped", parcels=(Parcel(number="1", status="in_transit"),)))
    assert ids(known)[0] == "on-its-way"
    assert "which-order" not in ids(known)


def test_each_question_is_answered_by_its_own_words() -> None:
    found = guess("怎么还没发货", "退货运费谁出", stands=order(late=2))
    assert set(ids(found)[:2]) == {"overdue", "freight"}
    assert {one.question for one in found.advice[:2]} == {0, 1}


def test_nagging_adds_nothing_to_the_topic() -> None:
    quiet = guess("退货运费谁出", stands=order("delivered"))
    loud = guess("退货运费谁出", "人呢", "都多久了 没人管吗", stands=order("delivered"))
    assert ids(quiet)[0] == ids(loud)[0] == "freight"


def test_dangers_own_answers_come_first_whatever_else_is_asked() -> None:
    found = guess("充电宝冒烟了 怎么还没发货 什么时候发货", stands=order())
    assert (ids(found)[0], found.advice[0].why) == ("fire", "danger")
    assert found.is_sure


@pytest.mark.parametrize(("said", "is_offered"), [("充电宝冒烟了", True), ("在吗", True), ("谢谢", False)])
def test_who_tells_of_danger_or_says_hello_is_answered_though_nothing_was_asked(
    said: str, is_offered: bool
) -> None:
    assert bool(guess(said).offered) is is_offered


def test_every_fact_has_its_words_in_both_languages() -> None:
    for language in ("en", "zh"):
        choose(language)
        words = texts().fit
        assert set(words.facts) == set(vocabulary())
        kinds = {
            kind: {fact for fact, own in vocabulary().items() if own == kind} for kind in ("word", "number")
        }
        assert set(words.so) == set(words.not_so) == kinds["word"]
        assert set(words.numbers) == kinds["number"]


@pytest.mark.parametrize(
    ("condition", "stands", "words"),
    [
        ("paid and not overdue", order(late=2), "已超过承诺发货时间"),
        ("shipped", order(), "没有包裹在路上"),
        ("overdue_days >= 3", order(late=2), "超过承诺发货时间 2 天（要求至少 3）"),
        ("not refunding", order(refund=Refund(amount="9", status="requested")), "正在退款"),
        ("signed_days <= 7", order("delivered"), "还不知道签收几天了"),
        ("shipped", None, "还不知道是不是在路上"),
    ],
)
def test_a_condition_that_does_not_hold_is_said_in_words(
    condition: str, stands: Order | None, words: str
) -> None:
    assert reason_of(fit_of(condition, facts_of(stands, NOW))) == words
    assert reason_of(fit_of("", OrderFacts())) == ""


def test_the_weights_name_signals_and_their_lines_rise() -> None:
    assert set(calibration().weights) <= set(NAMES)
    lines = calibration().lines
    assert list(lines.stars) == sorted(lines.stars)
    assert lines.beside <= lines.shown <= lines.certain


def test_what_is_fitted_gives_the_shares_it_was_shown() -> None:
    import numpy as np

    signals = np.array([[0.0]] * 10 + [[1.0]] * 10)
    labels = [0.0] * 9 + [1.0] + [1.0] * 8 + [0.0] * 2
    found = fitted(signals, labels, np.ones(20), 1e-9)
    assert probabilities(found[0]) == pytest.approx(0.1, abs=1e-3)
    assert probabilities(found[0] + found[1]) == pytest.approx(0.8, abs=1e-3)


SNIPPETS = """
- id: late
  title: 超时未发货
  body: '{{ customer.name }}您好，已催仓库。'
  similar: [怎么还没发货]
  true_when: paid and overdue
- id: soon
  title: 还在承诺期内
  body: '{{ order.ship_by }} 前发出。'
  similar: [怎么还没发货]
  true_when: paid and not overdue
- {id: fee, title: 退货运费, body: '运费 ${1:金额} 元由我们承担。', similar: [退货运费谁出]}
"""


def test_scripts_get_what_the_screens_show(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SNIPPETS, "utf-8")
    stands, customer = order(late=2), CustomerRef(id="c", name="王敏")
    ticket = TicketDetail(
        id="t", number=1, version=1, status=Status.OPEN, priority=Priority.NORMAL, category=Category.OTHER,
        class_=Class.QUERY, channel="web", customer=customer, created_at=NOW, updated_at=NOW, order="1",
        order_detail=stands,
    )  # fmt: skip
    said = (Said("怎么还没发货"), Said("人呢"))
    library = Library(CombinedSources([folder(tmp_path)]))
    library.refresh()
    library.relearn()
    situation = msgspec.structs.replace(situation_of(ticket, said, Floor()), now=NOW)
    shown = library.guess(situation)
    line = {
        "id": 1, "messages": [{"text": one.text} for one in said], "order": msgspec.to_builtins(stands),
        "customer": {"name": "王敏"}, "channel": "web", "floor": {"level": 0}, "now": NOW.isoformat(),
        "category": "other",
    }  # fmt: skip
    command = (
        sys.executable,
        "-m",
        "agent_tui",
        "kb",
        "recommend",
        "--content",
        str(tmp_path),
        "--batch",
        "-",
    )
    done = subprocess.run(
        command, input=json.dumps(line).encode(), capture_output=True, timeout=WAIT, check=True
    )
    answer = json.loads(done.stdout)
    expected = [
        (one.entry.id, one.score, one.stars, library.fill(one.entry, ticket).text)
        for one in (*shown.advice, *shown.untrue)
    ]
    assert [(hit["id"], hit["score"], hit["stars"], hit["text"]) for hit in answer["hits"]] == expected
    assert answer["abstain"] is not shown.is_sure
    assert answer["hits"][0]["text"] == "王敏您好，已催仓库。"
    fits = {hit["id"]: (hit["fits"], bool(hit["reason"])) for hit in answer["hits"]}
    assert fits["late"] == (True, False)
    assert fits["soon"] == (False, True)
