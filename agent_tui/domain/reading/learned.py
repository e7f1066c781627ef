"""What was learned from labelled messages: weights of their words and of what the rules heard in them.

`python -m tests.bench.reading_fit` writes the file. It holds numbers for strings and no code; where it is
missing or damaged nothing is known, and the rules stand alone.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from math import sqrt

import msgspec
from msgspec import Struct

from agent_tui.domain.models import Danger

FILE = "learned.msgpack"
# A clue of the rules and what lies between two words of a gram, in characters that no unit has.
CLUE, BETWEEN, PIECE = "=", "*", "~"
# How much the words of a message weigh together beside one clue, however many they are.
WORDS_WEIGH = 4.0
_UNITS = re.compile("[a-z]+(?:'[a-z]+)?|[0-9]+|[\u3400-\u9fff]|[?!]+|[\U0001f300-\U0001faff]")
_PIECES = (3, 4, 5)
_KEPT = 512

ANY, UPSET, ANGRY = "danger", "upset", "angry"
HEADS = (ANY, *map(str, Danger), UPSET, ANGRY)


class Head(Struct, frozen=True):
    """One thing that is heard or not: `line` is the score from which on it is, `unit` that of one weight."""

    name: str
    bias: float
    line: float
    unit: float


class _Weights(Struct, frozen=True):
    """The file: `weights` are whole numbers from -127 to 127, feature by feature, a byte for each head."""

    heads: tuple[Head, ...]
    features: tuple[str, ...]
    weights: bytes


class Learned:
    """Scores texts by heads; 0 is where a head calls it, by its own line."""

    def __init__(self, heads: Sequence[Head], features: Sequence[str], weights: bytes) -> None:
        """Raises ValueError where a head of `HEADS` or a weight of some feature is missing."""
        wide = len(heads)
        if {head.name for head in heads} != set(HEADS) or len(weights) != wide * len(features):
            raise ValueError(wide, len(features), len(weights))
        signed = memoryview(weights).cast("b").tolist()
        self._heads = tuple(heads)
        self._rows = {one: tuple(signed[at * wide : (at + 1) * wide]) for at, one in enumerate(features)}
        self._none = (0,) * wide
        self._at = {head.name: at for at, head in enumerate(heads)}
        self._of_words = lru_cache(maxsize=_KEPT)(self._words)

    def scores(self, text: str, clues: Iterable[str]) -> dict[str, float]:
        """By how much `text`, spelled for reading, is over each head's line, given the rules' `clues`."""
        heard = [row for clue in clues if (row := self._rows.get(CLUE + clue))]
        ruled = [sum(column) for column in zip(self._none, *heard, strict=True)]
        return {
            head.name: head.bias + head.unit * (words + rules) - head.line
            for head, words, rules in zip(self._heads, self._of_words(text), ruled, strict=True)
        }

    def reasons(self, text: str, head: str, most: int = 3) -> tuple[str, ...]:
        """The words of `text` that weigh most for `head`, at most so many, none inside another."""
        at = self._at[head]
        weighed = sorted(
            ((row[at] * len(gram), gram) for gram in grams(text) if (row := self._rows.get(gram))),
            reverse=True,
        )
        said: list[str] = []
        for weight, gram in weighed:
            word = gram.replace("_", " ")
            seen = BETWEEN not in gram and PIECE not in gram and word in text
            if weight > 0 and seen and not any(word in one or one in word for one in said):
                said.append(word)
        return tuple(said[:most])

    def _words(self, text: str) -> tuple[float, ...]:
        said = grams(text)
        share = WORDS_WEIGH / sqrt(max(len(said), 1))
        rows = [row for gram in said if (row := self._rows.get(gram))]
        return tuple(share * sum(column) for column in zip(self._none, *rows, strict=True))


def grams(text: str) -> set[str]:
    """What a text consists of: characters and Latin words, two and three in a row, two with one between them,
    and pieces of the Latin words."""
    units = _UNITS.findall(text)
    found = set(units)
    found.update(map(_joined, units, units[1:]))
    found.update(
        _joined(_joined(*pair), last) for *pair, last in zip(units, units[1:], units[2:], strict=False)
    )
    found.update(first + BETWEEN + last for first, last in zip(units, units[2:], strict=False))
    found.update(piece for word in units if len(word) > _PIECES[0] for piece in _pieces(f"<{word}>"))
    return found


def _joined(first: str, last: str) -> str:
    return f"{first}_{last}" if first.isascii() and last.isascii() else first + last


def _pieces(word: str) -> Iterable[str]:
    for size in _PIECES:
        for at in range(len(word) - size + 1):
            yield PIECE + word[at : at + size]


def decoded(packed: bytes) -> Learned | None:
    """The weights in the bytes of a file; None where it is damaged."""
    try:
        file = msgspec.msgpack.decode(packed, type=_Weights)
        return Learned(file.heads, file.features, file.weights)
    except (msgspec.MsgspecError, ValueError):
        return None


def encoded(heads: Sequence[Head], features: Sequence[str], weights: bytes) -> bytes:
    """The bytes of a file of these weights."""
    return msgspec.msgpack.encode(_Weights(tuple(heads), tuple(features), weights))


@cache
def shipped() -> Learned | None:
    """The weights that stand beside the tables; None where they are missing or damaged."""
    try:
        return decoded(files(__package__).joinpath(FILE).read_bytes())
    except OSError:
        return None
