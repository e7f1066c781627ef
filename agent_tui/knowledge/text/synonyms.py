"""Synonyms: which words of a text could as well be others, by groups that a shop's people keep in a file.

The palette reads each found word also as the others of its group; the recommendations compare texts whose
words are replaced by one of each group (`Synonyms.normalized`).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from agent_tui.knowledge.text.tokens import Unit, spaced, spell, spellings, units

_LEAST_SPELT = 2

Words = tuple[str, ...]


class SynonymGroup(Struct, frozen=True, kw_only=True):
    """Words that may stand for each other: whoever types one of `typed` may mean any of `meant`.

    `unless` are longer words inside which a word of the group says something else; with `near` the text must
    hold one of these words too.
    """

    name: str
    typed: tuple[str, ...]
    meant: tuple[str, ...]
    unless: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


class Replaceable(Struct, frozen=True):
    """A stretch of units, `start` to `end`, and the ways to say it otherwise, each cut into units' texts.

    `plain` is the first word of its group; `unless` are longer words that the ways must not be part of;
    `is_english` says which language the stretch itself is.
    """

    start: int
    end: int
    ways: tuple[Words, ...]
    plain: Words
    unless: tuple[str, ...] = ()
    is_english: bool = False


class _Ready(Struct, frozen=True):
    """A group with its words cut into units' texts; `longer` are those that one of them is part of."""

    meant: tuple[Words, ...]
    longer: dict[str, tuple[str, ...]]
    unless: tuple[str, ...]
    near: tuple[str, ...]

    def others(self, words: Words) -> tuple[Words, ...]:
        return tuple(way for way in self.meant if way != words)

    def may_stand(self, text: str, start: int, end: int) -> bool:
        """Whether the letters `start` to `end` of `text` are a word of their own here."""
        if self.near and not any(word in text for word in self.near):
            return False
        word = text[start:end]
        return not any(
            at <= start and end <= at + len(longer)
            for longer in self.longer.get(word, ())
            for at in _places(text, longer)
        )


class Synonyms:
    """Groups of synonyms, ready to be found in texts."""

    def __init__(self, groups: Iterable[SynonymGroup] = ()) -> None:
        self.groups = tuple(groups)
        self._of: dict[Words, list[_Ready]] = {}
        self._longest: dict[str, int] = {}
        self._spelt: dict[str, list[Words]] = {}
        self._initials: dict[str, list[Words]] = {}
        for group in self.groups:
            self._take_in(group)
        self._most_spelt = max(map(len, self._spelt), default=0)

    def _take_in(self, group: SynonymGroup) -> None:
        meant = tuple(dict.fromkeys(way for word in group.meant for way in _ways(word)))
        typed = [words for word in group.typed for words in _ways(word)]
        unless = tuple(spaced(word) for word in group.unless)
        ready = _Ready(
            meant,
            _longer(("".join(words) for words in typed), (*unless, *("".join(way) for way in meant))),
            unless,
            tuple(spaced(word) for word in group.near),
        )
        for word in group.typed:
            for words in _ways(word):
                self._of.setdefault(words, []).append(ready)
                self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
            self._take_spelling(units(spaced(word)))

    def _take_spelling(self, found: list[Unit]) -> None:
        if len(found) < _LEAST_SPELT or any(unit.is_word for unit in found):
            return
        words = tuple(unit.text for unit in found)
        for way in spellings(found):
            self._spelt.setdefault(way, []).append(words)
        self._initials.setdefault("".join(unit.spellings[0][0] for unit in found), []).append(words)

    # -- finding

    def found(self, pieces: Sequence[str]) -> list[Replaceable]:
        """Every stretch of the units `pieces` that has a synonym, overlapping ones too, in order."""
        if not self._of:
            return []
        ends = [0, *accumulate(map(len, pieces))]
        text = "".join(pieces)
        return [
            _replaceable(start, end, words, groups)
            for start, end in self._stretches(pieces)
            if (groups := self._groups_of(words := tuple(pieces[start:end]), text, ends[start], ends[end]))
        ]

    def _stretches(self, pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
        for start, first in enumerate(pieces):
            most = min(self._longest.get(first, 0), len(pieces) - start)
            for size in range(1, most + 1):
                if tuple(pieces[start : start + size]) in self._of:
                    yield start, start + size

    def _groups_of(self, words: Words, text: str, start: int, end: int) -> list[_Ready]:
        return [one for one in self._of[words] if one.may_stand(text, start, end)]

    def spelt(self, letters: str) -> list[Replaceable]:
        """The same for pinyin: `start` and `end` are places in `letters`; words of one character are not
        looked for."""
        return [
            _replaceable(start, start + size, words, self._of[words])
            for start in range(len(letters))
            for size in range(2 * _LEAST_SPELT, min(self._most_spelt, len(letters) - start) + 1)
            for words in self._spelt.get(letters[start : start + size], ())
        ]

    def abbreviated(self, letters: str) -> list[Replaceable]:
        """What the words with these initials could be said as."""
        known = self._initials.get(letters, ())
        return [_replaceable(0, len(letters), words, self._of[words]) for words in known]

    # -- one form for all

    def normalized(self, text: str) -> str:
        """`text` in its normal form, each word of a group replaced by the group's first, the longest first.

        Two texts that say the same in other words become the same, as far as the groups know them.
        """
        pieces = [unit.text for unit in units(spaced(text))]
        return _joined(self.replaced(pieces))

    def replaced(self, pieces: Sequence[str]) -> list[str]:
        """Units with each word of a group replaced by the group's first."""
        if self._longest.keys().isdisjoint(pieces):
            return list(pieces)
        ends = [0, *accumulate(map(len, pieces))]
        text = "".join(pieces)
        said: list[str] = []
        place = 0
        while place < len(pieces):
            size, plain = self._plainest(pieces, place, text, ends)
            said.extend(plain)
            place += size
        return said

    def _plainest(
        self, pieces: Sequence[str], start: int, text: str, ends: Sequence[int]
    ) -> tuple[int, Sequence[str]]:
        """How many units from `start` on are the longest word of a group, and what is said for it."""
        most = min(self._longest.get(pieces[start], 0), len(pieces) - start)
        for size in range(most, 0, -1):
            words = tuple(pieces[start : start + size])
            for group in self._of.get(words, ()):
                if group.may_stand(text, ends[start], ends[start + size]):
                    return size, group.meant[0]
        return 1, (pieces[start],)


def _replaceable(start: int, end: int, words: Words, groups: Sequence[_Ready]) -> Replaceable:
    ways = dict.fromkeys(way for one in groups for way in one.others(words))
    unless = tuple(word for one in groups for word in one.unless)
    return Replaceable(start, end, tuple(ways), groups[0].meant[0], unless, words[-1].isascii())


def _ways(word: str) -> list[Words]:
    """`word` cut into units' texts; an English one in the plural too."""
    words = tuple(unit.text for unit in units(spaced(word)))
    if not words:
        return []
    last = words[-1]
    is_english = last.isascii() and last.isalpha() and len(last) > 2 and not last.endswith("s")
    return [words, (*words[:-1], f"{last}s")] if is_english else [words]


def _longer(words: Iterable[str], others: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each of `words` those of `others` that it is part of; none for a word that is in none."""
    found = {word: tuple(one for one in others if word != one and word in one) for word in words}
    return {word: longer for word, longer in found.items() if longer}


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _joined(pieces: Sequence[str]) -> str:
    """Units as a text again, with a space beside each word of letters or digits."""
    return " ".join("".join(f" {one} " if one.isascii() else one for one in pieces).split())


def spelling_of(words: Words) -> str:
    """How the units of a word are typed in pinyin."""
    return spell([unit for word in words for unit in units(word)])


NONE = Synonyms()
