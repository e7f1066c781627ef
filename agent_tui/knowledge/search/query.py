"""What was typed, prepared: its words, the ways to spell it, and which signatures can hold it."""

from functools import cached_property

from agent_tui.knowledge.search.bigrams import folded_pairs, typed_pairs
from agent_tui.knowledge.text.tokens import fold_accent, spaced, spell, spellings, units

LONGEST = 64


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
