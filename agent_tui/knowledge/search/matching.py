"""Candidate matching: texts read one by one, what was typed cleanly first, then accents and typos."""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from itertools import islice

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search import alignment as a
from agent_tui.knowledge.search import typos
from agent_tui.knowledge.search.bigrams import Query, typed_pairs
from agent_tui.knowledge.search.index import SHORTCUT, IndexedText, SearchIndex
from agent_tui.knowledge.search.ranking import (
    ACCENT,
    MIXED,
    PARTIAL,
    SYNONYM,
    TextMatch,
    aligned_match,
    literal_match,
    shortcut_match,
)
from agent_tui.knowledge.search.rewording import Rewording
from agent_tui.knowledge.text.tokens import Unit, units

LEAST_READ = 60
MOST_READ = 150
_MOST_SCANNED = 2_500
_MOST_CHANGED = 4
_MOST_COMPARED = 240
_LONGEST_INITIALS = 6
_MOST_LAID_OUT = 4096
_LONG_PINYIN, _LONG_TEXT = 12, 5
Keep = Callable[[Entry], bool] | None


class Matcher:
    """Reads texts of one index for one query and keeps the best judgement of each entry."""

    def __init__(self, index: SearchIndex, query: Query, keep: Keep, limit: int) -> None:
        self.index = index
        self.query = query
        self._keep = keep
        self._most = min(max(LEAST_READ, 3 * limit), MOST_READ)
        self.rewording = Rewording(query, index.synonyms)
        self.found: dict[int, TextMatch] = {}

    def wants(self, owner: int) -> bool:
        """Whether this entry may be shown at all."""
        return self._keep is None or self._keep(self.index.entries[owner])

    def take(self, one: TextMatch | None) -> None:
        """Keep a judgement when it is the best of its entry."""
        if one is None:
            return
        known = self.found.get(one.owner)
        if known is None or one.rank < known.rank:
            self.found[one.owner] = one

    @property
    def is_long(self) -> bool:
        """Whether the query is so long that a title which holds it must be the one that was meant."""
        return len(self.query.compact) >= (_LONG_PINYIN if self.query.is_latin else _LONG_TEXT)

    @property
    def best(self) -> int:
        """The band of the best entry so far."""
        return min((one.band for one in self.found.values()), default=PARTIAL)

    def read_clean(self) -> None:
        """What was typed without a mistake, homophones of characters included."""
        query, reader = self.query, self._clean_reader
        rows = self._kept(self.index.matching(query.together()))
        picked = _narrowed(self.index, rows, query, self._most)
        if len(query.words) > 1:
            rows = self._kept(self.index.matching(query.apart()))
            picked = list(dict.fromkeys(picked + _narrowed(self.index, rows, query, self._most)))
        self._read(picked, reader)

    def read_reworded(self) -> None:
        """What was typed in words that mean the same, or in the initials of one."""
        rewording, index = self.rewording, self.index
        if rewording.found:
            some = [row for masks in rewording.groups() for row in index.matching(masks)[:_MOST_SCANNED]]
            unfound = self._unfound(dict.fromkeys(some), SYNONYM)
            rows = _narrowed(index, unfound, Query(rewording.plain), self._most // 2)
            held = [row for row in rows if not rewording.is_misread(index.texts[row].text)]
            self._read(held, self.reworded_reader)
        if rewording.abbreviated:
            rows = self._unfound(index.matching([rewording.abbreviated_masks()]), MIXED + 5)
            reader = self._reader(forgiving=False)
            reader.know_synonyms(rewording.abbreviated, a.SYNONYM + a.PREFIX)
            self._read(rows[: self._most], reader)

    @cached_property
    def _clean_reader(self) -> a.QueryReader:
        return self._reader(forgiving=False)

    @cached_property
    def reworded_reader(self) -> a.QueryReader:
        """What reads the query as typed and with its synonyms; from then on the clean reader does, too."""
        reader = self._clean_reader
        reader.know_synonyms(self.rewording.found)
        return reader

    def read_accented_initials(self) -> None:
        """A few letters as a southern accent has them: `lf` for 奶粉, `hp` for 发票."""
        if not self.query.is_latin or not 1 < len(self.query.compact) <= _LONGEST_INITIALS:
            return
        ways = typos.accented(self.query.compact)
        if ways:
            rows = self._unfound(self.index.matching([[typed_pairs(way) for way in ways]]), ACCENT)
            reader = self._reader(forgiving=False)
            reader.know_accents()
            self._read(_narrowed(self.index, rows, Query(ways[0]), self._most), reader)

    def read_forgiving(self) -> None:
        """What an accent or one slip changed."""
        pairs = self.query.folded_pairs()
        count = pairs.bit_count()
        least = max(min(count - _MOST_CHANGED, count // 2), (count + 1) // 3, 1)
        rows = self._kept(self.index.best_shared(pairs, least, _MOST_COMPARED))
        near = _closest(self.index, rows, self.query, self._most // 2)
        self._read(near, self._reader(forgiving=True))

    def _reader(self, *, forgiving: bool) -> a.QueryReader:
        query = self.query
        return a.QueryReader(query.compact, [start for start, _ in query.bounds], forgiving=forgiving)

    def _kept(self, rows: list[int]) -> list[int]:
        if self._keep is None:
            return rows
        return [row for row in rows if self.wants(self.index.texts[row].owner)]

    def _unfound(self, rows: Iterable[int], band: int) -> list[int]:
        """The first of `rows` whose entries may be shown and were not found better than `band` yet."""
        better = {owner for owner, one in self.found.items() if one.band < band}
        some = list(islice(rows, _MOST_SCANNED))
        texts = self.index.texts
        return self._kept([row for row in some if texts[row].owner not in better] if better else some)

    def _read(self, rows: list[int], reader: a.QueryReader) -> None:
        for row in rows:
            text = self.index.texts[row]
            if text.field == SHORTCUT:
                self.take(shortcut_match(text, self.query))
                continue
            found, words, cells = _laid_out(text.text)
            if found:
                reader.know_words(words)
                match = literal_match(text, found, self.query) or self._aligned(text, found, cells, reader)
                self.take(match)

    def _aligned(
        self, text: IndexedText, found: list[Unit], cells: list[a.Cell], reader: a.QueryReader
    ) -> TextMatch | None:
        whole = a.align(cells, reader, 0, reader.size)
        if whole is not None and not _is_guess(whole):
            return aligned_match(text, found, self.query, [whole])
        if len(self.query.words) < 2:
            return None
        parts: dict[int, a.Alignment] = {}
        for start, end in sorted(self.query.bounds, key=lambda bound: bound[0] - bound[1]):
            part = a.align(cells, reader, start, end)
            if part is None or _is_guess(part):
                return None
            parts[start] = part
        return aligned_match(text, found, self.query, [parts[start] for start, _ in self.query.bounds])


@lru_cache(maxsize=_MOST_LAID_OUT)
def _laid_out(text: str) -> tuple[list[Unit], tuple[str, ...], list[a.Cell]]:
    """A text's units, its words of letters or digits, its cells: the next key reads mostly the same texts."""
    found = units(text)
    return found, tuple(unit.text for unit in found if unit.is_word), a.cells_of(found)


def _is_guess(part: a.Alignment) -> bool:
    """A slip among mere initials: any few letters can be read so."""
    begun = part.cost % a.HOMOPHONE // a.PREFIX
    return part.cost >= a.SLIP and 2 * begun >= part.last - part.first + 1


def _narrowed(index: SearchIndex, rows: list[int], query: Query, most: int) -> list[int]:
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


def _closest(index: SearchIndex, rows: list[int], query: Query, most: int) -> list[int]:
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
