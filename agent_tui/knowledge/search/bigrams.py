"""Bigram signatures of texts and queries (signature files, Faloutsos & Christodoulakis 1984).

A number a text says which pairs of letters it can be typed with, so that a few ANDs give candidates. Three
regions of bits: pairs within a syllable and from any of its letters to the next one's first (so full pinyin,
initials and every mixture are subsets); first letters; pairs of the accent-folded spelling.
"""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import pairwise

from agent_tui.knowledge.text.tokens import Unit, fold_accent, left_out, spaced, spell, spellings, units

_SYMBOLS = "abcdefghijklmnopqrstuvwxyz0123456789"
_AT = {char: place for place, char in enumerate(_SYMBOLS)}
_SIZE = len(_SYMBOLS)
_FIRSTS = _SIZE * _SIZE
_FOLDED = _FIRSTS + _SIZE
BITS = (_FOLDED + _SIZE * _SIZE + 7) // 8 * 8

_PAIR = {(one, two): 1 << (_AT[one] * _SIZE + _AT[two]) for one in _SYMBOLS for two in _SYMBOLS}
_FOLDED_PAIR = {pair: bit << _FOLDED for pair, bit in _PAIR.items()}
_FIRST = {char: 1 << (_FIRSTS + place) for char, place in _AT.items()}
LONGEST = 64
_STRAY_DIGIT = re.compile(r"(?<=[^\W\d_])\d(?!\d)")


def signature(found: list[Unit], folded: str) -> int:
    """The bits of a title: `found` are its units, `folded` its accent-folded spellings joined by spaces."""
    bits = folded_pairs(folded)
    before = beyond = ""
    for unit, may_miss in zip(found, left_out(found), strict=True):
        bits |= _within(unit)
        letters, firsts = _letters(unit)
        for earlier in (before, beyond):
            if earlier:
                bits |= _across(earlier, firsts)
        if not may_miss:
            beyond = ""
        elif not beyond:
            beyond = before
        before = letters
    return bits


def typed_pairs(letters: str) -> int:
    """The bits a title must have for `letters` to be one clean way of typing a part of it."""
    bits = 0
    for pair in pairwise(letters):
        bits |= _PAIR.get(pair, 0)
    return bits if len(letters) > 1 else _FIRST.get(letters, 0)


def folded_pairs(folded: str) -> int:
    """The bits of an accent-folded spelling."""
    bits = 0
    for pair in set(pairwise(folded)):
        bits |= _FOLDED_PAIR.get(pair, 0)
    return bits


def places(bits: int) -> list[int]:
    """Which bits are set."""
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found


def _union(bits: Iterable[int]) -> int:
    total = 0
    for some in bits:
        total |= some
    return total


@lru_cache(maxsize=65536)
def _within(unit: Unit) -> int:
    inner = _union(_PAIR[pair] for spelling in unit.spellings for pair in pairwise(spelling))
    return inner | _union(_FIRST[spelling[0]] for spelling in unit.spellings)


@lru_cache(maxsize=65536)
def _letters(unit: Unit) -> tuple[str, str]:
    """Any letter a unit may end with when typed, and any it may begin with."""
    letters = {char for spelling in unit.spellings for char in spelling}
    return "".join(sorted(letters)), "".join(sorted({spelling[0] for spelling in unit.spellings}))


@lru_cache(maxsize=65536)
def _across(letters: str, firsts: str) -> int:
    return _union(_PAIR[one, two] for one in letters for two in firsts)


class Query:
    """One typed query.

    `text` is its normal form with single spaces, `words` its parts, `compact` the same without spaces,
    `bounds` where each word stands in `compact`.
    """

    def __init__(self, typed: str) -> None:
        self.text = spaced(typed[: 4 * LONGEST])[:LONGEST].strip()
        self.words = self.text.split()
        self.compact = "".join(self.words)
        self.is_latin = self.compact.isascii()
        self.bounds: list[tuple[int, int]] = []
        for word in self.words:
            start = self.bounds[-1][1] if self.bounds else 0
            self.bounds.append((start, start + len(word)))

    @property
    def without_digits(self) -> str:
        """The query without single digits behind its syllables and words: tones, and slips of the hand."""
        return _STRAY_DIGIT.sub("", self.text)

    @cached_property
    def spelt(self) -> list[str]:
        """The likeliest spellings of the whole query."""
        return spellings(units(self.compact))

    @cached_property
    def folded(self) -> str:
        """The likeliest spelling with accents folded."""
        return fold_accent(self.spelt[0])

    def together(self) -> list[list[int]]:
        """Masks for the whole query typed cleanly as one stretch of a title."""
        return [[typed_pairs(way) for way in self.spelt]]

    def apart(self) -> list[list[int]]:
        """Masks for every word typed cleanly somewhere in a title."""
        return [[typed_pairs(way) for way in spellings(units(word))] for word in self.words]

    def folded_pairs(self) -> int:
        """Every pair of letters of the words' accent-folded spellings."""
        bits = 0
        for word in self.words:
            bits |= folded_pairs(fold_accent(spell(units(word))))
        return bits

    def all_pairs(self) -> int:
        """Every pair of letters that any word is spelt with."""
        bits = 0
        for group in self.apart():
            bits |= group[0]
        return bits
