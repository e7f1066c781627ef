"""Danger and mood, decided by the rules and by what was learned together.

The rules say by which ideas; the weights say how far these and the other words can be trusted. What the
rules heard are clues among the words, so that a rule that is often wrong is outvoted. Without weights the
rules decide.
"""

import re
from collections.abc import Mapping, Set
from itertools import combinations

from agent_tui.domain.models import Danger, Mood
from agent_tui.domain.reading import danger, mood
from agent_tui.domain.reading.category import subjects_in
from agent_tui.domain.reading.learned import ANGRY, ANY, UPSET, Learned, shipped
from agent_tui.domain.reading.said import DangerFound

# What a rule alone decides: the words for it are few and plain, and nothing is worse to miss.
CERTAIN = frozenset({Danger.SELF_HARM})
_CLAUSE_ENDS = re.compile(r"[，。！？；、,.!?;\n]+|(?<=[\u3400-\u9fff])\s+")
# A message that carries more ideas than this says no more by pairs of them.
_PAIRED = 16


def dangers_in(text: str, at: int = 0, learned: Learned | None = None) -> tuple[DangerFound, ...]:
    """The dangers in one message, spelled for reading, which stands at place `at`."""
    ruled = danger.dangers_in(text, at)
    learned = learned or shipped()
    if learned is None:
        return ruled
    scores = learned.scores(text, danger_clues(text, ruled))
    if ruled and scores[ANY] < 0:
        alone = (learned.scores(clause, danger_clues(clause, heard)) for clause, heard in ruled_clauses(text))
        scores = max((scores, *alone), key=lambda one: one[ANY])
    named = {one.danger: one for one in ruled}
    return tuple(
        named.get(one) or DangerFound(danger=one, words=learned.reasons(text, one), at=at)
        for one in _named(scores, named.keys())
    )


def ruled_clauses(text: str) -> list[tuple[str, tuple[DangerFound, ...]]]:
    """The clauses in which a rule hears danger: what else a message asks outvotes none of it."""
    heard = ((clause, danger.dangers_in(clause)) for clause in _CLAUSE_ENDS.split(text))
    return [(clause, found) for clause, found in heard if found]


def _named(scores: Mapping[str, float], ruled: Set[Danger]) -> list[Danger]:
    """The dangers that these scores and the rules name together, none where `ANY` is below its line."""
    certain = ruled & CERTAIN
    if scores[ANY] < 0:
        return [one for one in Danger if one in certain]
    heard = {one for one in Danger if scores[one] >= 0} | certain
    heard = heard or set(ruled) or {max(Danger, key=lambda one: scores[one])}
    return [one for one in Danger if one in heard]


def mood_of(typed: str, spelled: str, beside: Set[str], learned: Learned | None = None) -> Mood:
    """The mood of words as they were `typed` and as they are `spelled` for reading.

    `beside` are the ideas, kinds and dangers that were read in them.
    """
    ruled = mood.mood_of(typed, spelled, beside)
    learned = learned or shipped()
    if learned is None:
        return ruled
    scores = learned.scores(spelled, mood_clues(typed, spelled, beside, ruled))
    if scores[ANGRY] >= 0:
        return Mood.ANGRY
    if scores[UPSET] < 0:
        return Mood.CALM
    return Mood.ANXIOUS


def danger_clues(text: str, ruled: tuple[DangerFound, ...]) -> set[str]:
    """What the rules for danger heard in a text: dangers, ideas, and which of these stand together."""
    ideas = sorted(danger.ideas_in(text))
    found = {f"d {one.danger}" for one in ruled} | ({"d any"} if ruled else set())
    found.update(f"d.{idea}" for idea in ideas)
    return found | {f"d.{first}.{last}" for first, last in combinations(ideas[:_PAIRED], 2)}


def mood_clues(typed: str, spelled: str, beside: Set[str], ruled: Mood) -> set[str]:
    """What the rules for moods heard in a text, and what was read in it beside."""
    found = {f"m {ruled}", _length(spelled)}
    found.update(f"m.{idea}" for idea in mood.ideas_in(typed, spelled) | beside)
    return found | {f"t.{idea}" for idea in subjects_in(spelled)}


def _length(text: str) -> str:
    """How long a text is, by powers of two: what is said in two words is said otherwise than in twenty."""
    return f"long {min(len(text).bit_length(), 7)}"
