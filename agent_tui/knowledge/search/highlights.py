"""Which characters of a title light up for a query, in code points of the title as it is written."""

from agent_tui.knowledge.search.index import TITLE
from agent_tui.knowledge.search.query import Query
from agent_tui.knowledge.search.ranking import Judged
from agent_tui.knowledge.text.tokens import normalize, origins, spans

Ranges = tuple[tuple[int, int], ...]


def lit(title: str, query: Query, one: Judged) -> Ranges:
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
