"""A cache of the shared knowledge: the entries of colleagues and the learned weights, by the feed."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from agent_tui.backends.base import Backend
from agent_tui.backends.optional import SharedKnowledge, digest_of, required
from agent_tui.domain.events import EntryChanged, Event, ModelChanged
from agent_tui.sync.atomic_write import read_whole, write_whole
from agent_tui.sync.changes import Changes
from agent_tui.sync.errors import StoreError
from agent_tui.sync.following import fetch_when
from agent_tui.sync.shapes import Topic
from agent_tui.wire import SharedEntries, SharedEntry


class SharedKnowledgeCache:
    """A cache that follows the shared entries through the feed's events; what was here last is shown before
    the network answers. `may_keep` says whether this machine may write it down.
    """

    def __init__(
        self, backend: Backend, changes: Changes, folder: Path | None, may_keep: Callable[[], bool]
    ) -> None:
        self._backend, self._changes = backend, changes
        self._folder, self._may_keep = folder, may_keep
        self._held: dict[str, SharedEntry] = {}
        self._revision = 0
        self._is_whole = False
        self._wants_model = False
        self._wanted = asyncio.Event()
        self.entries: tuple[SharedEntry, ...] = ()
        self.model = b""

    @property
    def is_there(self) -> bool:
        """Whether the backend has such a thing at all."""
        return self._backend.capabilities.knowledge is not None

    # -- what is on disk
    async def read(self) -> None:
        """Show what was here last."""
        if self._folder is None:
            return
        with suppress(StoreError, msgspec.DecodeError):
            data = await asyncio.to_thread(read_whole, self._folder / "shared.json")
            kept = msgspec.json.decode(data, type=SharedEntries) if data else None
            if kept is not None:
                self._held, self._revision = {one.id: one for one in kept.entries}, kept.revision
        with suppress(StoreError):
            model: bytes | None = await asyncio.to_thread(read_whole, self._folder / "recommend.model")
            self.model = model or b""
        self._show()

    async def _write(self, name: str, data: bytes) -> None:
        if self._folder is not None and self._may_keep():
            with suppress(StoreError):  # it is in memory, and comes again with the next start
                await asyncio.to_thread(write_whole, self._folder / name, data)

    # -- following
    def heard(self, event: Event | None) -> None:
        """An event of the feed; null when the feed begins (again), and anything may have changed."""
        match event:
            case None:
                self._is_whole, self._wants_model = False, True
            case ModelChanged():
                self._wants_model = True
            case EntryChanged(entry=entry) if entry.revision > self._revision or not self._is_whole:
                pass
            case _:
                return
        self._wanted.set()

    async def run(self) -> None:
        """Fetch what is wanted until cancelled."""
        if self.is_there:
            await fetch_when(self._wanted, self._fetch)
        await asyncio.Event().wait()

    async def _fetch(self) -> None:
        source = self._source()
        after = self._revision if self._is_whole else 0
        found = await source.entries(after)
        kept = dict(self._held) if after else {}
        for entry in found.entries:
            kept[entry.id] = entry
        kept = {id: entry for id, entry in kept.items() if entry.state != "revoked"}
        is_new = kept != self._held
        self._held, self._revision, self._is_whole = kept, found.revision, True
        if is_new:
            self._show()
            whole = SharedEntries(entries=self.entries, revision=self._revision)
            await self._write("shared.json", msgspec.json.encode(whole))
        if self._wants_model:
            await self._fetch_model(source)

    async def _fetch_model(self, source: SharedKnowledge) -> None:
        data = await source.model(digest_of(self.model) if self.model else "")
        self._wants_model = False
        if data:
            self.model = data
            self._changes.topic(Topic.KNOWLEDGE)
            await self._write("recommend.model", data)

    def _show(self) -> None:
        self.entries = tuple(self._held.values())
        self._changes.topic(Topic.KNOWLEDGE)

    # -- asks the backend (raises BackendError)
    async def pack(self, id: str) -> str:
        """The text of a knowledge pack's file, as it is in force."""
        return await required(self._backend.capabilities.packs).text(id)

    async def put(self, id: str, kind: str, content: Mapping[str, Any]) -> SharedEntry:
        """Share an entry, or propose it where a lead has to nod."""
        return self._take(await self._source().put(id, kind, content))

    async def share(self, id: str) -> SharedEntry:
        """A lead's nod."""
        return self._take(await self._source().share(id))

    async def revoke(self, id: str) -> SharedEntry:
        """Take an entry away from everyone."""
        return self._take(await self._source().revoke(id))

    def _take(self, entry: SharedEntry) -> SharedEntry:
        """Show a command's effect at once; its event comes later and changes nothing."""
        if entry.state == "revoked":
            self._held.pop(entry.id, None)
        else:
            self._held[entry.id] = entry
        self._show()
        return entry

    def _source(self) -> SharedKnowledge:
        return required(self._backend.capabilities.knowledge)
