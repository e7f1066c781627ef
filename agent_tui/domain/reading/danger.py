"""Danger in a customer's words: a thing, what happened to it and to whom, never a list of phrases."""

import re
from functools import cache

from msgspec import Struct

from agent_tui.domain.models import Danger
from agent_tui.domain.reading.lexicon import HIDING, Lexicon, WordFound, lies_in, table
from agent_tui.domain.reading.rules import IdeaRules, rule_of, unknown_ideas
from agent_tui.domain.reading.said import DangerFound

# What stands in a title is a title: 《自杀论》 is a book.
_TITLE = re.compile("《[^》]{0,40}》")


class _DangerTables(Struct, frozen=True):
    words: Lexicon
    near: dict[str, re.Pattern[str]]
    negated: frozenset[str]
    noes: tuple[str, ...]
    ideas: frozenset[str]
    rules: dict[Danger, IdeaRules]


@cache
def _tables() -> _DangerTables:
    raw = table("danger.toml")
    words: dict[str, tuple[str, ...]] = raw["words"]
    near = {idea: _pattern(**halves) for idea, halves in raw["near"].items()}
    return _DangerTables(
        words=Lexicon(words),
        near=near,
        negated=frozenset(raw["negated"]["ideas"]),
        noes=tuple(raw["negated"]["by"]),
        ideas=frozenset(words) | near.keys(),
        rules={danger: IdeaRules(map(rule_of, raw[danger]["rules"])) for danger in Danger},
    )


def _pattern(first: list[str], then: list[str], gap: int) -> re.Pattern[str]:
    """Both halves with at most `gap` characters of one sentence between them."""
    halves = ("|".join(map(re.escape, half)) for half in (first, then))
    return re.compile(rf"(?=((?:{next(halves)})[^，。！？；,.!?;\n]{{0,{gap}}}?(?:{next(halves)})))")


def problems() -> tuple[str, ...]:
    """What the table says in vain: rules that name an idea without words, ideas that no rule names."""
    tables = _tables()
    named = {
        idea for book in tables.rules.values() for rule in book.rules for idea in rule.needs | rule.unless
    }
    unknown = (
        one
        for danger, book in tables.rules.items()
        for one in unknown_ideas(danger, book.rules, tables.ideas)
    )
    return (*unknown, *(f"danger: {idea}" for idea in sorted(tables.ideas - named - {"none"})))


def dangers_in(text: str, at: int = 0) -> tuple[DangerFound, ...]:
    """The dangers in one message, which must be spelled for reading and stands at place `at`."""
    found = _heard(_TITLE.sub("", text))
    ideas = frozenset(idea for one in found for idea in one.ideas)
    dangers = []
    for danger, book in _tables().rules.items():
        said = frozenset(idea for _, rule in book.held(ideas) for idea in rule.needs)
        if said:
            words = tuple(dict.fromkeys(one.word for one in found if one.ideas & said))
            dangers.append(DangerFound(danger=danger, words=words, at=at))
    return tuple(dangers)


def ideas_in(text: str) -> frozenset[str]:
    """The ideas in one message, spelled for reading, that rules may put together."""
    return frozenset(idea for one in _heard(_TITLE.sub("", text)) for idea in one.ideas)


def _heard(text: str) -> list[WordFound]:
    """The words in `text` that carry an idea and aren't denied, pairs of them too."""
    tables = _tables()
    every = tables.words.every(text)
    hiding = [one for one in every if HIDING in one.ideas]
    found = list(every[len(hiding) :])
    for idea, pattern in tables.near.items():
        for pair in pattern.finditer(text):
            start, end = pair.span(1)
            if not lies_in(start, start + 1, hiding) and not lies_in(end - 1, end, hiding):
                found.append(WordFound(pair[1], frozenset({idea}), start, end))
    return [one for one in found if not _denied(one, text)]


def _denied(one: WordFound, text: str) -> bool:
    tables = _tables()
    return not tables.negated.isdisjoint(one.ideas) and text[: one.start].endswith(tables.noes)
