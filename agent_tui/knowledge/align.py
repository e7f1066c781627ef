"""A typed query laid along a title, unit by unit: what each piece may stand for, and what that costs.

One number carries the whole judgement: `SLIP` outweighs any sum of `ACCENT`, that any sum of `HOMOPHONE`,
that any sum of `PREFIX`, so the smaller cost is always the better reading of what was typed.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from rapidfuzz.distance import OSA

from agent_tui.knowledge import slips
from agent_tui.knowledge.tokens import Key, unit_of

TAIL = 1
ALIAS = 2
PREFIX = 1_000
HOMOPHONE = 100_000
ACCENT = 10_000_000
SLIP = 1_000_000_000

_LONGEST = 7
_NO_COST = 1 << 60
_CONSONANTS = frozenset("bpmfdtnlgkhjqxzcsrywaoe") | {"zh", "ch", "sh"}

Step = tuple[int, int]
Steps = list[dict[Key, list[Step]]]


class Alignment(Struct, frozen=True):
    """Where a query stands in a title: its cost and the first and last unit it covers."""

    cost: int
    first: int
    last: int


class Reader:
    """What can be read at each place of one query.

    `steps[i]` maps a key of a title's unit to the places reached from `i` and their cost. Places beyond the
    query's end are those in the middle of a swap across two syllables (`tuhiuo`).
    """

    def __init__(self, text: str, *, forgiving: bool) -> None:
        self.text = text
        self.size = len(text)
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
        exact, prefix, alias = slips.exact_forms(), slips.prefix_forms(), slips.alias_forms()
        for size in range(1, min(_LONGEST, len(text) - place) + 1):
            piece, reached = text[place : place + size], place + size
            if piece in exact:
                self._add(state, exact[piece], reached, 0)
            self._add_all(state, alias.get(piece, ()), reached, ALIAS)
            self._add_all(state, prefix.get(piece, ()), reached, self._prefix_cost(place, piece))
            if self._forgiving and state < self.size:
                self._add_all(state, slips.accent_forms().get(piece, ()), reached, ACCENT)
                self._add_all(state, slips.slip_forms().get(piece, ()), reached, SLIP)

    def _prefix_cost(self, place: int, piece: str) -> int:
        if place and place + len(piece) == self.size:
            return TAIL
        return PREFIX + (100 if piece in _CONSONANTS else 50 - len(piece))

    def _read_character(self, place: int, char: str) -> None:
        unit = unit_of(char)
        self._add(place, char, place + 1, 0)
        exact = slips.exact_forms()
        for spelling in unit.common:
            if spelling in exact and not unit.is_word:
                self._add(place, exact[spelling], place + 1, HOMOPHONE)
                if self._forgiving:
                    self._add_all(place, slips.accent_forms().get(spelling, ()), place + 1, ACCENT)

    def _read_swaps(self) -> None:
        """Two letters swapped where two syllables meet."""
        exact, text = slips.exact_forms(), self.text
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


def align(
    cells: Sequence[tuple[Key, ...]], reader: Reader, start: int, end: int, skip: int = _NO_COST
) -> Alignment | None:
    """The cheapest way to lay the query's letters `start` to `end` along neighbouring units, if any.

    `skip` is what a unit left out between two others costs; without it none may be.
    """
    steps, size = reader.steps, reader.size
    opening = steps[start]
    best, found = _NO_COST, None
    for first, keys in enumerate(cells):
        reached: dict[int, int] = {}
        for key in keys:
            for place, cost in opening.get(key, ()):
                if (place <= end or place > size) and cost < reached.get(place, _NO_COST):
                    reached[place] = cost
        last = first
        while reached:
            cost = reached.pop(end, _NO_COST)
            if cost < best:
                best, found = cost, (cost, first, last)
            last += 1
            if not reached or last == len(cells):
                break
            onward = _advance(reached, steps, cells[last], best, (end, size))
            for place, cost in reached.items() if skip < best else ():
                if cost > 2 * skip:
                    continue
                if cost + skip < min(best, onward.get(place, _NO_COST)):
                    onward[place] = cost + skip
            reached = onward
        if best == 0:
            break
    return None if found is None else Alignment(*found)


def _advance(
    reached: dict[int, int], steps: Steps, keys: tuple[Key, ...], best: int, limits: tuple[int, int]
) -> dict[int, int]:
    end, size = limits
    onward: dict[int, int] = {}
    for place, spent in reached.items():
        here = steps[place]
        for key in keys:
            for to, cost in here.get(key, ()):
                total = spent + cost
                if total >= best or (cost >= SLIP and spent >= SLIP) or (end < to <= size):
                    continue
                if total < onward.get(to, _NO_COST):
                    onward[to] = total
    return onward
