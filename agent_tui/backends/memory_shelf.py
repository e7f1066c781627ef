"""What colleagues share, in memory: the same rules as the server's, for tests and the offline demo."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from agent_tui.backends.base import Rejected, digest_of
from agent_tui.domain.events import EntryChanged, EntryState, Event, ModelChanged
from agent_tui.domain.models import Person, Role, Seat
from agent_tui.domain.rules import CORE, LEADING
from agent_tui.wire import SharedEntries, SharedEntry


class SharedWorld:
    """The entries and weights of one helpdesk; `tell` puts an event into its feed."""

    def __init__(self, tell: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        self.entries: dict[str, SharedEntry] = {}
        self.revision = 0
        self.weights = b""
        self._version = 0

    def learn(self, weights: bytes) -> None:
        """Have `weights` as what was learned last."""
        self.weights, self._version = weights, self._version + 1
        self._tell(ModelChanged(version=self._version))

    def store(self, entry: SharedEntry) -> SharedEntry:
        """Keep `entry` under a new revision."""
        self.revision += 1
        at = datetime.fromtimestamp(self._clock(), UTC)
        kept = self.entries[entry.id] = replace(entry, revision=self.revision, at=at)
        state = EntryState(id=kept.id, state=kept.state, revision=kept.revision)
        self._tell(EntryChanged(entry=state))
        return kept


class MemoryShelf:
    """One person's view of the shared entries."""

    def __init__(self, world: SharedWorld, seat: Callable[[], Seat], check: Callable[[], None]) -> None:
        self._world = world
        self._seat = seat
        self._check = check

    async def entries(self, after: int) -> SharedEntries:
        """The entries there are, or what changed after a revision."""
        self._check()
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
        self._check()
        weights = self._world.weights
        return None if not weights or digest_of(weights) == known else weights

    def _ask(self, roles: frozenset[Role]) -> Seat:
        self._check()
        if self._seat().role not in roles:
            raise Rejected("forbidden", status="403")
        return self._seat()

    def _find(self, id: str) -> SharedEntry:
        held = self._world.entries.get(id)
        if held is None or held.state == "revoked":
            raise Rejected("unknown-entry", status="404")
        return held

    def _is_mine(self, row: SharedEntry) -> bool:
        return row.author.id == self._seat().id or self._seat().role in LEADING

    def _may_read(self, row: SharedEntry) -> bool:
        is_mine = self._seat().role is not Role.HELPER and self._is_mine(row)
        return row.state == "shared" or (row.state == "proposed" and is_mine)


def _gone(row: SharedEntry) -> SharedEntry:
    return replace(row, state="revoked", content={})
