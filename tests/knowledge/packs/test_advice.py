"""Which answer of a pack a customer gets: the engine of the desk, kept to the pack's own entries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_tui.domain.models import Order, Parcel
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.resolved import ResolvedPack, resolve
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Guess, Situation
from agent_tui.knowledge.recommend.usage_log import Said

PAID_AT = datetime(2026, 11, 11, tzinfo=UTC)
NOW = PAID_AT + timedelta(days=1)


def order(status: str, *, parcel: str = "", days: int = 2) -> Order:
    """An order in a state, shipping `days` after it was paid."""
    parcels = (Parcel(number="YT1", carrier="圆通", status=parcel),) if parcel else ()
    return Order(
        number="1", customer="c", status=status, total="1", parcels=parcels, paid_at=PAID_AT,
        ship_by=PAID_AT + timedelta(days=days),
    )  # fmt: skip


class Desk:
    """The engine over everything, asked for the answers of one pack."""

    def __init__(self, id: str, entries: tuple[Entry, ...]) -> None:
        self.pack: ResolvedPack = resolve(load_pack(id), entries)
        self._recommender = Recommender(self.pack.library)

    def guess(self, *texts: str, stands: Order | None = None) -> Guess:
        said = tuple(Said(text) for text in texts)
        return self._recommender.guess(
            Situation(messages=said, order=stands, now=NOW), only=self.pack.ids, limit=6
        )


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return load([built_in()]).entries


@pytest.fixture(scope="module")
def logistics(entries: tuple[Entry, ...]) -> Desk:
    return Desk("logistics", entries)


@pytest.mark.parametrize(
    ("words", "stands", "first"),
    [
        ("地址填错了能改吗", order("paid"), "order-address-before-ship"),
        ("发错货了", order("delivered", parcel="delivered"), "parcel-wrong-item"),
        ("物流好几天没动了", order("shipped", parcel="stuck"), "parcel-stuck-48h"),
    ],
)
def test_clear_words_bring_their_answer(words: str, stands: Order, first: str, logistics: Desk) -> None:
    found = logistics.guess("在吗", words, stands=stands)
    assert first in [one.entry.id for one in found.advice[:2]]


def test_greetings_are_answered_with_nothing_sure(logistics: Desk) -> None:
    assert not logistics.guess("在吗", "你好", stands=order("paid")).is_certain


def test_a_pack_finds_its_answers_by_its_own_questions(logistics: Desk) -> None:
    own = next(one for one in load_pack("logistics").answers if one.asked)
    found = logistics.guess(own.asked[0], stands=order("shipped", parcel="in_transit"))
    assert own.entry in [one.entry.id for one in found.advice[:3]]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["paid", "shipped", "delivered", "?"]))
def test_whatever_is_said_the_advice_is_of_the_pack(logistics: Desk, text: str, status: str) -> None:
    ids = [one.entry.id for one in logistics.guess(text, stands=order(status)).advice]
    assert set(ids) <= logistics.pack.ids
    assert len(ids) == len(set(ids)) <= 6
