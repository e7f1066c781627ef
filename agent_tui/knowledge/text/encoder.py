"""A sentence encoder: short texts to unit vectors that lie close where the texts mean the same.

A deep averaging network (Iyyer et al. 2015) over hashed n-grams of characters, words and syllables (fastText,
Bojanowski et al. 2017). Its weights lie beside the other data; `docs/architecture.md` says how they are made.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any, NamedTuple
from zlib import crc32

from agent_tui.knowledge.text.tokens import normalize, unit_of

Array = Any

BUCKETS = 1 << 16
PROTOTYPE = "prototype"
_UNIT = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\W\d_a-z]|[?!]")
_PIECES = (3, 4, 5)
_MOST_UNITS = 200


class EncoderWeights(NamedTuple):
    """The table of n-grams (one byte a number, one scale a row), and the two layers above it."""

    table: Array
    scale: Array
    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array


def ngrams(text: str) -> list[int]:
    """The hashed n-grams of a text: units, their neighbours, pieces of words, syllables in pairs."""
    units = ["0" if unit[0].isdigit() else unit for unit in _UNIT.findall(normalize(text))[:_MOST_UNITS]]
    syllables = [_syllable(unit) for unit in units]
    found = [f"u{unit}" for unit in units]
    found += [f"b{one} {other}" for one, other in pairwise(units)]
    for one, between, other in zip(units, units[1:], units[2:], strict=False):
        found += (f"t{one} {between} {other}", f"s{one}_{other}")
    found += [f"p{piece}" for unit in units if unit.isascii() and unit.isalpha() for piece in _pieces(unit)]
    found += [
        f"y{syllables[place]} {syllables[place + 1]}"
        for place in range(len(units) - 1)
        if not (units[place].isascii() and units[place + 1].isascii())
    ]
    return [crc32(one.encode()) % BUCKETS for one in found]


def _pieces(word: str) -> Iterable[str]:
    held = f"<{word}>"
    return (held[at : at + size] for size in _PIECES for at in range(len(held) - size + 1))


def _syllable(unit: str) -> str:
    """How a character is typed; anything else stands for itself."""
    return unit_of(unit).spellings[0] if "\u4e00" <= unit <= "\u9fff" else unit


class SentenceEncoder:
    """Texts to vectors of `width` numbers; a text without letters is all zeros."""

    def __init__(self, weights: EncoderWeights, prototypes: tuple[Sequence[str], Array]) -> None:
        self._weights = weights
        self.width = int(weights.table.shape[1])
        self.prototypes = prototypes

    def encode(self, text: str) -> Array:
        """The vector of one text."""
        import numpy as np

        found = ngrams(text)
        if not found:
            return np.zeros(self.width, dtype=np.float32)
        known = self._weights
        mean = known.scale[found] @ known.table[found].astype(np.float32) / np.sqrt(np.float32(len(found)))
        deep = known.outer @ np.maximum(known.inner @ mean + known.inner_bias, 0) + known.outer_bias + mean
        return deep / max(float(np.linalg.norm(deep)), 1e-9)

    def encode_all(self, texts: Sequence[str]) -> Array:
        """One row a text."""
        import numpy as np

        rows = [self.encode(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.width), dtype=np.float32)


@cache
def encoder() -> SentenceEncoder:
    """The shipped encoder, read once. Its prototypes are vectors of what customers say, by entry."""
    import numpy as np

    with as_file(files("agent_tui.knowledge") / "data" / "encoder.npz") as file, np.load(file) as kept:
        weights = EncoderWeights(*(kept[name] for name in EncoderWeights._fields))
        ids = tuple(str(kept["prototype_ids"]).split("\n"))
        prototypes = kept["prototypes"].astype(np.float32) / np.float32(127)
    return SentenceEncoder(weights, (ids, prototypes))
