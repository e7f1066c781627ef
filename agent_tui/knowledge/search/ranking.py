"""Candidates read one by one and judged: what was typed cleanly, then accents and slips, then the rest."""

from collections.abc import Callable, Sequence
from itertools import islice

from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search import alignment as a
from agent_tui.knowledge.search.index import SHORTCUT, SIMILAR, TAG, TITLE, Index, Text
from agent_tui.knowledge.search.query import Query
from agent_tui.knowledge.text.tokens import Unit, left_out, spans, units

LEAST_READ = 60
MOST_READ = 150
_TELLING = 3
_MOST_SCANNED = 2_500
_MOST_CHANGED = 4
_MOST_COMPARED = 240

EXACT, BEGINNING, INSIDE, MIXED, HOMOPHONE, ACCENT, SLIP, BODY, PARTIAL = range(0, 90, 10)
_BEHIND = {SIMILAR: 3, TAG: 5}
_WHY_FIELD = {SIMILAR: "similar", TAG: "tag"}
_WHY = {MIXED: "initials", HOMOPHONE: "homophone", ACCENT: "accent", SLIP: "slip"}

Covered = tuple[int, int, int, int]
Keep = Callable[[Entry], bool] | None


class Judged(Struct, frozen=True, kw_only=True):
    """How one text of an entry answers the query.

    `band` orders (0 to 89, lower is better), then `strain` (how much had to be forgiven), then `tight` (0 to
    1, higher is better); `covered` are ranges of units: first, last, characters skipped in the first and left
    in the last.
    """

    owner: int
    field: int
    band: int
    strain: int = 0
    tight: float
    why: str
    covered: tuple[Covered, ...] = ()

    @property
    def rank(self) -> tuple[int, int, float]:
        """What orders two judgements of the same entry."""
        return (self.band, self.strain, -self.tight)


class Judge:
    """Reads texts of one index for one query and keeps the best judgement of each entry."""

    def __init__(self, index: Index, query: Query, keep: Keep, limit: int) -> None:
        self.index = index
        self.query = query
        self._keep = keep
        self._most = min(max(LEAST_READ, 3 * limit), MOST_READ)
        self.found: dict[int, Judged] = {}

    def wants(self, owner: int) -> bool:
        """Whether this entry may be shown at all."""
        return self._keep is None or self._keep(self.index.entries[owner])

    def take(self, one: Judged | None) -> None:
        """Keep a judgement when it is the best of its entry."""
        if one is None:
            return
        known = self.found.get(one.owner)
        if known is None or one.rank < known.rank:
            self.found[one.owner] = one

    @property
    def best(self) -> int:
        """The band of the best entry so far."""
        return min((one.band for one in self.found.values()), default=PARTIAL)

    def read_clean(self) -> None:
        """What was typed without a mistake, homophones of characters included."""
        query, reader = self.query, self._reader(forgiving=False)
        rows = self._kept(self.index.matching(query.together()))
        picked = _narrowed(self.index, rows, query, self._most)
        if len(query.words) > 1:
            rows = self._kept(self.index.matching(query.apart()))
            picked = list(dict.fromkeys(picked + _narrowed(self.index, rows, query, self._most)))
        self._read(picked, reader)

    def read_forgiving(self) -> None:
        """What an accent or one slip changed."""
        pairs = self.query.folded_pairs()
        count = pairs.bit_count()
        least = max(min(count - _MOST_CHANGED, count // 2), (count + 1) // 3, 1)
        rows = self._kept(self.index.best_shared(pairs, least, _MOST_COMPARED))
        self._read(_closest(self.index, rows, self.query, self._most), self._reader(forgiving=True))

    def _reader(self, *, forgiving: bool) -> a.Reader:
        query = self.query
        return a.Reader(query.compact, [start for start, _ in query.bounds], forgiving=forgiving)

    def _kept(self, rows: list[int]) -> list[int]:
        if self._keep is None:
            return rows
        return [row for row in rows if self.wants(self.index.texts[row].owner)]

    def _read(self, rows: list[int], reader: a.Reader) -> None:
        for row in rows:
            text = self.index.texts[row]
            if text.field == SHORTCUT:
                self.take(_shortcut(text, self.query))
                continue
            found = units(text.text)
            if found:
                self.take(_literal(text, found, self.query) or self._aligned(text, found, reader))

    def _aligned(self, text: Text, found: list[Unit], reader: a.Reader) -> Judged | None:
        reader.know_words(unit.text for unit in found if unit.is_word)
        cells = a.cells_of(found)
        whole = a.align(cells, reader, 0, reader.size)
        if whole is not None and not _is_guess(whole):
            return _judged(text, found, self.query, [whole])
        if len(self.query.words) < 2:
            return None
        parts: dict[int, a.Alignment] = {}
        for start, end in sorted(self.query.bounds, key=lambda bound: bound[0] - bound[1]):
            part = a.align(cells, reader, start, end)
            if part is None or _is_guess(part):
                return None
            parts[start] = part
        return _judged(text, found, self.query, [parts[start] for start, _ in self.query.bounds])


def _is_guess(part: a.Alignment) -> bool:
    """A slip among mere initials: any few letters can be read so."""
    begun = part.cost % a.HOMOPHONE // a.PREFIX
    return part.cost >= a.SLIP and 2 * begun >= part.last - part.first + 1


def _shortcut(text: Text, query: Query) -> Judged | None:
    short = text.text.replace(" ", "")
    if not short.startswith(query.compact):
        return None
    band = EXACT if short == query.compact else BEGINNING
    share = len(query.compact) / len(short)
    return Judged(owner=text.owner, field=SHORTCUT, band=band, tight=0.99 * share, why="shortcut")


def _literal(text: Text, found: list[Unit], query: Query) -> Judged | None:
    """The query stands in the text as it was typed, or nearly so."""
    start = text.text.find(query.text)
    if start < 0:
        return None
    end = start + len(query.text)
    places = spans(text.text)
    first = next(number for number, (_, stop) in enumerate(places) if stop > start)
    last = next(number for number in range(len(places) - 1, -1, -1) if places[number][0] < end)
    skip, short = start - places[first][0], places[last][1] - end
    band, why = INSIDE + 4, "substring"
    if start == 0:
        band, why = (EXACT, "exact") if len(query.text) == len(text.text) else (BEGINNING, "prefix")
    elif skip:
        band = INSIDE + 6 if len(query.compact) >= _TELLING else MIXED + 6
    return Judged(
        owner=text.owner,
        field=text.field,
        band=_behind(band, text.field),
        tight=_tight([(first, last, skip, short)], places),
        why=_WHY_FIELD.get(text.field, why),
        covered=((first, last, skip, short),),
    )


def _judged(text: Text, found: list[Unit], query: Query, parts: list[a.Alignment]) -> Judged:
    cost = max(part.cost for part in parts)
    group = _group(cost)
    where = 3 if len(parts) > 1 else _where(parts[0], found)
    covered = _covered(found, query, parts)
    if group < MIXED:
        band = (EXACT, BEGINNING, INSIDE + 4, INSIDE + 5)[where] + 1
        why = _why_clean(found, parts, where, query)
    else:
        is_mixed = group > MIXED and cost % a.HOMOPHONE >= a.PREFIX
        band = group + (where + 4 if is_mixed else where)
        why = _WHY[group]
    return Judged(
        owner=text.owner,
        field=text.field,
        band=_behind(band, text.field),
        strain=_strain(parts) + (2 if where < 2 and parts[0].first else 0),
        tight=_tight(covered, spans(text.text)),
        why=_WHY_FIELD.get(text.field, why),
        covered=covered,
    )


def _why_clean(found: list[Unit], parts: list[a.Alignment], where: int, query: Query) -> str:
    """What a clean match of whole readings is called: by the text where no pinyin was needed."""
    if where == 3:
        return "words"
    is_text = not query.is_latin or all(
        unit.is_word for part in parts for unit in found[part.first : part.last + 1]
    )
    return ("exact", "prefix", "substring")[where] if is_text else "pinyin"


def _covered(found: list[Unit], query: Query, parts: list[a.Alignment]) -> tuple[Covered, ...]:
    """The ranges of units that were typed: foreign words that were left out in between are not in them."""
    missed = {
        place
        for place, may_miss in enumerate(left_out(found))
        if may_miss and found[place].text[0] not in query.compact
    }
    ranges: list[Covered] = []
    for part in parts:
        first = part.first
        for place in range(part.first, part.last + 2):
            if place > part.last or place in missed:
                if first < place:
                    ranges.append((first, place - 1, 0, 0))
                first = place + 1
    return tuple(ranges)


def _behind(band: int, field: int) -> int:
    """The band for a match in another field than the title: never before a title that holds the query."""
    if field == TITLE:
        return band
    group = max(band, INSIDE) // 10 * 10
    return min(max(band, INSIDE + 4) + _BEHIND[field], group + 9)


def _group(cost: int) -> int:
    steps = ((a.SLIP, SLIP), (a.ACCENT, ACCENT), (a.HOMOPHONE, HOMOPHONE), (a.PREFIX, MIXED))
    return next((group for least, group in steps if cost >= least), INSIDE)


def _strain(parts: list[a.Alignment]) -> int:
    """How much had to be forgiven, at most 99: ten for a character, few for what is aside."""
    forgiven = aside = 0
    for part in parts:
        cost = part.cost
        forgiven += cost // a.SLIP + cost % a.SLIP // a.ACCENT + cost % a.ACCENT // a.HOMOPHONE
        aside += 2 * (cost % a.PREFIX // a.ASIDE)
        aside += int(cost % a.ASIDE == a.TAIL)
    return 10 * min(forgiven, 9) + min(aside, 9)


def _where(part: a.Alignment, found: list[Unit]) -> int:
    """0 for the whole text, 1 for its beginning, 2 for the inside; foreign words around Chinese may lack."""
    before, after = found[: part.first], found[part.last + 1 :]
    if (found[part.first].is_word and before) or not all(unit.is_word for unit in before):
        return 2
    ends = not after or (not found[part.last].is_word and all(unit.is_word for unit in after))
    return 0 if ends else 1


def _tight(covered: Sequence[Covered], places: list[tuple[int, int]]) -> float:
    """Between 0 and 1: how much of the text is covered; then whether in order, how early."""
    typed = {
        place
        for first, last, skip, short in covered
        for place in range(places[first][0] + skip, places[last][1] - short)
    }
    size = places[-1][1]
    in_order = 0.005 if list(covered) == sorted(covered) else 0.0
    early = 1 - min(typed, default=0) / size
    return 0.985 * min(len(typed) / size, 1.0) + in_order + 0.009 * early


def _narrowed(index: Index, rows: list[int], query: Query, most: int) -> list[int]:
    """The likeliest of too many candidates by plain comparison of text, spelling and initials."""
    if len(rows) <= most:
        return rows
    forms, present = index.texts_of, set(rows)
    starts = (query.text, query.folded, query.compact) if query.is_latin else (query.text, query.folded)
    picked = [row for row in forms.beginning(*starts) if row in present][:most]
    rows = rows[:_MOST_SCANNED]
    picked += _holding(forms.written, rows, query.text, most - len(picked))
    picked += _holding(forms.folded, rows, query.folded, most - len(picked))
    if query.is_latin:
        picked += _holding(forms.initials, rows, query.compact, most - len(picked))
    return list(dict.fromkeys(picked + rows[:most]))[:most]


def _closest(index: Index, rows: list[int], query: Query, most: int) -> list[int]:
    """Of those that share letter pairs with the query, the ones whose spelling is nearest to it."""
    if len(rows) <= most:
        return rows
    from rapidfuzz import fuzz, process

    spelt = {row: index.texts_of.folded[row] for row in rows}
    near = process.extract(query.folded, spelt, scorer=fuzz.partial_ratio, processor=None, limit=most)
    return list(dict.fromkeys([*rows[: most // 3], *(row for _, _, row in near)]))[:most]


def _holding(forms: list[str], rows: list[int], piece: str, most: int) -> list[int]:
    """The first `most` of `rows` whose form holds `piece`."""
    if most <= 0:
        return []
    return list(islice((row for row in rows if piece in forms[row]), most))


def judge(index: Index, query: Query, limit: int, keep: Keep) -> dict[int, Judged]:
    """The best judgement of every entry that the query may mean."""
    from agent_tui.knowledge.search import fallback

    one = Judge(index, query, keep, limit)
    one.read_clean()
    enough = len(query.compact) >= (4 if query.is_latin else 2)
    few = len(one.found) < limit and len(query.words) == 1
    if enough and (one.best >= HOMOPHONE or (one.best >= MIXED and few)):
        one.read_forgiving()
    if len(one.found) < limit:
        fallback.read_bodies(one)
    if not one.found:
        fallback.read_partly(one)
    return one.found
