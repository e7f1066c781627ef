"""Ranking of a match: a band (exact, prefix, inside, synonym, initials, homophone, …), then its strain."""

from collections.abc import Sequence

from msgspec import Struct

from agent_tui.knowledge.search import alignment as a
from agent_tui.knowledge.search.bigrams import Query
from agent_tui.knowledge.search.index import SHORTCUT, SIMILAR, TAG, TITLE, IndexedText
from agent_tui.knowledge.text.tokens import Unit, left_out, spans

_TELLING = 3

EXACT, BEGINNING, INSIDE, SYNONYM, MIXED, HOMOPHONE, ACCENT, SLIP, BODY, PARTIAL = range(0, 100, 10)
_BEHIND = {SIMILAR: 3, TAG: 5}
_WHY_FIELD = {SIMILAR: "similar", TAG: "tag"}
_WHY = {SYNONYM: "synonym", MIXED: "initials", HOMOPHONE: "homophone", ACCENT: "accent", SLIP: "slip"}

_GROUPS = (
    (a.SLIP, SLIP), (a.ACCENT, ACCENT), (a.HOMOPHONE, HOMOPHONE), (a.PREFIX, MIXED), (a.SYNONYM, SYNONYM),
)  # fmt: skip

Covered = tuple[int, int, int, int]


class TextMatch(Struct, frozen=True, kw_only=True):
    """How one text of an entry answers the query.

    `band` orders (0 to 99, lower is better), then `strain` (how much had to be forgiven), then `tight` (0 to
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


def shortcut_match(text: IndexedText, query: Query) -> TextMatch | None:
    short = text.text.replace(" ", "")
    if not short.startswith(query.compact):
        return None
    band = EXACT if short == query.compact else BEGINNING
    share = len(query.compact) / len(short)
    return TextMatch(owner=text.owner, field=SHORTCUT, band=band, tight=0.99 * share, why="shortcut")


def literal_match(text: IndexedText, found: list[Unit], query: Query) -> TextMatch | None:
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
    return TextMatch(
        owner=text.owner,
        field=text.field,
        band=_behind(band, text.field),
        tight=_tight([(first, last, skip, short)], places),
        why=_WHY_FIELD.get(text.field, why),
        covered=((first, last, skip, short),),
    )


def aligned_match(text: IndexedText, found: list[Unit], query: Query, parts: list[a.Alignment]) -> TextMatch:
    cost = max(part.cost for part in parts)
    group = _group(cost)
    where = 3 if len(parts) > 1 else _where(parts[0], found)
    covered = _covered(found, query, parts)
    if group < SYNONYM:
        band = (EXACT, BEGINNING, INSIDE + 4, INSIDE + 5)[where] + 1
        why = _why_clean(found, parts, where, query)
    else:
        is_mixed = group > MIXED and cost % a.HOMOPHONE >= a.PREFIX
        band = group + (where + 4 if is_mixed else where)
        why = _WHY[group]
    return TextMatch(
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
    """The band for a match in another field than the title: never before a title that says the same."""
    if field == TITLE:
        return band
    group = max(band, SYNONYM) // 10 * 10
    return min(max(band, SYNONYM + 4) + _BEHIND[field], group + 9)


def _group(cost: int) -> int:
    return next((group for least, group in _GROUPS if cost >= least), INSIDE)


def _strain(parts: list[a.Alignment]) -> int:
    """How much had to be forgiven, at most 99: ten for a character, few for what is aside."""
    forgiven = aside = 0
    for part in parts:
        cost = part.cost
        forgiven += cost // a.SLIP + cost % a.SLIP // a.ACCENT + cost % a.ACCENT // a.HOMOPHONE
        forgiven += cost % a.PREFIX // a.SYNONYM
        aside += 2 * (cost % a.SYNONYM // a.ASIDE)
        aside += int(cost % a.ASIDE == a.TAIL)
    return 10 * min(forgiven, 9) + min(aside, 9)


def _where(part: a.Alignment, found: list[Unit]) -> int:
    """0 for the whole text, 1 for its beginning, 2 for the inside; foreign words around Chinese may lack."""
    before, after = found[: part.first], found[part.last + 1 :]
    if (found[part.first].is_word and before) or not all(unit.is_word for unit in before):
        return 2
    ends = not after or (not found[part.last].is_word and all(unit.is_word for unit in after))
    return 0 if ends else 1


def _tight(covered: Sequence[Covered], places: Sequence[tuple[int, int]]) -> float:
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
