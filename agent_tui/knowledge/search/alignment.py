"""Weighted edit distance by dynamic programming (after Needleman & Wunsch 1970) over pinyin syllables.

A typed query is laid along a title, unit by unit: what each piece may stand for, and what that costs. One
number carries the whole judgement: `SLIP` outweighs any sum of `ACCENT`, that any sum of `HOMOPHONE`, that
any sum of `PREFIX`, that any sum of `SYNONYM`, that any sum of `ASIDE` (a rare reading, a foreign word left
out), so the smaller cost is always the better reading of what was typed.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from rapidfuzz.distance import OSA

from agent_tui.knowledge.search import typos
from agent_tui.knowledge.text.synonyms import Replaceable
from agent_tui.knowledge.text.tokens import Key, Unit, left_out, unit_of

TAIL = 1
ALIAS = 2
ASIDE = 1_000
SYNONYM = 100_000
PREFIX = 10_000_000
HOMOPHONE = 1_000_000_000
ACCENT = 100_000_000_000
SLIP = 10_000_000_000_000

# A synonym in the other language comes after those in the one that was typed.
_FOREIGN = 4 * SYNONYM
_LONGEST = 7
_NO_COST = 1 << 60
_LONG = 6
_CONSONANTS = frozenset("bpmfdtnlgkhjqxzcsrywaoe") | {"zh", "ch", "sh"}

Step = tuple[int, int]
Steps = list[dict[Key, list[Step]]]
Cell = tuple[tuple[tuple[Key, int], ...], bool]


class Alignment(Struct, frozen=True):
    """Where a query stands in a title: its cost and the first and last unit it covers."""

    cost: int
    first: int
    last: int


class QueryReader:
    """What can be read at each place of one query.

    `steps[i]` maps a key of a title's unit to the places reached from `i` and their cost. Places beyond the
    query's end are those in the middle of a swap across two syllables (`tuhiuo`) or of a synonym.
    """

    def __init__(self, text: str, starts: Iterable[int] = (0,), *, forgiving: bool) -> None:
        self.text = text
        self.size = len(text)
        self.endings: dict[int, dict[Key, list[Step]]] = {start: {} for start in starts}
        self._forgiving = forgiving
        self._words: set[str] = set()
        self.steps: Steps = [{} for _ in range(2 * self.size + 2)]
        for place, char in enumerate(text):
            if "a" <= char <= "z":
                self._read_letters(place, place, text)
            elif not "0" <= char <= "9":
                self._read_character(place, char)
        if forgiving:
            self._read_swaps()

    def know_words(self, words: Iterable[str]) -> None:
        """Take in words of letters or digits that titles hold, before aligning with those titles."""
        for word in words:
            if word not in self._words:
                self._words.add(word)
                self._read_word(word)
                self._read_end(word)

    def know_accents(self) -> None:
        """Read syllables and their beginnings also as a southern accent has them."""
        for place in range(self.size):
            for size in range(1, min(_LONGEST, self.size - place) + 1):
                piece, reached = self.text[place : place + size], place + size
                self._add_all(place, typos.accent_forms().get(piece, ()), reached, ACCENT)
                begun = typos.accent_beginnings().get(piece, ())
                self._add_all(place, begun, reached, ACCENT + self._prefix_cost(place, piece))

    def know_synonyms(self, found: Iterable[Replaceable], cost: int = SYNONYM) -> None:
        """Read stretches of the query (places are its letters) also as other words, each at `cost`."""
        for one in found:
            for way in one.ways:
                is_foreign = way[-1].isascii() != one.is_english
                self._read_way(one.start, one.end, way, cost + (_FOREIGN if is_foreign else 0))

    def _read_way(self, place: int, end: int, way: Sequence[str], cost: int) -> None:
        for unit in way[:-1]:
            self.steps.append({})
            self._add(place, unit, len(self.steps) - 1, cost)
            place, cost = len(self.steps) - 1, 0
        self._add(place, way[-1], end, cost)

    def _add(self, place: int, key: Key, reached: int, cost: int) -> None:
        self.steps[place].setdefault(key, []).append((reached, cost))

    def _add_all(self, place: int, keys: Iterable[Key], reached: int, cost: int) -> None:
        here, step = self.steps[place], (reached, cost)
        for key in keys:
            if key in here:
                here[key].append(step)
            else:
                here[key] = [step]

    def _read_letters(self, state: int, place: int, text: str) -> None:
        """The syllables that `text` from `place` on may stand for, reached from `state`."""
        exact, prefix, alias = typos.exact_forms(), typos.prefix_forms(), typos.alias_forms()
        for size in range(1, min(_LONGEST, len(text) - place) + 1):
            piece, reached = text[place : place + size], place + size
            if piece in exact:
                self._add(state, exact[piece], reached, 0)
            self._add_all(state, alias.get(piece, ()), reached, ALIAS)
            self._add_all(state, prefix.get(piece, ()), reached, self._prefix_cost(place, piece))
            if self._forgiving and state < self.size:
                self._add_all(state, typos.accent_forms().get(piece, ()), reached, ACCENT)
                self._add_all(state, typos.slip_forms().get(piece, ()), reached, SLIP)

    def _prefix_cost(self, place: int, piece: str) -> int:
        if place and place + len(piece) == self.size:
            return TAIL
        return PREFIX + (20 if piece in _CONSONANTS else 10 - len(piece))

    def _read_character(self, place: int, char: str) -> None:
        unit = unit_of(char)
        self._add(place, char, place + 1, 0)
        exact = typos.exact_forms()
        for spelling in unit.spellings:
            if spelling in exact and not unit.is_word:
                is_common = spelling in unit.common
                self._add(place, exact[spelling], place + 1, HOMOPHONE + (0 if is_common else ASIDE))
                if self._forgiving and is_common:
                    self._add_all(place, typos.accent_forms().get(spelling, ()), place + 1, ACCENT)

    def _read_swaps(self) -> None:
        """Two letters swapped where two syllables meet."""
        exact, text = typos.exact_forms(), self.text
        for place in range(1, self.size - 1):
            state = self.size + 1 + place
            before = range(max(0, place - _LONGEST), place + 1)
            numbers = [(start, exact.get(text[start:place] + text[place + 1])) for start in before]
            swapped = [(start, number) for start, number in numbers if number is not None]
            if not swapped:
                continue
            for start, number in swapped:
                self._add(start, number, state, SLIP)
            rest = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
            self._read_letters(state, place + 1, rest)

    def _read_word(self, word: str) -> None:
        for place in range(self.size):
            same = _common(self.text, place, word)
            for size in range(1, same + 1):
                whole = size == len(word)
                cost = 0 if whole else self._prefix_cost(place, word[:size])
                self._add(place, word, place + size, cost)
            if self._forgiving and len(word) > 2:
                self._read_slipped_word(place, word)

    def _read_end(self, word: str) -> None:
        """The query, or a word of it, opens with the end of a title's word: it was cut from the middle."""
        for start, ends in self.endings.items():
            for size in range(1 if self.size >= _LONG else 2, len(word)):
                if self.text.startswith(word[-size:], start):
                    ends.setdefault(word, []).append((start + size, PREFIX + 2 * ASIDE))

    def _read_slipped_word(self, place: int, word: str) -> None:
        for size in (len(word) - 1, len(word), len(word) + 1):
            piece = self.text[place : place + size]
            if len(piece) == size and OSA.distance(piece, word, score_cutoff=1) == 1:
                self._add(place, word, place + size, SLIP)


def _common(text: str, place: int, word: str) -> int:
    size = 0
    for one, other in zip(text[place : place + len(word)], word, strict=False):
        if one != other:
            break
        size += 1
    return size


def cells_of(found: list[Unit]) -> list[Cell]:
    """A title's units as `align` reads them: their keys, and whether each may be left out."""
    return [(unit.keys, may) for unit, may in zip(found, left_out(found), strict=True)]


def align(
    cells: Sequence[Cell], reader: QueryReader, start: int, end: int, skip: int = _NO_COST
) -> Alignment | None:
    """The cheapest way to lay the query's letters `start` to `end` along neighbouring units, if any.

    `skip` is what a unit left out between two others costs; without it only foreign words amid Chinese may
    be.
    """
    steps, limits = reader.steps, (end, reader.size)
    opening, endings = steps[start], reader.endings.get(start)
    best, found = _NO_COST, None
    for first, (keys, _) in enumerate(cells):
        reached: dict[int, int] = {}
        for key, rare in keys:
            if key in opening:
                _open(reached, opening[key], rare, limits)
            if endings and key in endings:
                _open(reached, endings[key], rare, limits)
        last = first
        while reached:
            cost = reached.pop(end, _NO_COST)
            if cost < best:
                best, found = cost, (cost, first, last)
            last += 1
            if not reached or last == len(cells):
                break
            keys, may_miss = cells[last]
            onward = _advance(reached, steps, keys, best, limits)
            if may_miss or skip < best:
                _leave_out(reached, onward, ASIDE if may_miss else skip, best)
            reached = onward
        if best == 0:
            break
    return None if found is None else Alignment(*found)


def _open(reached: dict[int, int], found: list[Step], rare: int, limits: tuple[int, int]) -> None:
    end, size = limits
    for place, cost in found:
        total = cost + ASIDE * rare
        if (place <= end or place > size) and total < reached.get(place, _NO_COST):
            reached[place] = total


def _leave_out(reached: dict[int, int], onward: dict[int, int], price: int, best: int) -> None:
    """Go on behind a unit that was not typed."""
    for place, cost in reached.items():
        if cost <= 2 * price or price == ASIDE:
            total = cost + price
            if total < best and total < onward.get(place, _NO_COST):
                onward[place] = total


def _advance(
    reached: dict[int, int],
    steps: Steps,
    keys: tuple[tuple[Key, int], ...],
    best: int,
    limits: tuple[int, int],
) -> dict[int, int]:
    end, size = limits
    onward: dict[int, int] = {}
    for place, spent in reached.items():
        here = steps[place]
        for key, rare in keys:
            for to, cost in here.get(key, ()):
                total = spent + cost + ASIDE * rare
                if total >= best or (cost >= SLIP and spent >= SLIP) or (end < to <= size):
                    continue
                if total < onward.get(to, _NO_COST):
                    onward[to] = total
    return onward
