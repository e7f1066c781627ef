"""The palette's search: what an agent types, in whatever way, to the entries that were meant, best first.

Candidates come from the index by letter pairs; each is then read unit by unit (`align`) and ranked: exact
before prefix before substring before initials before homophone before accent before slip. Use counts only
break ties.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from agent_tui.knowledge import judge
from agent_tui.knowledge.entries import Entry, Kind
from agent_tui.knowledge.index import Index
from agent_tui.knowledge.judge import Judged
from agent_tui.knowledge.lit import lit
from agent_tui.knowledge.query import Query

DEFAULT_LIMIT = 20

Keep = Callable[[Entry], bool]


class Hit(Struct, frozen=True, kw_only=True):
    """One found entry; `matched` are half-open ranges of code points of `title`, `why` a stable code."""

    id: str
    kind: Kind
    title: str
    score: float
    matched: tuple[tuple[int, int], ...]
    why: str


def search(
    index: Index,
    typed: str,
    limit: int = DEFAULT_LIMIT,
    weights: Mapping[str, float] | None = None,
    keep: Keep | None = None,
) -> list[Hit]:
    """The entries of `index` that `typed` may mean, best first; never raises, whatever is typed.

    `weights` (use, recency) by entry id break ties; `keep` says which entries count at all.
    """
    query = Query(typed)
    used = weights or {}
    if not query.words:
        return _all(index, limit, used, keep) if keep else []
    found = judge.judge(index, query, limit, keep)
    ranked = sorted(found.values(), key=lambda one: _order(index, one, used))
    return [_hit(index, query, one) for one in ranked[:limit]]


def _order(
    index: Index, one: Judged, weights: Mapping[str, float]
) -> tuple[int, int, float, float, int, str, str]:
    entry = index.entries[one.owner]
    return (
        one.band,
        one.strain,
        -weights.get(entry.id, 0.0),
        -one.tight,
        len(entry.title),
        entry.title,
        entry.id,
    )


def _hit(index: Index, query: Query, one: Judged) -> Hit:
    entry = index.entries[one.owner]
    return Hit(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        score=round(1 - (one.band + one.strain / 10) / 100 - (1 - one.tight) / 1000, 5),
        matched=lit(entry.title, query, one),
        why=one.why,
    )


def _all(index: Index, limit: int, weights: Mapping[str, float], keep: Keep) -> list[Hit]:
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
