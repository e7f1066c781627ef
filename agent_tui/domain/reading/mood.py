"""How a customer sounds, by a table of words, signs and kinds of messages."""

import re
from collections.abc import Set
from functools import cache

from msgspec import Struct

from agent_tui.domain.models import Mood
from agent_tui.domain.reading import kinds
from agent_tui.domain.reading.lexicon import Lexicon, table
from agent_tui.domain.reading.rules import IdeaRule, rule_of, unknown_ideas
from agent_tui.domain.reading.said import Kind

# That something dangerous was said.
DANGER = "danger"


class _MoodTables(Struct, frozen=True):
    words: Lexicon
    ideas: frozenset[str]
    signs: dict[str, re.Pattern[str]]
    moods: tuple[tuple[Mood, tuple[IdeaRule, ...]], ...]


@cache
def _tables() -> _MoodTables:
    raw = table("mood.toml")
    words: dict[str, list[str]] = raw["words"]
    signs = {sign: re.compile(pattern) for sign, pattern in raw["signs"].items()}
    moods = tuple((Mood(mood), tuple(map(rule_of, rules))) for mood, rules in raw["mood"].items())
    return _MoodTables(Lexicon(words), frozenset(words) | signs.keys(), signs, moods)


def problems() -> tuple[str, ...]:
    """What the table says in vain: ideas without words."""
    known = _tables().ideas | kinds.ideas_known() | {kind.value for kind in Kind} | {DANGER}
    return tuple(one for mood, rules in _tables().moods for one in unknown_ideas(mood, rules, known))


def ideas_in(typed: str, spelled: str) -> frozenset[str]:
    """This table's ideas and signs in words as they were `typed` and as they are `spelled` for reading."""
    tables = _tables()
    signs = {sign for sign, pattern in tables.signs.items() if pattern.search(typed)}
    return frozenset(tables.words.meanings(spelled) | signs)


def mood_of(typed: str, spelled: str, beside: Set[str]) -> Mood:
    """The mood of words as they were `typed` and as they are `spelled` for reading.

    `beside` are the ideas and kinds that `kinds` has read in them.
    """
    ideas = ideas_in(typed, spelled) | beside
    held = (mood for mood, rules in _tables().moods if any(rule.holds(ideas) for rule in rules))
    return next(held, Mood.CALM)
