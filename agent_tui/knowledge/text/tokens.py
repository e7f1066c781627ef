"""Tokenizer and normal form: NFKC, case folding, simplified characters, cut into units with readings."""

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from agent_tui.knowledge.text.tables import Tables, tables

_UNIT = re.compile(r"[a-z]+|[0-9]+|[^\W_]")
_LETTERS = re.compile(r"[a-z]+|[0-9]+")
_GAP = re.compile(r"[\W_]+")
_ACCENT_FOLDS = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("ngg", "n"), ("ng", "n"), ("n", "l"), ("f", "h"), ("hua", "ha"),
    ("huo", "ho"), ("hui", "hei"),
)  # fmt: skip

_MOST_LEFT_OUT = 3
_VARIANTS = {"帐": "账"}

Key = str | int


class _Fold(dict[int, str]):
    """Code point → searchable form, worked out once each: NFKC, lower case, no accents, simplified."""

    def __missing__(self, code: int) -> str:
        simplified = tables().simplified
        folded = "".join(
            _VARIANTS.get(plain := simplified.get(char, char), plain)
            for piece in unicodedata.normalize("NFKC", chr(code)).casefold()
            for char in _without_marks(piece)
        )
        self[code] = folded
        return folded


def _without_marks(char: str) -> str:
    """`é` as `e`, and `ü` in any tone as `v`, which is how it is typed."""
    parts = unicodedata.normalize("NFD", char)
    if parts[0] == "u" and "\u0308" in parts:
        return "v"
    if len(parts) > 1 and "a" <= parts[0] <= "z":
        return parts[0]
    return "" if unicodedata.combining(char) else char


_FOLD = _Fold()


def normalize(text: str) -> str:
    """`text` in the one form that is compared: NFKC, case folded, simplified, without accents."""
    return text.translate(_FOLD)


def origins(text: str) -> list[int]:
    """For each code point of `normalize(text)` the place in `text` it comes from."""
    return [place for place, char in enumerate(text) for _ in _FOLD[ord(char)]]


class Unit(Struct, frozen=True):
    """One Han character, one word of letters, or one number of a normalized text.

    `keys` are what a query may hit: the text itself, then the numbers of its readings (the most frequent
    first), each with 1 when words seldom use it; `spellings` are the letters each reading is typed with.
    """

    text: str
    keys: tuple[tuple[Key, int], ...]
    spellings: tuple[str, ...]
    common: tuple[str, ...]
    is_word: bool


@lru_cache(maxsize=65536)
def unit_of(text: str) -> Unit:
    """The unit for a piece that `spans` cut."""
    if _LETTERS.match(text):
        return Unit(text, ((text, 0),), (text,), (text,), is_word=True)
    known: Tables = tables()
    readings = known.readings(text)
    if not readings:
        stand_in = chr(97 + ord(text) % 26)
        return Unit(text, ((text, 0),), (stand_in,), (stand_in,), is_word=False)
    spelt = tuple(known.syllables[reading] for reading in readings)
    common = tuple(known.syllables[reading] for reading in known.common_readings(text))
    keys = [(reading, int(place >= len(common))) for place, reading in enumerate(readings)]
    return Unit(text, ((text, 0), *keys), spelt, common, is_word=False)


def units(normal: str) -> list[Unit]:
    """The units of a normalized text, punctuation and spaces left out."""
    return [unit_of(piece) for piece in _UNIT.findall(normal)]


@lru_cache(maxsize=4096)
def spans(normal: str) -> tuple[tuple[int, int], ...]:
    """Where each unit of `units(normal)` stands in the normalized text."""
    return tuple([found.span() for found in _UNIT.finditer(normal)])


def joined(normal: str) -> str:
    """The normalized text without spaces and punctuation."""
    return "".join(_UNIT.findall(normal))


def fold_accent(letters: str) -> str:
    """Letters with the pairs that southern accents confuse made one (zh z, n l, ing in, f h)."""
    for pair, one in _ACCENT_FOLDS:
        letters = letters.replace(pair, one)
    return letters


def left_out(found: list[Unit]) -> list[bool]:
    """For each unit whether it may be left out: a word or two of letters or digits amid Chinese."""
    may = [False] * len(found)
    if not any(unit.is_word for unit in found):
        return may
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].is_word:
            end += 1
        if 0 < start < end < len(found) and end - start <= _MOST_LEFT_OUT:
            may[start:end] = [True] * (end - start)
        start = max(end, start + 1)
    return may


def spell(found: list[Unit]) -> str:
    """How units are typed in pinyin, by their most frequent readings."""
    return "".join([unit.spellings[0] for unit in found])


def spellings(found: list[Unit], most: int = 3) -> list[str]:
    """The likeliest ways to type units in pinyin: all first readings, then one other reading at a time."""
    first = [unit.spellings[0] for unit in found]
    ways = ["".join(first)]
    for place, unit in enumerate(found):
        if len(ways) >= most:
            break
        ways.extend("".join((*first[:place], other, *first[place + 1 :])) for other in unit.common[1:2])
    return ways


def spaced(text: str) -> str:
    """The normal form of `text` with every run of spaces and punctuation made one space."""
    return _GAP.sub(" ", normalize(text)).strip()
