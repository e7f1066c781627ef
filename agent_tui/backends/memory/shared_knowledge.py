"""Shared knowledge over a line to a helpdesk in memory: who may share, approve and revoke entries."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from agent_tui.backends.base import Rejected
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.backends.optional import digest_of
from agent_tui.domain.models import Person, Role, Seat
from agent_tui.domain.rules import CORE, LEADING
from agent_tui.wire import SharedEntries, SharedEntry


class MemorySharedKnowledge:
    """One person's view of the shared entries."""

    def __init__(self, line: MemoryLine) -> None:
        self._line, self._world = line, line.world.shared

    async def entries(self, after: int) -> SharedEntries:
        """The entries there are, or what changed after a revision."""
        self._line.check()
        rows = sorted(self._world.entries.values(), key=lambda row: row.revision)
        seen = [row for row in rows if row.revision > after and (after or self._may_read(row))]
        shown = tuple(row if self._may_read(row) else _gone(row) for row in seen)
        return SharedEntries(entries=shown, revision=self._world.revision)

    async def put(self, id: str, kind: str, content: Mapping[str, Any]) -> SharedEntry:
        """Share an entry, or propose it where a lead has to nod."""
        seat, held = self._ask(CORE), self._world.entries.get(id)
        if held is not None and not self._is_mine(held):
            raise Rejected("not-yours", status="403")
        is_shared = kind == "snippet" or seat.role in LEADING
        author = held.author if held else Person(id=seat.id, name=seat.name)
        signed = {**content, "id": id, ("author" if kind == "snippet" else "owner"): author.name}
        return self._world.store(
            SharedEntry(
                id=id,
                kind="snippet" if kind == "snippet" else "article",
                state="shared" if is_shared else "proposed",
                revision=0,
                author=author,
                at=datetime.now(UTC),
                content=signed,
            )
        )

    async def share(self, id: str) -> SharedEntry:
        """A lead's nod."""
        self._ask(LEADING)
        return self._world.store(replace(self._find(id), state="shared"))

    async def revoke(self, id: str) -> SharedEntry:
        """Take an entry away from everyone."""
        self._ask(CORE)
        held = self._find(id)
        if not self._is_mine(held):
            raise Rejected("not-yours", status="403")
        return _gone(self._world.store(replace(held, state="revoked")))

    async def model(self, known: str) -> bytes | None:
        """The learned weights; None while there are none, or when `known` is the digest of these."""
        self._line.check()
        weights = self._world.weights
        return None if not weights or digest_of(weights) == known else weights

    def _ask(self, roles: frozenset[Role]) -> Seat:
        self._line.check()
        if self._line.seat.role not in roles:
            raise Rejected("forbidden", status="403")
        return self._line.seat

    def _find(self, id: str) -> SharedEntry:
        held = self._world.entries.get(id)
        if held is None or held.state == "revoked":
            raise Rejected("unknown-entry", status="404")
        return held

    def _is_mine(self, row: SharedEntry) -> bool:
        return row.author.id == self._line.seat.id or self._line.seat.role in LEADING

    def _may_read(self, row: SharedEntry) -> bool:
        is_mine = self._line.seat.role is not Role.HELPER and self._is_mine(row)
        return row.state == "shared" or (row.state == "proposed" and is_mine)


def _gone(row: SharedEntry) -> SharedEntry:
    return replace(row, state="revoked", content={})
