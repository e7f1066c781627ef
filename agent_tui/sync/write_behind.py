"""Write-behind cache before the store: what must be on disk at once, and what may be written later."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent_tui.domain.models import Availability, Role, Seat
from agent_tui.sync.command_queue import OutboxEntry
from agent_tui.sync.errors import StoreError
from agent_tui.sync.personal import Drafts, Preferences, UseCounts
from agent_tui.sync.shapes import SendState
from agent_tui.sync.store import Store

_ME = "desk.me"


class WriteBehind:
    """Drafts, counts and settings in memory, written by `flush`; a full disk loses nothing that is here.

    `problem` is the reason why the last write failed, empty when all is on disk.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.drafts = Drafts(store.drafts(), self._touch)
        self.uses = UseCounts(store.numbers("uses"), self._touch)
        self.preferences = Preferences(store.words("views"), self._touch)
        self.problem = ""
        self._gone: set[str] = set()
        self._late: dict[str, OutboxEntry] = {}
        self._is_dirty = False
        self._forgot = False

    @property
    def aside(self) -> Path | None:
        """Where what was found damaged at the start has been put; None when nothing was."""
        return self._store.aside

    # -- who sits here
    def me(self) -> Seat | None:
        """Who sat here last, so that the screen can say so before the backend has answered."""
        try:
            seat = msgspec.json.decode(self.preferences.get(_ME, ""), type=Seat)
        except msgspec.DecodeError:
            return None
        return msgspec.structs.replace(seat, availability=Availability.OFFLINE, load=0)

    def set_me(self, seat: Seat) -> None:
        """Remember who sits here."""
        plain = Seat(id=seat.id, name=seat.name, role=seat.role)
        self.preferences.set(_ME, msgspec.json.encode(plain).decode())

    @property
    def keeps_customers(self) -> bool:
        """Whether this machine may keep more of the customers than the outbox: a helper's may not, and
        nobody's before it is known who sits here."""
        me = self.me()
        return me is not None and me.role is not Role.HELPER

    # -- the outbox
    def keep_now(self, entries: Iterable[OutboxEntry]) -> None:
        """Write entries; on disk when this returns. Raises StoreError."""
        try:
            self._store.keep([entry.record() for entry in entries])
        except StoreError as error:
            self.problem = str(error)
            raise

    def mark_sending(self, entries: Iterable[OutboxEntry]) -> None:
        """Write that entries are being sent, for a backend that would take the same one twice."""
        sending = [
            msgspec.structs.replace(entry.record(), state=SendState.SENDING.value) for entry in entries
        ]
        self._store.keep(sending)

    def keep_soon(self, entry: OutboxEntry) -> None:
        """Write an entry's new state with the next flush."""
        self._late[entry.command.id] = entry
        self._is_dirty = True

    def forget_now(self, command: str) -> None:
        """Remove a record before anything else happens; tried again later when it cannot be written."""
        self.forget_soon(command)
        self.flush()

    def forget_soon(self, command: str) -> None:
        """Remove a record with the next flush: sending its id again would change nothing."""
        self._late.pop(command, None)
        self._gone.add(command)
        self._is_dirty = True

    # -- what waits to be written
    def _touch(self) -> None:
        self._is_dirty = True

    @property
    def is_dirty(self) -> bool:
        """Whether something waits to be written."""
        return self._is_dirty

    def flush(self) -> bool:
        """Write what is unwritten; False when the disk would not have it, and then it stays to be written."""
        if not self._is_dirty:
            return True
        try:
            self._write()
        except StoreError as error:
            self.problem = str(error)
            return False
        self.problem = ""
        self._is_dirty = False
        return True

    def _write(self) -> None:
        if self._gone:
            self._store.forget(self._gone)
            self._gone.clear()
        if self._late:
            self._store.keep([entry.record() for entry in self._late.values()])
            self._late.clear()
        self._store.keep_pairs("views", self.preferences.all)
        if self.keeps_customers:
            self._store.keep_drafts(self.drafts.all)
            self._store.keep_pairs("uses", self.uses.all)
        elif self.me() is not None and not self._forgot:
            self._store.forget_customers()
            self._forgot = True
