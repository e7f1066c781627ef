"""An index over bare titles, and the best hit in it."""

from collections.abc import Iterable

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import Hit, search


def index_of(titles: Iterable[str]) -> SearchIndex:
    """The titles as entries without a body."""
    return SearchIndex.build(Entry(id=str(n), kind="title", title=title) for n, title in enumerate(titles))


def first(index: SearchIndex, typed: str) -> Hit:
    """The best hit."""
    hits = search(index, typed)
    assert hits, f"nothing found for {typed}"
    return hits[0]
