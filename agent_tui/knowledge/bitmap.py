"""Signatures of many titles turned on their side: a row of bits for each pair of letters, ANDed in numpy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent_tui.knowledge.signature import BITS, places

Groups = Sequence[Sequence[int]]
_CHUNK = 8192
_MOST_BITS = 12
_BYTES = BITS // 8


class Bitmap:
    """The signatures of `count` titles; bit `t` of row `b` says whether title `t` has the pair `b`."""

    def __init__(self, rows: NDArray[np.uint8], count: int) -> None:
        self.rows = rows
        self.count = count
        self._common = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)

    @classmethod
    def build(cls, signatures: Sequence[int]) -> "Bitmap":
        """Turn signatures into rows, a few thousand titles at a time to stay small in memory."""
        parts = []
        for start in range(0, len(signatures), _CHUNK):
            some = signatures[start : start + _CHUNK]
            packed = b"".join([one.to_bytes(_BYTES, "little") for one in some])
            table = np.frombuffer(packed, np.uint8).reshape(len(some), _BYTES)
            bits = np.unpackbits(table, axis=1, bitorder="little")
            parts.append(np.packbits(bits.T, axis=1, bitorder="little"))
        return cls(np.concatenate(parts, axis=1), len(signatures))

    @classmethod
    def from_bytes(cls, packed: bytes, count: int) -> "Bitmap":
        """The bitmap that `to_bytes` wrote; ValueError when the bytes do not fit."""
        return cls(np.frombuffer(packed, np.uint8).reshape(BITS, (count + 7) // 8), count)

    def to_bytes(self) -> bytes:
        """The rows one after another."""
        return self.rows.tobytes()

    def matching(self, groups: Groups) -> list[int]:
        """The titles that have, for every group, all the bits of at least one of its masks."""
        kept: NDArray[np.uint8] | None = None
        for group in groups:
            any_of = self._any(group)
            kept = any_of if kept is None else kept & any_of
        if kept is None:
            return []
        found: list[int] = np.flatnonzero(np.unpackbits(kept, count=self.count, bitorder="little")).tolist()
        return found

    def shared(self, mask: int) -> NDArray[np.uint8]:
        """For each title how many bits of `mask` it has, at most 255."""
        total = np.zeros(self.count, np.uint8)
        for place in places(mask)[:255]:
            total += np.unpackbits(self.rows[place], count=self.count, bitorder="little")
        return total

    def best_shared(self, mask: int, least: int, most: int) -> list[int]:
        """The titles that share at least `least` bits with `mask`, those that share most first."""
        total = self.shared(mask)
        places_of = np.flatnonzero(total >= least)
        order = np.argsort(-total[places_of].astype(np.int16), kind="stable")[:most]
        best: list[int] = places_of[order].tolist()
        return best

    def _rarest(self, mask: int) -> NDArray[np.intp]:
        """The bits of `mask` that tell most; a dozen are enough to leave few candidates."""
        set_bits = np.array(places(mask), np.intp)
        if len(set_bits) <= _MOST_BITS:
            return set_bits
        return set_bits[np.argsort(self._common[set_bits], kind="stable")[:_MOST_BITS]]

    def _any(self, group: Sequence[int]) -> NDArray[np.uint8]:
        kept: NDArray[np.uint8] | None = None
        for mask in group:
            every = np.bitwise_and.reduce(self.rows[self._rarest(mask)], axis=0)
            kept = every if kept is None else kept | every
        assert kept is not None
        return kept
