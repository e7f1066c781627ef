"""Choosing: probabilities to what is shown, in which order, and whether it is sure enough.

What is untrue of the order is never shown. Danger's own entries come first whatever the ranking says; an
answer that asks for the order comes before those that assume one; each of two questions has its answer in
front.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from agent_tui.domain.conditions import Fit
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading import ConversationReading, Danger
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.calibration import Calibration
from agent_tui.knowledge.recommend.signals import Question
from agent_tui.knowledge.recommend.situation import Advice, Guess

Array = Any

RECOMMENDED = 3
_UNTRUE = 6
_OLDER = 0.8


class Contenders(Struct, frozen=True, kw_only=True):
    """Every entry with what is known of it; `chances` has one array a question."""

    entries: Sequence[Entry]
    is_open: Array
    fits: Sequence[Fit]
    chances: Sequence[Array]
    why: Callable[[int, int], tuple[str, str]]
    asks: Array
    dangers: Sequence[Mapping[Danger, float]]
    languages: frozenset[str]
    are_alike: Callable[[int, int], bool]


def chosen(
    contenders: Contenders,
    questions: Sequence[Question],
    reading: ConversationReading,
    facts: OrderFacts,
    limit: int,
    weights: Calibration,
) -> Guess:
    """The guess that `contenders` come to."""
    ranking = _Ranking(contenders, facts, weights)
    order = ranking.order(limit, frozenset(found.danger for found in reading.dangers))
    advice = tuple(ranking.advice(entry, reason) for entry, reason in order)
    # Who is in danger, or has only said hello, has asked nothing and still wants an answer.
    is_asked = bool(reading.dangers) or reading.is_vague or not all(one.asks_nothing for one in questions)
    offered = (
        _offered([entry for entry, _ in order], advice, contenders.are_alike, weights) if is_asked else ()
    )
    return Guess(
        advice=advice,
        offered=offered,
        is_certain=bool(offered) and offered[0].score >= weights.lines.certain,
        questions=tuple(one.words for one in questions),
        untrue=tuple(ranking.advice(entry, "") for entry in ranking.untrue()),
        reading=reading,
        facts=facts,
    )


def _offered(
    places: Sequence[int],
    advice: Sequence[Advice],
    are_alike: Callable[[int, int], bool],
    weights: Calibration,
) -> tuple[Advice, ...]:
    """What stands on digits: the first where it is sure enough, beside it what is not beside the point.

    What says the same as one that stands there already takes no digit from another answer: where the first
    is wrong, its twin is too (maximal marginal relevance, Carbonell & Goldstein 1998).
    """
    lines = weights.lines
    first = advice[0] if advice else None
    if first is None or (first.score < lines.shown and first.why != "danger"):
        return ()
    near = [(place, one) for place, one in zip(places, advice, strict=True) if one.score >= lines.beside]
    kept = [(places[0], first)]
    for place, one in near:
        if len(kept) < RECOMMENDED and not any(are_alike(place, other) for other, _ in kept):
            kept.append((place, one))
    chosen_ones = [one for _, one in kept]
    twins = [one for _, one in near if one not in chosen_ones]
    return tuple([*chosen_ones, *twins][:RECOMMENDED])


class _Ranking:
    def __init__(self, contenders: Contenders, facts: OrderFacts, weights: Calibration) -> None:
        import numpy as np

        self._of = contenders
        self._facts = facts
        chances = np.stack(contenders.chances)
        self._question = chances.argmax(axis=0)
        self._best = chances.max(axis=0)
        self._chances = chances
        holds = np.array([fit.holds is not False for fit in contenders.fits])
        self._may = contenders.is_open & holds
        self._untrue = contenders.is_open & ~holds
        self._calibration = weights

    def order(self, limit: int, dangers: frozenset[Danger]) -> list[tuple[int, str]]:
        """The entries to show, best first, each with a reason that overrides its own."""
        by_chance = self._sorted(self._best, self._may)
        front = [(one, "danger") for one in self._against(dangers, by_chance)]
        front += [(one, "") for one in self._heads()]
        if (asking := self._asking(front[0][0] if front else None)) is not None:
            front.insert(0, (asking, "asks"))
        placed = dict(reversed(front))
        listed = [*dict.fromkeys(one for one, _ in front), *(one for one in by_chance if one not in placed)]
        return [(one, placed.get(one, "")) for one in listed[: max(limit, 0)]]

    def _against(self, dangers: frozenset[Danger], by_chance: Sequence[int]) -> list[int]:
        """What is written for these dangers, the most of it first."""
        written = {
            one: self._best[one] * share
            for one in by_chance
            if self._of.entries[one].language in self._of.languages
            and (share := max((self._of.dangers[one].get(danger, 0.0) for danger in dangers), default=0.0))
        }
        return sorted(written, key=lambda one: -written[one])[:RECOMMENDED]

    def untrue(self) -> list[int]:
        """What would answer better than nothing and is not true of the order."""
        found = self._sorted(self._best, self._untrue)[:_UNTRUE]
        return [one for one in found if self._best[one] >= self._calibration.lines.stars[0]]

    def advice(self, entry: int, reason: str) -> Advice:
        """One entry as it is recommended."""
        question, chance = int(self._question[entry]), float(self._best[entry])
        why, because = (reason, "") if reason else self._of.why(entry, question)
        if reason == "asks":
            chance = max(chance, float(self._best[self._may].max()))
        return Advice(
            entry=self._of.entries[entry], score=round(chance, 4), why=why, because=because,
            stars=self._calibration.stars(chance), fit=self._of.fits[entry], question=question,
        )  # fmt: skip

    def _heads(self) -> list[int]:
        """The best entry for each question, the most probable first; the newest question is the topic."""
        heads: dict[int, float] = {}
        for place, chances in enumerate(self._chances):
            left = self._sorted(chances, self._may)
            if left and left[0] not in heads:
                is_newest = place == len(self._chances) - 1
                heads[left[0]] = float(chances[left[0]]) * (1 if is_newest else _OLDER)
        return sorted(heads, key=lambda one: -heads[one])

    def _asking(self, first: int | None) -> int | None:
        """An answer that asks for the order, where the best one hangs on what is not known of it."""
        if first is None or not self._facts.no_order or self._of.fits[first].holds is not None:
            return None
        asking = self._sorted(self._best, self._may & (self._of.asks > 0))
        return asking[0] if asking else None

    @staticmethod
    def _sorted(chances: Array, may: Array) -> list[int]:
        import numpy as np

        places = np.flatnonzero(may)
        return [int(one) for one in places[np.argsort(-chances[places], kind="stable")]]
