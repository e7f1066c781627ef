"""Bit-sliced signatures (bit-sliced index, O'Neil & Quass 1997): a row of bits a bigram, ANDed in numpy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent_tui.knowledge.search.bigrams import BITS, places

Groups = Sequence[Sequence[int]]
_CHUNK = 8192
_MOST_BITS = 12
_BYTES = BITS // 8
_ALL = (1 << 64) - 1


class Bitmap:
    """The signatures of `count` titles; bit `t` of row `b` says whether title `t` has the pair `b`."""

    def __init__(self, rows: NDArray[np.uint8], count: int) -> None:
        self.count = count
        wide = rows.shape[1]
        padded = np.zeros((BITS, (wide + 7) // 8 * 8), np.uint8)
        padded[:, :wide] = rows
        self._rows = padded.view(np.uint64)
        self._common: list[int] = np.bitwise_count(self._rows).sum(axis=1, dtype=np.int64).tolist()

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
        return self._rows.view(np.uint8)[:, : (self.count + 7) // 8].tobytes()

    def matching(self, groups: Groups) -> list[int]:
        """The titles that have, for every group, all the bits of at least one of its masks."""
        kept: NDArray[np.uint64] | None = None
        for group in groups:
            any_of = self._any(group)
            kept = any_of if kept is None else kept & any_of
        if kept is None:
            return []
        packed = kept.view(np.uint8)
        some = np.flatnonzero(packed)
        bits = np.flatnonzero(np.unpackbits(packed[some], bitorder="little"))
        found: list[int] = ((some[bits >> 3] << 3) + (bits & 7)).tolist()
        return found

    def shared(self, mask: int) -> NDArray[np.uint8]:
        """For each title how many bits of `mask` it has, at most 255.

        The counts are kept as planes of binary digits, so that 64 titles are counted by a few operations.
        """
        planes: list[NDArray[np.uint64]] = []
        for place in places(mask)[:255]:
            carry = self._rows[place]
            for digit, plane in enumerate(planes):
                planes[digit], carry = plane ^ carry, plane & carry
            if not planes or carry.any():
                planes.append(carry)
        total = np.zeros(self.count, np.uint8)
        for digit, plane in enumerate(planes):
            ones = np.unpackbits(plane.view(np.uint8), count=self.count, bitorder="little")
            total += ones << digit
        return total

    def best_shared(self, mask: int, least: int, most: int) -> list[int]:
        """The titles that share at least `least` bits with `mask`, those that share most first."""
        total = self.shared(mask)
        places_of = np.flatnonzero(total >= least)
        order = np.argsort(-total[places_of].astype(np.int16), kind="stable")[:most]
        best: list[int] = places_of[order].tolist()
        return best

    def _rarest(self, mask: int) -> list[int]:
        """The bits of `mask` that tell most; a dozen are enough to leave few candidates."""
        return sorted(places(mask), key=self._common.__getitem__)[:_MOST_BITS]

    def _any(self, group: Sequence[int]) -> NDArray[np.uint64]:
        kept = np.zeros(self._rows.shape[1], np.uint64)
        for mask in group:
            every = np.full(self._rows.shape[1], _ALL, np.uint64)
            for place in self._rarest(mask):
                every &= self._rows[place]
            kept |= every
        return kept
