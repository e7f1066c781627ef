"""A plain keyword reading of a customer's words: category, class, mood and whether they are urgent."""

import tomllib
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert

from agent_tui.domain.models import Category, Class, Mood
from agent_tui.domain.text import fold

# A word of these says more than any number of words about goods: who complains about a parcel, complains.
GRAVE = frozenset({Category.RISK, Category.COMPLAINT})
GRAVITY = 4
EXPERT = frozenset({Category.RISK, Category.ACCOUNT})
PROCEDURE = frozenset(
    {Category.RETURN, Category.EXCHANGE, Category.REFUND, Category.QUALITY, Category.COMPLAINT}
)


class _Words(Struct, frozen=True):
    words: tuple[str, ...]


class _Tables(Struct, frozen=True):
    category: dict[Category, tuple[str, ...]]
    class_: dict[Class, tuple[str, ...]]
    mood: dict[Mood, tuple[str, ...]]
    urgent: _Words


class Reading(Struct, frozen=True, kw_only=True):
    """What the words alone say."""

    category: Category
    class_: Class
    mood: Mood
    is_urgent: bool


@cache
def _tables() -> _Tables:
    raw = tomllib.loads(files(__package__).joinpath("reading.toml").read_text("utf-8"))
    raw["class_"] = raw.pop("class")
    return convert(raw, _Tables)


def _hits(words: tuple[str, ...], text: str) -> int:
    return sum(len(word) for word in words if word in text)


def _category(text: str) -> Category:
    best, score = Category.OTHER, 0
    for category, words in _tables().category.items():
        hits = _hits(words, text) * (GRAVITY if category in GRAVE else 1)
        if hits > score:
            best, score = category, hits
    return best


def _class(category: Category, text: str) -> Class:
    for class_, words in _tables().class_.items():
        if _hits(words, text):
            return class_
    if category in EXPERT:
        return Class.TECHNICAL
    return Class.PROCESS if category in PROCEDURE else Class.QUERY


def _mood(text: str) -> Mood:
    for mood, words in _tables().mood.items():
        if _hits(words, text):
            return mood
    return Mood.CALM


def read(texts: list[str]) -> Reading:
    """The reading of a customer's recent messages, oldest first; the mood is that of the last two."""
    text = fold("\n".join(texts))
    category = _category(text)
    return Reading(
        category=category,
        class_=_class(category, text),
        mood=_mood(fold("\n".join(texts[-2:]))),
        is_urgent=_hits(_tables().urgent.words, text) > 0,
    )
