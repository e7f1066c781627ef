"""Shared content, between the wire and the library: shared entries as entries, own ones as content."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from agent_tui.knowledge.content.entries import Article, Entry, Snippet, entry_of
from agent_tui.knowledge.content.own import OwnFolder
from agent_tui.knowledge.content.sources import OWN, PROPOSED, SERVER, Source, find
from agent_tui.wire import SharedEntry

_LEFT_OUT = ("id", "needs", "file", "author", "owner")


def entries_of(shared: Iterable[SharedEntry], today: date | None = None) -> Iterator[Entry]:
    """The shared entries that are valid `today`; one that this version cannot read is left out."""
    day = today or date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    for one in shared:
        source = _source(one)
        if source is None or (isinstance(source, Article) and not _is_valid(source, day)):
            continue
        yield entry_of(source, SERVER if one.state == "shared" else PROPOSED)


def _source(one: SharedEntry) -> Snippet | Article | None:
    kind: Any = Snippet if one.kind == "snippet" else Article
    known = {name: value for name, value in one.content.items() if name in kind.__struct_fields__}
    try:
        source: Snippet | Article = msgspec.convert({**known, "id": one.id}, kind)
    except msgspec.ValidationError:
        return None
    return source


def _is_valid(article: Article, day: date) -> bool:
    return (article.valid_from or day) <= day <= (article.valid_until or day)


class LiveEntries:
    """The shared entries as the library reads them, turned into entries once for every change."""

    def __init__(self, shared: Callable[[], Sequence[SharedEntry]]) -> None:
        self._shared = shared
        self._seen: Sequence[SharedEntry] | None = None
        self._entries: tuple[Entry, ...] = ()

    def __call__(self) -> tuple[Entry, ...]:
        """The entries as they are now."""
        seen = self._shared()
        if seen is not self._seen:
            self._seen, self._entries = seen, tuple(entries_of(seen))
        return self._entries


def own_source(own: OwnFolder, id: str) -> Snippet | Article | None:
    """The own snippet or case with this id, as its file has it. Blocks."""
    found = find(Source(origin=OWN, paths=(own.path,)))
    sources: list[Snippet | Article] = [one.snippet for one in found.snippets]
    sources += [case.article for case in found.articles]
    return next((source for source in sources if source.id == id), None)


def content_of(source: Snippet | Article) -> dict[str, Any]:
    """What is said of `source` to share it: its words, without what the server adds or cannot have."""
    told: dict[str, Any] = msgspec.to_builtins(source)
    return {name: value for name, value in told.items() if name not in _LEFT_OUT and value not in (None, "")}


def is_newer(entry: Entry, one: SharedEntry) -> bool:
    """Whether the own `entry` says something else than what is shared of it."""
    said = one.content.get("body" if one.kind == "snippet" else "script", "")
    return bool(entry.title != one.content.get("title") or entry.text != said)
