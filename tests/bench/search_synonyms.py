"""Queries that say a title in other words, by pairs that were written for the recommendations.

The pairs are those of `same_words.toml`, which the palette does not read: a word of a title is replaced by
another of its list, in the whole title or in a piece of it, in characters or in pinyin. Beside them queries
written by hand for titles drawn by lot (`said_otherwise.tsv`), before it was looked whether they are found.
"""

import random
import re
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from pypinyin import lazy_pinyin

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LEAST = 2
BY_HAND = Path(__file__).with_name("said_otherwise.tsv")

Queries = dict[str, list[tuple[str, int]]]
Other = Callable[[str, random.Random], str | None]


def _lists() -> list[list[str]]:
    """The lists' Chinese words of two characters or more."""
    text = (files("agent_tui.knowledge") / "data" / "same_words.toml").read_text("utf-8")
    found = [
        [word for word in words if _HAN.fullmatch(word) and len(word) >= _LEAST]
        for words in tomllib.loads(text).values()
    ]
    return [words for words in found if len(words) > 1]


def _reworded(title: str, chance: random.Random) -> tuple[str, int] | None:
    """The title with one of its words replaced, and where the new word stands."""
    held = [(words, word) for words in _lists() for word in words if word in title]
    if not held:
        return None
    words, word = chance.choice(sorted(held))
    other = chance.choice(
        [one for one in words if one != word and one not in title and word not in one] or [""]
    )
    return (title.replace(word, other, 1), title.index(word)) if other else None


def whole(title: str, chance: random.Random) -> str | None:
    """The whole title with one word replaced."""
    found = _reworded(title, chance)
    return found[0] if found else None


def piece(title: str, chance: random.Random) -> str | None:
    """Six to ten characters around the new word."""
    found = _reworded(title, chance)
    if not found:
        return None
    said, at = found
    start = max(0, at - chance.randint(0, 4))
    return said[start : start + chance.randint(6, 10)]


def typed(title: str, chance: random.Random) -> str | None:
    """The same piece in pinyin."""
    said = piece(title, chance)
    return "".join(lazy_pinyin("".join(_HAN.findall(said)))) if said else None


MAKERS: tuple[Other, ...] = (whole, piece, typed)


def queries(titles: list[str], each: int, seed: int = 3) -> Queries:
    """For each kind up to `each` queries, with the number of the title each was made from."""
    made: Queries = {}
    for maker in MAKERS:
        chance = random.Random(f"{seed} {maker.__name__}")
        found = made.setdefault(maker.__name__, [])
        for number in chance.choices(range(len(titles)), k=each * 12):
            said = maker(titles[number], chance) if len(found) < each else None
            if said:
                found.append((said, number))
    return made | {"by_hand": _by_hand(titles)}


def _by_hand(titles: list[str]) -> list[tuple[str, int]]:
    rows = [line.split("\t") for line in BY_HAND.read_text("utf-8").splitlines()]
    place = {title: number for number, title in enumerate(titles)}
    return [(said, place[title]) for title, said in rows if title in place]
