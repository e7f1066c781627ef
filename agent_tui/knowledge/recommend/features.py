"""Feature hashing (Weinberger et al. 2009) of a conversation: n-grams, apart for who said them and when.

Six groups: the last message; the one before it; what the customer said; what the agent said; the agent's
whole lines (canned texts come back word for word); and the shape of the conversation. Hashes are the same
on every machine.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

from agent_tui.knowledge.recommend.usage_log import CONTEXT_MESSAGES, Said
from agent_tui.knowledge.text.tokens import normalize

LAST, BEFORE, CUSTOMER, AGENT, LINES, SHAPE = range(6)
GROUPS = 6
GROUP_SHIFT = 28
_MASK = (1 << GROUP_SHIFT) - 1
_DECAY = 0.8
_LONGEST = 4
_MOST_UNITS = 400

_UNIT = re.compile(r"[a-z]+|\d+|[^\W\d_]|[?!]")
_EDGE = crc32(b"edge")

Array = Any


class Features(NamedTuple):
    """Feature numbers (ascending, the group in the top bits) and how strongly each is present."""

    ids: Array
    counts: Array


@lru_cache(maxsize=65536)
def _hash(unit: str) -> int:
    return crc32(("0" if unit[0].isdigit() else unit).encode())


@lru_cache(maxsize=65536)
def word_pieces(word: str, shortest: int = 3, longest: int = 4) -> tuple[int, ...]:
    """Hashes of the pieces of a Latin word, its edges marked by spaces."""
    padded = f" {word} "
    return tuple(
        crc32(padded[at : at + size].encode()) ^ 0x5BD1E995
        for size in range(shortest, longest + 1)
        for at in range(len(padded) - size + 1)
    )


def units_of(text: str) -> list[str]:
    """Characters, Latin words, numbers, question and exclamation marks of `text`, normalized."""
    return _UNIT.findall(normalize(text))[:_MOST_UNITS]


def grams(units: Sequence[str], longest: int = _LONGEST, *, edges: bool = False) -> Array:
    """Hashes of all n-grams of `units` up to `longest`, and of the pieces of Latin words."""
    import numpy as np

    hashes = [_hash(unit) for unit in units]
    if edges and hashes:
        hashes = [_EDGE, *hashes, _EDGE]
    single = np.array(hashes, dtype=np.uint64)
    rolled, found = single, [single]
    for size in range(2, min(longest, len(hashes)) + 1):
        rolled = (rolled[:-1] * np.uint64(0x9E3779B97F4A7C15)) ^ (single[size - 1 :] + np.uint64(size))
        rolled ^= rolled >> np.uint64(29)
        found.append(rolled)
    pieces = [
        piece
        for unit in units
        if len(unit) > 2 and unit.isascii() and unit.isalpha()
        for piece in word_pieces(unit)
    ]
    if pieces:
        found.append(np.array(pieces, dtype=np.uint64))
    return np.concatenate(found)


def features(messages: Sequence[Said], category: str = "") -> Features:
    """The features of a conversation, from its last eight messages."""
    import numpy as np

    said = [message for message in messages[-CONTEXT_MESSAGES:] if message.text.strip()]
    ids, counts = [np.empty(0, np.uint32)], [np.empty(0)]

    def add(group: int, hashes: Array, weight: float) -> None:
        ids.append(((hashes & np.uint64(_MASK)) | np.uint64(group << GROUP_SHIFT)).astype(np.uint32))
        counts.append(np.full(len(hashes), weight))

    cut = [units_of(message.text) for message in said]
    for back, (message, units) in enumerate(zip(reversed(said), reversed(cut), strict=True)):
        weight = _DECAY**back
        add(CUSTOMER if message.side == "customer" else AGENT, grams(units), weight)
        if message.side == "agent":
            add(LINES, _line(units, "line"), weight)
        if back <= BEFORE:
            add(back, grams(units, edges=True) ^ np.uint64(crc32(message.side.encode())), 1.0)
    add(SHAPE, _shape(said, len(messages), category), 1.0)
    return _summed(np.concatenate(ids), np.concatenate(counts))


def _summed(ids: Array, counts: Array) -> Features:
    import numpy as np

    unique, where = np.unique(ids, return_inverse=True)
    return Features(unique, np.log1p(np.bincount(where, weights=counts)).astype(np.float32))


def _line(units: Sequence[str], mark: str) -> Array:
    import numpy as np

    whole = "".join("0" if unit[0].isdigit() else unit for unit in units)
    return np.array([crc32(f"{mark}:{whole}".encode())], dtype=np.uint64)


def _shape(said: Sequence[Said], length: int, category: str) -> Array:
    """Who spoke in what order, how far the conversation is, and its category."""
    import numpy as np

    order = "".join(message.side[0] for message in said)
    marks = [
        f"order:{order[-3:]}",
        f"last:{order[-1:]}",
        f"length:{min(length, 12)}",
        f"first:{length <= 1}",
        f"agents:{min(order.count('a'), 4)}",
        f"words:{min(len(said[-1].text) // 6, 6) if said else 0}",
    ]
    if category:
        marks.append(f"category:{category}")
    return np.array([crc32(mark.encode()) for mark in marks], dtype=np.uint64)
