"""What the helper reads: the wish in one line, the facts, the rows, the words beside the chat."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from agent_tui import i18n
from agent_tui.domain.models import (
    Category,
    Class,
    CustomerRef,
    HelpCall,
    Order,
    Parcel,
    Person,
    Priority,
    Status,
    TicketDetail,
)
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.tui.helper.aside import call_words
from agent_tui.tui.helper.items import Advised, found, offered
from agent_tui.tui.helper.prose import laid_out
from agent_tui.tui.helper.wish import wish_of
from agent_tui.tui.widgets.order_words import facts_of, shortened
from tests.tui.helping import pack

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.choose("zh")


def ticket(category: str, order: Order | None = None) -> TicketDetail:
    return TicketDetail(
        id="t", number=1, version=1, status=Status.OPEN, priority=Priority.NORMAL,
        category=Category(category), class_=Class.QUERY, channel="app",
        customer=CustomerRef(id="c", name="陈*"), created_at=NOON,
        updated_at=NOON, order=order.number if order else None, order_detail=order,
    )  # fmt: skip


def order(status: str, parcel: str = "") -> Order:
    parcels = (Parcel(number="YT1", carrier="圆通", status=parcel, eta="2026-11-13"),) if parcel else ()
    return Order(number="884200001552", customer="c", status=status, total="1", parcels=parcels)


SAID = (Said("你们几点关门"),)


def test_the_wish_is_the_question_of_the_answer_that_is_sure() -> None:
    best = pack().answers[0]
    assert wish_of(Advised((best,), is_sure=True), "complaint", SAID) == best.similar[0]
    assert wish_of(Advised((replace(best, similar=()),), is_sure=True), "other", SAID) == best.title


def test_the_wish_is_in_the_customers_words_where_nothing_is_sure() -> None:
    assert wish_of(Advised((pack().answers[0],)), "logistics", SAID) == "“你们几点关门”"
    assert wish_of(Advised(), "other", SAID) == "“你们几点关门”"
    assert wish_of(Advised(), "complaint", SAID) == i18n.texts().helper.wishes["complaint"]


def test_a_wish_without_words_or_category_says_to_read() -> None:
    assert wish_of(Advised(), "logistics") == "还看不出来，先读一下客户的话"


def test_facts_are_short_pieces() -> None:
    known = ticket("logistics", order("shipped", "stuck"))
    assert facts_of(known, known, "zh", NOON.timestamp()) == [
        "订单 8842…552",
        "已发货",
        "圆通",
        "预计 11月13日 送达",
    ]
    assert facts_of(ticket("other"), None, "zh", NOON.timestamp()) == ["没有关联订单"]
    assert shortened("123") == "123"


def test_only_what_is_sure_has_digits_and_nothing_is_missing() -> None:
    known = pack()
    best = known.answers[5]
    sure = offered(known, Advised((best,), is_sure=True), "logistics")
    assert next((one.digit, one.id) for one in sure if one.digit) == ("1", best.id)
    unsure = offered(known, Advised((best,)), "logistics")
    assert not [one for one in unsure if one.digit and one.digit in "123"]
    for rows in (sure, unsure):
        ids = [one.id for one in rows if one.is_choice and one.kind != "ask"]
        assert sorted(ids) == sorted([*(a.id for a in known.answers), *(p.id for p in known.pack.procedures)])


def test_searching_finds_answers_and_procedures_or_says_so() -> None:
    assert {one.kind for one in found(pack(), "破损")} >= {"answer", "procedure"}
    assert [one.is_choice for one in found(pack(), "zzzzqq")] == [False]


@pytest.mark.parametrize(
    ("reason", "stage", "wanted"),
    [
        ("asked", "buddy", "正在叫 林晓 · 12 秒"),
        ("asked", "core", "正在全组找人帮忙 · 12 秒"),
        ("card", "lead", "正在找组长 · 12 秒"),
        ("approval", "buddy", "回复在等 林晓 看一眼，通过后自动发给客户 · 12 秒"),
    ],
)
def test_who_is_being_called(reason: str, stage: str, wanted: str) -> None:
    lin = Person(id="lin", name="林晓")
    call = HelpCall(at=NOON, by=Person(id="zhao", name="小赵"), reason=reason, stage=stage, to=lin)
    assert call_words(call, NOON.timestamp() + 12) == wanted
    assert call_words(replace(call, to=None), NOON.timestamp())


def test_prose_keeps_every_character_and_its_tone() -> None:
    runs = (
        ("单号 SF70001002 已经出库，", "text"),
        ("明天", "accent"),
        ("到。\n  缩进的一行很长很长很长", "calm"),
    )
    lines = laid_out(runs, 12)
    said = "".join(words for line in lines for words, _ in line).replace(" ", "")
    assert said == "".join(words for words, _ in runs).replace("\n", "").replace(" ", "")
    assert "".join(words for line in lines for words, tone in line if tone == "accent") == "明天"
    assert lines[-1][0] == ("  ", "text")
