"""The team's published content on this machine: the last version, followed through the feed."""

import asyncio
from contextlib import suppress
from pathlib import Path

import msgspec

from agent_tui.backends.base import Backend, BackendError
from agent_tui.backends.optional import ContentStore, required
from agent_tui.domain.events import ContentPublished, Event
from agent_tui.domain.team_content import (
    KEPT_FILE,
    ContentFile,
    ContentIn,
    ContentVersion,
    TeamContent,
    content_digest,
    tag_of,
)
from agent_tui.sync.atomic_write import read_whole, write_whole
from agent_tui.sync.changes import Changes
from agent_tui.sync.errors import StoreError
from agent_tui.sync.following import fetch_when
from agent_tui.sync.shapes import Topic
from agent_tui.wire import decode, encode


def kept_content(data: bytes) -> TeamContent:
    """What a desk kept; nothing for a copy that is not what was written. Raises DecodeError."""
    kept = decode(data, TeamContent) if data else TeamContent()
    return kept if kept.digest == content_digest(kept.files) else TeamContent()


class TeamContentCache:
    """The content in force as far as this machine knows; what was here last is shown before the network
    answers. It is one file: the paths in it never become files here.
    """

    def __init__(self, backend: Backend, changes: Changes, folder: Path | None) -> None:
        self._backend, self._changes = backend, changes
        self._file = None if folder is None else folder / KEPT_FILE
        self._wanted = asyncio.Event()
        self.content = TeamContent()

    async def read(self) -> None:
        """Show what was here last; a damaged file is nothing."""
        if self._file is None:
            return
        with suppress(StoreError, msgspec.DecodeError, UnicodeDecodeError):
            data = await asyncio.to_thread(read_whole, self._file)
            self._show(await asyncio.to_thread(kept_content, data or b""))

    def heard(self, event: Event | None) -> None:
        """An event of the feed; null when the feed begins (again), and anything may have changed."""
        if event is None or (isinstance(event, ContentPublished) and event.version != self.content.version):
            self._wanted.set()

    async def run(self) -> None:
        """Fetch what is wanted until cancelled."""
        if self._backend.capabilities.content is not None:
            await fetch_when(self._wanted, self._fetch)
        await asyncio.Event().wait()

    async def _fetch(self) -> None:
        found = await self._store().current(tag_of(self.content))
        if found is None:
            return
        self._show(found)
        if self._file is not None:
            with suppress(StoreError):  # it is in memory, and comes again with the next start
                await asyncio.to_thread(write_whole, self._file, encode(found))

    def _show(self, content: TeamContent) -> None:
        self.content = content
        self._changes.topic(Topic.KNOWLEDGE)

    async def publish(self, base: int, files: tuple[ContentFile, ...], note: str) -> ContentVersion:
        """Put files in force for everyone; `base` is the version they were made from.

        Raises BackendError, Rejected `content-changed` when another has come since.
        """
        try:
            return await self._store().publish(ContentIn(base=base, files=files, note=note))
        finally:
            # What has come instead, or this: the next try is made from what is in force.
            with suppress(BackendError):
                await self._fetch()

    def _store(self) -> ContentStore:
        return required(self._backend.capabilities.content)
