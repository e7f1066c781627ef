"""Which answer a customer gets first: by their words, by how the order stands, or none when neither tells."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.models import Order, Parcel
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.advise import PackAdviser, states_of
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.resolved import ResolvedAnswer, ResolvedPack, resolve
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.text.keywords import fold_same, pieces

PAID_AT = datetime(2026, 11, 11, tzinfo=UTC)


def order(status: str, *, parcel: str = "", days: int = 2) -> Order:
    """An order in a state, shipping `days` after it was paid."""
    parcels = (Parcel(number="YT1", carrier="圆通", status=parcel),) if parcel else ()
    return Order(
        number="1", customer="c", status=status, total="1", parcels=parcels, paid_at=PAID_AT,
        ship_by=PAID_AT + timedelta(days=days),
    )  # fmt: skip


def said(*texts: str) -> list[Said]:
    """What a customer wrote."""
    return [Said(text) for text in texts]


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return load([built_in()]).entries


@pytest.fixture(scope="module")
def logistics(entries: tuple[Entry, ...]) -> PackAdviser:
    return PackAdviser(resolve(load_pack("logistics"), entries))


@pytest.mark.parametrize(
    ("stands", "named"),
    [
        (None, ("none",)),
        (order("paid"), ("paid",)),
        (order("paid", days=20), ("presale", "paid")),
        (order("shipped", parcel="in_transit"), ("shipped",)),
        (order("shipped", parcel="stuck"), ("stuck", "shipped")),
        (order("received", parcel="signed"), ("delivered",)),
        (order("of another shop"), ("none",)),
    ],
)
def test_an_order_stands_as_packs_name_it(stands: Order | None, named: tuple[str, ...]) -> None:
    assert states_of(stands) == named


@pytest.mark.parametrize(
    ("words", "stands", "first"),
    [
        ("地址填错了能改吗", order("paid"), "order-address-before-ship"),
        ("已经发货了能改地址吗", order("shipped", parcel="in_transit"), "order-address-shipped"),
        ("物流好几天没动了", order("shipped", parcel="stuck"), "parcel-stuck-48h"),
        ("发错货了", order("delivered", parcel="delivered"), "parcel-wrong-item"),
        ("快第到哪里了", order("shipped", parcel="in_transit"), "parcel-where-now"),
    ],
)
def test_clear_words_bring_their_answer(
    words: str, stands: Order, first: str, logistics: PackAdviser
) -> None:
    advice = logistics.advise(said("在吗", words), "logistics", stands)
    assert advice.is_sure
    assert advice.entries[0] == first


def test_vague_words_bring_the_overview_of_the_order(logistics: PackAdviser) -> None:
    for stands, first in (
        (order("paid"), "order-unshipped-in-time"),
        (order("shipped", parcel="in_transit"), "parcel-where-now"),
    ):
        advice = logistics.advise(said("我那个东西你给看看呗"), "", stands)
        assert advice.is_sure
        assert advice.entries[0] == first


def test_words_that_lead_elsewhere_are_not_answered_by_the_overview(entries: tuple[Entry, ...]) -> None:
    adviser = PackAdviser(resolve(load_pack("returns"), entries))
    advice = adviser.advise(said("运费险怎么赔的"), "", order("returned"))
    assert advice.entries[0] == "return-freight-insurance"


def test_an_answer_for_another_state_of_the_order_is_never_sure(logistics: PackAdviser) -> None:
    advice = logistics.advise(said("物流好几天没动了"), "", order("delivered", parcel="delivered"))
    assert not (advice.is_sure and advice.entries[0] == "parcel-stuck-48h")


def test_without_an_order_vague_words_bring_nothing_sure(logistics: PackAdviser) -> None:
    advice = logistics.advise(said("我那个东西你给看看呗"), "", None)
    assert advice.entries
    assert not advice.is_sure


def test_an_answer_for_another_state_stands_back(entries: tuple[Entry, ...]) -> None:
    adviser = PackAdviser(resolve(load_pack("live"), entries))
    before = adviser.advise(said("赠品没收到"), "live", None)
    after = adviser.advise(said("赠品没收到"), "live", order("delivered", parcel="delivered"))
    rank = [advice.fits[advice.entries.index("case-gift-missing")] for advice in (before, after)]
    assert rank[0] < rank[1]


def test_greetings_ask_nothing(logistics: PackAdviser) -> None:
    advice = logistics.advise(said("在吗", "你好"), "logistics", order("paid"))
    assert advice.entries == ()
    assert not advice.is_sure


def test_two_answers_that_fit_alike_are_not_sure() -> None:
    made = [
        ResolvedAnswer(
            entry=Entry(id=id, kind="snippet", title="改地址", text="好"),
            when=f"什么{id}",
            similar=("改地址吗",),
        )
        for id in ("a", "b")
    ]
    advice = PackAdviser(ResolvedPack(load_pack("logistics"), made, ())).advise(said("改地址"))
    assert not advice.is_sure
    assert set(advice.entries) == {"a", "b"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("啥时候发货", "几时寄出"),
        ("包裹到哪里了", "快递到哪儿了"),
        ("when was it dispatched", "When was it shipped"),
    ],
)
def test_synonyms_are_one_keyword(one: str, other: str) -> None:
    assert fold_same(one).split() == fold_same(other).split()


def test_numbers_and_endings_do_not_tell_questions_apart() -> None:
    assert pieces("order 1234 lasting") == pieces("order 99 lasted")


@given(st.text(max_size=80), st.sampled_from(["paid", "shipped", "delivered", "?"]))
def test_whatever_is_said_the_advice_is_of_the_pack(logistics: PackAdviser, text: str, status: str) -> None:
    known = {answer.entry for answer in load_pack("logistics").answers}
    advice = logistics.advise(said(text), "", order(status))
    assert set(advice.entries) <= known
    assert list(advice.fits[1:]) == sorted(advice.fits[1:], reverse=True)
    assert len(advice.entries) == len(set(advice.entries)) <= 6
