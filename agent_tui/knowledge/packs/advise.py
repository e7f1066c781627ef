"""Advice from a pack: which of its 20 answers a customer needs (TF-IDF cosine), and when to abstain.

Each title, when-line and question of an answer is compared with what the customer asked (`keywords`), rare
pieces counting more. An answer for another state of the order counts less. One is sure only when it fits well
and clearly better than every other: who has never done this sends what is first. Where the words leave it
open, the overview of the order's state is the answer; where there is none, the buddy is asked.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from agent_tui.domain.models import Order
from agent_tui.knowledge.packs.format import OrderState
from agent_tui.knowledge.packs.resolved import ResolvedAnswer, ResolvedPack
from agent_tui.knowledge.recommend.retrieval import words_of
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.templates.values import relevant_parcel
from agent_tui.knowledge.text.keywords import pieces

# How well the best answer has to fit, and by which share better than the next: where an overview can be said
# instead, and where the only other way is to ask. Drawn on customers whose nearest questions were taken out.
CLEAR_FIT, CLEAR_LEAD = 0.35, 0.3
SURE_FIT, SURE_LEAD = 0.25, 0.35
# Where an answer fits at least so well, an overview that fits less than this share of it is beside the point.
LEADING, ELSEWHERE = 0.1, 0.35
_OTHER_STATE = 0.6
_WHEN, _TEXT = 0.9, 0.5
_SECOND = 0.3
_SAME_CATEGORY = 0.02
_PRESALE = timedelta(days=5)


class PackAdvice(Struct, frozen=True):
    """Entries of a pack, the advice first, how well they fit (0 to about 1.3), and whether it is sure."""

    entries: tuple[str, ...] = ()
    fits: tuple[float, ...] = ()
    is_sure: bool = False


class _Question(Struct, frozen=True):
    """One text of an answer as pieces of length 1."""

    owner: int
    weight: float
    pieces: Mapping[str, float]


class PackAdviser:
    """Advises from one pack; made once, cheap to ask."""

    def __init__(self, pack: ResolvedPack) -> None:
        self._answers = pack.answers
        self._overviews = {state: n for n, one in enumerate(pack.answers) for state in one.overview}
        bags = [(owner, weight, bag) for owner, one in enumerate(pack.answers) for weight, bag in _texts(one)]
        self._rarity = _rarity(bags, len(pack.answers))
        self._rarest = math.log(1 + len(pack.answers) / 0.5)
        self._questions = [_Question(owner, weight, self._unit(bag)) for owner, weight, bag in bags]

    def advise(
        self, said: Sequence[Said], category: str = "", order: Order | None = None, limit: int = 6
    ) -> PackAdvice:
        """What may answer a conversation, oldest message first, whose order stands as it does."""
        asked: Counter[str] = Counter()
        for text, weight in words_of(said):
            for piece, count in pieces(text).items():
                asked[piece] += weight * count  # type: ignore[assignment]
        if not asked:
            return PackAdvice()
        states = states_of(order)
        fits = self._fits(self._unit(asked), category, states)
        if not fits:
            return PackAdvice()
        best = sorted(range(len(fits)), key=lambda one: -fits[one])
        overview = self._overview(fits, best[0], states)
        suits = self._suits(best[0], states)
        if overview is None:
            # Without an order nobody knows its state: what is missing shows as a blank in the answer.
            is_sure = (suits or order is None) and _leads(fits, best, SURE_FIT, SURE_LEAD)
        else:
            is_sure = True
            if not (suits and _leads(fits, best, CLEAR_FIT, CLEAR_LEAD)):
                best = [overview, *(one for one in best if one != overview)]
        return PackAdvice(
            entries=tuple(self._answers[one].id for one in best[:limit]),
            fits=tuple(round(fits[one], 4) for one in best[:limit]),
            is_sure=is_sure,
        )

    def _overview(self, fits: Sequence[float], best: int, states: Sequence[OrderState]) -> int | None:
        """The overview of the order's state, unless the words lead clearly elsewhere."""
        found = (self._overviews.get(state) for state in states)
        overview = next((one for one in found if one is not None), None)
        if overview is None or not self._suits(best, states) or fits[best] < LEADING:
            return overview
        return overview if fits[overview] >= ELSEWHERE * fits[best] else None

    def _fits(self, asked: Mapping[str, float], category: str, states: Sequence[OrderState]) -> list[float]:
        first, second = [0.0] * len(self._answers), [0.0] * len(self._answers)
        for one in self._questions:
            shared = one.weight * sum(
                weight * held for piece, weight in asked.items() if (held := one.pieces.get(piece))
            )
            if shared > first[one.owner]:
                first[one.owner], second[one.owner] = shared, first[one.owner]
            elif shared > second[one.owner]:
                second[one.owner] = shared
        return [
            (best + _SECOND * next + _SAME_CATEGORY * (answer.entry.category == category))
            * (1.0 if self._suits(owner, states) else _OTHER_STATE)
            for owner, (best, next, answer) in enumerate(zip(first, second, self._answers, strict=True))
        ]

    def _suits(self, owner: int, states: Sequence[OrderState]) -> bool:
        """Whether an answer is right for an order in one of these states."""
        orders = self._answers[owner].orders
        return not orders or any(state in orders for state in states)

    def _unit(self, bag: Mapping[str, float]) -> dict[str, float]:
        """`bag` weighed by rarity, at length 1."""
        weighed = {piece: count * self._rarity.get(piece, self._rarest) for piece, count in bag.items()}
        length = math.sqrt(sum(value**2 for value in weighed.values())) or 1.0
        return {piece: value / length for piece, value in weighed.items()}


def _leads(fits: Sequence[float], best: Sequence[int], least: float, lead: float) -> bool:
    """Whether the best answer fits well and clearly better than the next."""
    first, second = [*(fits[one] for one in best[:2]), 0.0, 0.0][:2]
    return first >= least and first - second >= lead * first


def states_of(order: Order | None) -> tuple[OrderState, ...]:
    """The state of an order as packs name it, the narrower word first; one no pack can name is `none`."""
    if order is None:
        return ("none",)
    parcel = relevant_parcel(order.parcels)
    if order.status == "shipped" and parcel is not None and parcel.status == "stuck":
        return ("stuck", "shipped")
    if (
        order.status == "paid"
        and order.paid_at
        and order.ship_by
        and order.ship_by - order.paid_at > _PRESALE
    ):
        return ("presale", "paid")
    return (_STATES.get(order.status, "none"),)


_STATES: dict[str, OrderState] = {
    "unpaid": "unpaid", "paid": "paid", "shipped": "shipped", "delivered": "delivered",
    "received": "delivered", "returning": "returning", "returned": "returned", "refunded": "refunded",
    "cancelled": "cancelled",
}  # fmt: skip


def _texts(answer: ResolvedAnswer) -> list[tuple[float, Counter[str]]]:
    entry = answer.entry
    return [
        (1.0, pieces(" ".join((entry.title, *entry.tags)), is_question=False)),
        (_WHEN, pieces(answer.when, is_question=False)),
        (_TEXT, pieces(entry.text, is_question=False)),
        *((1.0, pieces(question)) for question in answer.similar),
    ]


def _rarity(bags: Sequence[tuple[int, float, Mapping[str, float]]], answers: int) -> dict[str, float]:
    """How few answers know each piece."""
    known: dict[str, set[int]] = {}
    for owner, _, bag in bags:
        for piece in bag:
            known.setdefault(piece, set()).add(owner)
    return {piece: math.log(1 + answers / len(owners)) for piece, owners in known.items()}
