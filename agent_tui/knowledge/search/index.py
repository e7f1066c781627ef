"""The search index: every searchable text of an entry with its signature, and candidates by bigrams.

Up to a few thousand texts a plain loop over their signatures finds the candidates and numpy is never
imported; above that a bitmap does. Both keep the same texts, so the ranking does not depend on the size.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.bigrams import signature
from agent_tui.knowledge.text.synonyms import NONE, Synonyms
from agent_tui.knowledge.text.tokens import (
    Unit,
    fold_accent,
    left_out,
    normalize,
    spaced,
    spell,
    spellings,
    units,
)

PLAIN_MOST = 6_000
_MOST_BEGINNING = 400
TITLE, SHORTCUT, SIMILAR, TAG = range(4)
FIELDS = ("title", "shortcut", "similar", "tag")

Groups = Sequence[Sequence[int]]


class Candidates(Protocol):
    """What picks texts by their signatures; `bitmap.Bitmap` is the one for many."""

    @property
    def count(self) -> int:
        """How many texts there are."""
        ...

    def matching(self, groups: Groups) -> list[int]:
        """The texts that have, for every group, all bits of at least one of its masks, in order."""
        ...

    def best_shared(self, mask: int, least: int, most: int) -> list[int]:
        """The texts that share at least `least` bits with `mask`, those that share most first."""
        ...


class SignatureList:
    """Candidates by a loop over the signatures."""

    def __init__(self, signatures: list[int]) -> None:
        self.signatures = signatures

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self.signatures)

    def matching(self, groups: Groups) -> list[int]:
        """The texts that have, for every group, all bits of at least one of its masks, in order."""
        numbered = list(enumerate(self.signatures))
        for group in groups:
            if len(group) == 1:
                mask = group[0]
                numbered = [pair for pair in numbered if pair[1] & mask == mask]
            else:
                numbered = [pair for pair in numbered if any(pair[1] & mask == mask for mask in group)]
        return [number for number, _ in numbered]

    def best_shared(self, mask: int, least: int, most: int) -> list[int]:
        """The texts that share at least `least` bits with `mask`, those that share most first."""
        counts = [(signed & mask).bit_count() for signed in self.signatures]
        enough = [number for number, count in enumerate(counts) if count >= least]
        return sorted(enough, key=lambda number: -counts[number])[:most]


class IndexedText(Struct, frozen=True, array_like=True, gc=False):
    """One searchable text of an entry: its normal form, its accent-folded spellings and its initials."""

    owner: int
    field: int
    text: str
    folded: str
    initials: str


class TextForms:
    """The texts' forms in lists of their own, and sorted, so that thousands are compared in a millisecond."""

    def __init__(self, texts: list[IndexedText]) -> None:
        self.written = [text.text for text in texts]
        self.folded = [text.folded for text in texts]
        self.initials = [text.initials for text in texts]
        columns = (self.written, self.folded, self.initials)
        self._order = [sorted(range(len(texts)), key=forms.__getitem__) for forms in columns]
        self._sorted = [
            [forms[number] for number in order] for forms, order in zip(columns, self._order, strict=True)
        ]

    def append(self, text: IndexedText) -> None:
        """Take in one more text."""
        forms = (text.text, text.folded, text.initials)
        number = len(self.written)
        columns = (self.written, self.folded, self.initials)
        for column, form, ordered, order in zip(columns, forms, self._sorted, self._order, strict=True):
            column.append(form)
            place = bisect_right(ordered, form)
            ordered.insert(place, form)
            order.insert(place, number)

    def beginning(self, *starts: str) -> list[int]:
        """The texts whose written form, folded spelling or initials begin so, each shortest first."""
        found: list[int] = []
        for ordered, order, start in zip(self._sorted, self._order, starts, strict=False):
            first = bisect_left(ordered, start)
            last = bisect_left(ordered, start + "\U0010ffff")
            found.extend(sorted(order[first:last])[:_MOST_BEGINNING])
        return found


class SearchIndex:
    """Entries and their texts; `block` picks among the first texts, a short tail among later ones.

    `synonyms` are what a query's words may be read as besides.
    """

    def __init__(
        self,
        entries: list[Entry],
        texts: list[IndexedText],
        block: Candidates,
        synonyms: Synonyms = NONE,
    ) -> None:
        self.entries = entries
        self.synonyms = synonyms
        self.texts = texts
        self.block = block
        self._tail = SignatureList([])
        self.texts_of = TextForms(texts)
        self._at = {entry.id: number for number, entry in enumerate(entries)}
        self._gone: set[int] = set()
        self.bodies = {number: body for number, entry in enumerate(entries) if (body := _body(entry))}

    @classmethod
    def build(cls, entries: Iterable[Entry], synonyms: Synonyms = NONE) -> "SearchIndex":
        """An index over `entries`; of two with the same id the later one counts."""
        kept = list({entry.id: entry for entry in entries}.values())
        found = [
            (text, signed) for number, entry in enumerate(kept) for text, signed in _texts(number, entry)
        ]
        found.sort(key=lambda pair: (pair[0].field, len(pair[0].text), pair[0].owner))
        texts, signatures = [text for text, _ in found], [signed for _, signed in found]
        return cls(kept, texts, candidates_of(signatures), synonyms)

    def add(self, entry: Entry) -> None:
        """Take in one entry while running; it replaces one with the same id."""
        self.remove(entry.id)
        number = len(self.entries)
        self.entries.append(entry)
        self._at[entry.id] = number
        if body := _body(entry):
            self.bodies[number] = body
        for text, signed in _texts(number, entry):
            self.texts.append(text)
            self.texts_of.append(text)
            self._tail.signatures.append(signed)

    def remove(self, entry_id: str) -> None:
        """Forget the entry with this id; nothing happens when there is none."""
        number = self._at.pop(entry_id, None)
        if number is not None:
            self._gone.add(number)
            self.bodies.pop(number, None)

    def get(self, entry_id: str) -> Entry | None:
        """The entry with this id."""
        number = self._at.get(entry_id)
        return None if number is None else self.entries[number]

    def all(self) -> list[Entry]:
        """Every entry that is not forgotten, in the order they came."""
        return [entry for number, entry in enumerate(self.entries) if number not in self._gone]

    def matching(self, groups: Groups) -> list[int]:
        """The texts whose signatures satisfy `groups`, shortest titles first."""
        late = [self.block.count + place for place in self._tail.matching(groups)]
        return self._present(self.block.matching(groups) + late)

    def best_shared(self, mask: int, least: int, most: int) -> list[int]:
        """The texts that share most bits with `mask`, `least` of them or more."""
        late = [self.block.count + place for place in self._tail.best_shared(mask, least, most)]
        return self._present(late + self.block.best_shared(mask, least, most))

    def _present(self, rows: list[int]) -> list[int]:
        if not self._gone:
            return rows
        return [row for row in rows if self.texts[row].owner not in self._gone]


def candidates_of(signatures: list[int]) -> Candidates:
    """The plain loop for few signatures, the bitmap for many."""
    if len(signatures) <= PLAIN_MOST:
        return SignatureList(signatures)
    from agent_tui.knowledge.search.bitmap import Bitmap

    return Bitmap.build(signatures)


def _texts(number: int, entry: Entry) -> list[tuple[IndexedText, int]]:
    found = [_text(number, TITLE, entry.title)]
    if entry.shortcut:
        found.append(_text(number, SHORTCUT, entry.shortcut))
    found.extend(_text(number, SIMILAR, question) for question in entry.similar)
    found.extend(_text(number, TAG, tag) for tag in entry.tags)
    return found


def _text(number: int, field: int, written: str) -> tuple[IndexedText, int]:
    text = spaced(written)
    found = units(text)
    typed = [unit for unit, may_miss in zip(found, left_out(found), strict=True) if not may_miss]
    ways = spellings(found) if len(typed) == len(found) else [*spellings(found), spell(typed)]
    folded = " ".join([fold_accent(way) for way in ways])
    made = IndexedText(number, field, text, folded, _initials(found))
    return made, signature(found, folded)


def _initials(found: list[Unit]) -> str:
    return "".join([unit.text if unit.is_word else unit.spellings[0][0] for unit in found])


def _body(entry: Entry) -> str:
    return normalize(f"{entry.text}\n{entry.extra}") if entry.text or entry.extra else ""
