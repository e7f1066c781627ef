"""The customers of a pack's field: openings, people and orders, and whom routing keeps from a helper."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from agent_tui.domain.helping import why_unfit
from agent_tui.domain.models import Category, Class, CustomerRef, Priority, Status, Ticket, Tier
from agent_tui.domain.policy import Policy
from agent_tui.domain.reading import read
from agent_tui.knowledge.packs.resolved import Pack
from agent_tui.sim.cast import Case, make_case
from agent_tui.sim.openings import Opening, select

Choice = Literal["only", "no", "both"]

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
PACKS = ("logistics", "returns", "promotion", "live", "basics-en")
# The routing reason that lies in the words alone: the keyword reading took the question for another field's.
OTHER_FIELD = "category"
_MOST_TRIED = 50


class Guest(Struct, frozen=True, kw_only=True):
    """A customer and whether routing knows from their words that they are this pack's."""

    case: Case
    is_routed: bool


class Crowd(Struct, frozen=True, kw_only=True):
    """Those who come, how many different questions they have, and how many were kept away by which reason."""

    guests: tuple[Guest, ...]
    openings: int
    kept_away: dict[str, int]


def openings_of(pack: Pack, choice: Choice) -> tuple[Opening, ...]:
    """What the pack's customers ask: its field's questions; of a second language those of its categories."""
    if pack.language == "en":
        wanted = {category.value for category in pack.categories}
        return tuple(one for one in select(choice) if one.language == "en" and one.category in wanted)
    return tuple(one for one in select(choice, pack.field) if one.language == pack.language)


def crowd(pack: Pack, count: int, choice: Choice, seed: int, policy: Policy) -> Crowd:
    """`count` customers: every question once before one comes again with another person, order and words.

    Whom the team's rules keep from every helper (VIP, anger, a high-value order, a complaint) is counted and
    replaced by the next.
    """
    openings = list(openings_of(pack, choice))
    rng = random.Random(f"{seed}:{pack.id}:{choice}")
    guests: list[Guest] = []
    kept: Counter[str] = Counter()
    deck: list[Opening] = []
    for index in range(count * _MOST_TRIED):
        if len(guests) == count or not openings:
            break
        deck = deck or rng.sample(openings, len(openings))
        case = make_case(deck.pop(), seed, NOW, index, reworded=index >= len(openings))
        why = why_kept(case, pack, policy)
        others = [reason for reason in why if reason != OTHER_FIELD]
        if others:
            kept[others[0]] += 1
        else:
            guests.append(Guest(case=case, is_routed=not why))
    asked = {guest.case.opening.id for guest in guests}
    return Crowd(guests=tuple(guests), openings=len(asked), kept_away=dict(kept))


def why_kept(case: Case, pack: Pack, policy: Policy) -> tuple[str, ...]:
    """The reasons for which routing would not give this customer to a helper with `pack`."""
    named = {category.value for procedure in pack.procedures for category in procedure.categories}
    categories = frozenset(category.value for category in pack.categories)
    reasons = why_unfit(ticket_of(case, policy), categories, frozenset(named), policy)
    if OTHER_FIELD in reasons and case.opening.category in ("complaint", "risk"):
        return ("never", *reasons)
    return reasons


def ticket_of(case: Case, policy: Policy) -> Ticket:
    """The ticket as triage makes it of the words, the person and the order."""
    reading = read(list(case.messages))
    order = case.order
    return Ticket(
        id="t", number=1, version=1, status=Status.NEW, priority=Priority.NORMAL,
        category=Category(reading.category), class_=Class(reading.class_), mood=reading.mood,
        channel=case.channel, customer=CustomerRef(id=case.person.id, name=case.person.name,
                                                   tier=Tier(case.person.tier)),
        created_at=NOW, updated_at=NOW, order=order.number if order else None,
        high_value=order is not None and float(order.total) >= policy.limits.high_value,
    )  # fmt: skip


def distinct(guests: Sequence[Guest]) -> int:
    """How many different questions these customers have."""
    return len({guest.case.opening.id for guest in guests})
