"""Query expansion by synonyms: what may stand for a query's words, and masks of the titles that hold it."""

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import accumulate, pairwise

from msgspec import structs

from agent_tui.knowledge.search.bigrams import Query, typed_pairs
from agent_tui.knowledge.text.synonyms import Replaceable, Synonyms, spelling_of
from agent_tui.knowledge.text.tokens import spellings, units

_MOST_WAYS = 16
_MOST_ABBREVIATED = 4

Segment = tuple[int, int, tuple[tuple[str, ...], ...]]


class Rewording:
    """One query with the stretches of it that could be said otherwise; their places are its letters.

    `abbreviated` are those that only their initials stand for (`tq` for 退钱, which is 退款).
    """

    def __init__(self, query: Query, synonyms: Synonyms) -> None:
        self.query = query
        self._synonyms = synonyms
        self._pieces = [unit.text for unit in units(query.text)]
        self.found = self._find()
        self._with_unless = [one for one in self.found if one.unless]

    def _find(self) -> list[Replaceable]:
        ends = [0, *accumulate(map(len, self._pieces))]
        written = [
            structs.replace(one, start=ends[one.start], end=ends[one.end])
            for one in self._synonyms.found(self._pieces)
        ]
        return written + (self._synonyms.spelt(self.query.compact) if self.query.is_latin else [])

    @cached_property
    def abbreviated(self) -> list[Replaceable]:
        """The whole query as initials of a word that has synonyms."""
        letters = self.query.compact
        is_short = self.query.is_latin and 2 <= len(letters) <= _MOST_ABBREVIATED
        return self._synonyms.abbreviated(letters) if is_short else []

    def abbreviated_masks(self) -> list[int]:
        """Masks for what the initials may be said as."""
        return [typed_pairs(spelling_of(way)) for one in self.abbreviated for way in one.ways]

    def is_misread(self, text: str) -> bool:
        """Whether the synonyms stand in `text` only inside words that say something else (运费 in 运费险)."""
        for one in self._with_unless:
            held = [word for word in one.unless if word in text]
            if held:
                rest = reduce(lambda left, word: left.replace(word, " "), held, text)
                if not any("".join(way) in rest for way in one.ways):
                    return True
        return False

    @cached_property
    def plain(self) -> str:
        """The query with the first word of each group in place of its others."""
        return "".join(self._synonyms.replaced(self._pieces))

    @cached_property
    def plain_letters(self) -> str:
        """The same of a query in pinyin."""
        said, place, letters = [], 0, self.query.compact
        for one in _longest(self.found):
            said += [letters[place : one.start], spelling_of(one.plain)]
            place = one.end
        return "".join([*said, letters[place:]])

    def plain_form(self, normal: str) -> str:
        """The same form of another text."""
        return "".join(self._synonyms.replaced([unit.text for unit in units(normal)]))

    def groups(self) -> list[list[list[int]]]:
        """Masks for the query reworded: once with its longest synonyms, once with its shortest."""
        ways = [tuple(self._segments(found)) for found in (_longest(self.found), _shortest(self.found))]
        return [[self._masks(one) for one in segments] for segments in dict.fromkeys(ways)]

    def _segments(self, chosen: Sequence[Replaceable]) -> list[Segment]:
        segments: list[Segment] = []
        place = 0
        for one in chosen:
            segments.extend(self._fixed(place, one.start))
            segments.append((one.start, one.end, one.ways[:_MOST_WAYS]))
            place = one.end
        segments.extend(self._fixed(place, len(self.query.compact)))
        return segments

    def _fixed(self, start: int, end: int) -> Iterator[Segment]:
        """What stays as it is between two places, cut where a word of the query ends."""
        cuts = sorted({start, end, *(stop for _, stop in self.query.bounds if start < stop < end)})
        yield from ((one, other, ()) for one, other in pairwise(cuts))

    def _masks(self, segment: Segment) -> list[int]:
        start, end, ways = segment
        typed = [typed_pairs(way) for way in spellings(units(self.query.compact[start:end]))]
        return list(dict.fromkeys([*typed, *(typed_pairs(spelling_of(way)) for way in ways)]))


def _longest(found: Sequence[Replaceable]) -> list[Replaceable]:
    return _apart(sorted(found, key=lambda one: (one.start - one.end, one.start)))


def _shortest(found: Sequence[Replaceable]) -> list[Replaceable]:
    return _apart(sorted(found, key=lambda one: (one.end - one.start, one.start)))


def _apart(ordered: Sequence[Replaceable]) -> list[Replaceable]:
    """Those that do not overlap one before them, by place."""
    kept: list[Replaceable] = []
    for one in ordered:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
