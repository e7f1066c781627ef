"""Fuzzy search for the palette: what an agent types, in whatever way, to the entries that were meant.

Candidates come from the index by bigrams (`index`); each is read unit by unit (`matching`, `alignment`) and
ranked (`ranking`): exact before prefix before substring before synonym before initials before homophone
before accent before typo. Use counts only break ties. Highlights are the characters of a title that matched.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, structs

from agent_tui.knowledge.content.entries import Entry, Kind
from agent_tui.knowledge.search import fallback
from agent_tui.knowledge.search.bigrams import Query
from agent_tui.knowledge.search.index import TITLE, SearchIndex
from agent_tui.knowledge.search.matching import Matcher
from agent_tui.knowledge.search.ranking import (
    BEGINNING,
    EXACT,
    HOMOPHONE,
    INSIDE,
    MIXED,
    PARTIAL,
    SYNONYM,
    TextMatch,
)
from agent_tui.knowledge.text.tokens import normalize, origins, spans

DEFAULT_LIMIT = 20
# How plainly an entry was found, by its band's ten: a title that begins with the query, or holds it, is one.
_PLAINNESS = {EXACT // 10: INSIDE // 10, BEGINNING // 10: INSIDE // 10}

Keep = Callable[[Entry], bool]
Truth = Callable[[Entry], bool | None]
Ranges = tuple[tuple[int, int], ...]


class Hit(Struct, frozen=True, kw_only=True):
    """One found entry; `matched` are half-open ranges of code points of `title`, `why` a stable code."""

    id: str
    kind: Kind
    title: str
    score: float
    matched: tuple[tuple[int, int], ...]
    why: str


class QueryPunctuation:
    """The punctuation of a query: it has no part in what matches, but tells apart titles that match alike."""

    def __init__(self, typed: str) -> None:
        self._normal = normalize(typed).strip()
        self._marks = {char for char in self._normal if not char.isalnum() and not char.isspace()}

    def favoured(self, one: TextMatch, title: str) -> TextMatch:
        """`one` as good as a beginning when its title holds the query, punctuation and all."""
        if not self._marks or one.band <= BEGINNING or self._normal not in normalize(title):
            return one
        return structs.replace(one, band=BEGINNING)

    def missing(self, title: str) -> int:
        """0 when `title` holds the query with its punctuation, else 1 and 1 for each mark it has not."""
        if not self._marks:
            return 0
        normal = normalize(title)
        return 0 if self._normal in normal else 1 + sum(mark not in normal for mark in self._marks)


def search(
    index: SearchIndex,
    typed: str,
    limit: int = DEFAULT_LIMIT,
    weights: Mapping[str, float] | None = None,
    keep: Keep | None = None,
    truth: Truth | None = None,
) -> list[Hit]:
    """The entries of `index` that `typed` may mean, best first; never raises, whatever is typed.

    `weights` (use, recency) by entry id break ties; `keep` says which entries count at all. `truth` says
    whether an entry is true of the order at hand, None where it does not depend on it: of equals those that
    are true come first, and what is untrue comes after all that is found as plainly, an exact title excepted.
    """
    query = Query(typed)
    used = weights or {}
    if not query.words:
        return _all(index, limit, used, keep) if keep else []
    found = _matched(index, query, limit, keep)
    if (without := query.without_digits) != query.text and _best(found) >= HOMOPHONE:
        other = _matched(index, Query(without), limit, keep)
        found = other if _best(other) < _best(found) else found
    marks = QueryPunctuation(typed)
    favoured = [marks.favoured(one, index.entries[one.owner].title) for one in found.values()]
    ranked = sorted(favoured, key=lambda one: _order(index, one, used, marks, truth))
    return [_hit(index, query, one, marks) for one in ranked[:limit]]


def _matched(index: SearchIndex, query: Query, limit: int, keep: Keep | None) -> dict[int, TextMatch]:
    """The best judgement of every entry that the query may mean."""
    one = Matcher(index, query, keep, limit)
    one.read_clean()
    said = sum(match.band < SYNONYM for match in one.found.values())
    if said < (1 if one.is_long else limit):
        one.read_reworded()
    enough = len(query.compact) >= (4 if query.is_latin else 2)
    few = len(one.found) < limit and len(query.words) == 1
    if enough and (one.best >= HOMOPHONE or (one.best >= MIXED and few)):
        one.read_forgiving()
    if len(one.found) < limit:
        one.read_accented_initials()
    if len(one.found) < limit:
        fallback.read_bodies(one)
    if not one.found:
        fallback.read_partly(one)
    return one.found


def _best(found: Mapping[int, TextMatch]) -> int:
    return min((one.band for one in found.values()), default=PARTIAL + 10)


def _order(
    index: SearchIndex,
    one: TextMatch,
    weights: Mapping[str, float],
    marks: QueryPunctuation,
    truth: Truth | None,
) -> tuple[int, bool, int, int, bool, float, int, float, int, str, str]:
    entry = index.entries[one.owner]
    holds = truth(entry) if truth else None
    return (
        _PLAINNESS.get(one.band // 10, one.band // 10) if one.band > EXACT + 1 else EXACT,
        holds is False and one.band > EXACT + 1,
        one.band,
        one.strain,
        holds is not True,
        -weights.get(entry.id, 0.0),
        marks.missing(entry.title),
        -one.tight,
        len(entry.title),
        entry.title,
        entry.id,
    )


def _hit(index: SearchIndex, query: Query, one: TextMatch, marks: QueryPunctuation) -> Hit:
    entry = index.entries[one.owner]
    return Hit(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        score=_score(one, marks.missing(entry.title)),
        matched=lit(entry.title, query, one),
        why=one.why,
    )


def _score(one: TextMatch, missing: int) -> float:
    """Between 0 and 1, falling as the order does: each step outweighs all that come after it."""
    return round(1 - one.band / 100 - one.strain * 9e-5 - min(missing, 4) * 1e-5 - (1 - one.tight) * 9e-6, 7)


def _all(index: SearchIndex, limit: int, weights: Mapping[str, float], keep: Keep) -> list[Hit]:
    """Nothing typed but a filter: everything it lets through, the most used first."""
    kept = [entry for entry in index.all() if keep(entry)]
    kept.sort(key=lambda entry: (-weights.get(entry.id, 0.0), entry.title, entry.id))
    return [
        Hit(id=entry.id, kind=entry.kind, title=entry.title, score=0.0, matched=(), why="filter")
        for entry in kept[:limit]
    ]


def ids(hits: Iterable[Hit]) -> list[str]:
    """The ids of `hits`, in their order."""
    return [hit.id for hit in hits]


def lit(title: str, query: Query, one: TextMatch) -> Ranges:
    """The half-open ranges of `title` that `query` matched; none when another field matched."""
    if one.field != TITLE:
        return ()
    normal = normalize(title)
    at = origins(title)
    places = spans(normal)
    pieces: list[tuple[int, int]] = []
    for first, last, skip, short in one.covered:
        for unit in range(first, last + 1):
            start, end = places[unit]
            start += skip if unit == first else 0
            end -= short if unit == last else 0
            if start < end:
                pieces.append((at[start], at[end - 1] + 1))
    return _merged(pieces)


def _merged(pieces: list[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
