"""The desk: everything a front end may call. Reads answer at once from memory; commands are on disk first.

An action of the screen is one line here: `desk.submit(SetStatus(…))`. All else is asked of a part, such as
`desk.queue.row(id)` or `desk.outbox.undo(id)`. Nothing waits for the network but the methods that say
`async`; a front end re-reads what a `Change` names, and catches the errors named here.
"""

import time
from collections.abc import Callable
from typing import Any

from agent_tui.backends.base import AuthExpired, Backend, BackendError, Rejected, Unavailable
from agent_tui.backends.optional import Staff, required
from agent_tui.domain.commands import Command
from agent_tui.domain.models import Message
from agent_tui.domain.policy import Policy
from agent_tui.domain.presence import Presence
from agent_tui.domain.staffing import PackName
from agent_tui.errors import AgentTuiError
from agent_tui.settings import Profile, Settings
from agent_tui.sync.claims import Claims
from agent_tui.sync.engine import Engine
from agent_tui.sync.errors import ProfileInUse, RefusedHere, StoreError
from agent_tui.sync.files import Files
from agent_tui.sync.ids import new_id
from agent_tui.sync.index import QueueIndex
from agent_tui.sync.outbox import Outbox
from agent_tui.sync.secrets import find_token
from agent_tui.sync.shapes import (
    Change,
    Connection,
    Conversation,
    Draft,
    Link,
    OutboxItem,
    Row,
    SendState,
    Shown,
    Topic,
)
from agent_tui.sync.store import Store, memory_store, open_store
from agent_tui.wire import HelperIn, HelperMade, SharedEntry

__all__ = [
    "AgentTuiError",
    "AuthExpired",
    "BackendError",
    "Change",
    "Connection",
    "Conversation",
    "Desk",
    "Draft",
    "HelperIn",
    "HelperMade",
    "Link",
    "Message",
    "OutboxItem",
    "PackName",
    "Presence",
    "ProfileInUse",
    "RefusedHere",
    "Rejected",
    "Row",
    "SendState",
    "SharedEntry",
    "Shown",
    "StoreError",
    "Topic",
    "Unavailable",
    "demo_desk",
    "new_id",
    "open_desk",
]


class Desk:
    """The application below the screen (see the module), made of parts:

    `outbox` what is on its way, `claims` the next ticket, `queue` the lists, `tickets` each in full,
    `conversations` their messages, `team` who works here, `presence` who looks at what, `shared_knowledge`
    what colleagues share, `team_content` what the team publishes, `staff` helpers who come and go, `files`,
    `drafts`, `uses` and `preferences` of this person, `connection`, `feed`, `changes` to subscribe to, and
    `disk`, which says what could not be written.

    `clock` answers epoch seconds; `undo_seconds` is how long a reply is held back. Without a store everything
    is forgotten at the end.
    """

    def __init__(
        self,
        backend: Backend,
        store: Store | None = None,
        *,
        clock: Callable[[], float] = time.time,
        undo_seconds: float = 3.0,
        policy: Policy | None = None,
    ) -> None:
        self.clock = clock
        engine = Engine(backend, store or memory_store(), policy or Policy(), clock, undo_seconds)
        self._engine, self._backend = engine, backend
        self.outbox, self.claims = Outbox(engine, clock, undo_seconds), Claims(engine)
        self.tickets, self.team = engine.replica, engine.replica.team
        self.conversations = engine.conversations
        self.connection, self.feed, self.changes = engine.line, engine.feed, engine.changes
        self.presence, self.shared_knowledge, self.files = (
            engine.presence,
            engine.shared_knowledge,
            Files(backend),
        )
        self.team_content = engine.team_content
        self.disk, self.drafts = engine.keeper, engine.keeper.drafts
        self.uses, self.preferences = engine.keeper.uses, engine.keeper.preferences

    async def read(self) -> None:
        """Read what is on disk, so that it can be shown before `start`."""
        await self._engine.read()

    async def start(self) -> None:
        """Read what is on disk, show it, and begin to sync; returns before the network has answered."""
        await self._engine.start()

    async def stop(self) -> None:
        """Stop syncing, write what is unwritten, let go of the profile."""
        await self._engine.stop()
        self.files.clear()

    def tick(self) -> None:
        """Do what has come due by the clock; it happens by itself, but for a clock that a test moves."""
        self._engine.tick()

    def use_token(self, token: str) -> None:
        """Go on with another token after the old one expired; nothing unsent was lost."""
        self._backend.use_token(token)
        self.connection.renewed()
        self._engine.sender.wake()

    def submit(self, command: Command) -> None:
        """Keep `command` in the outbox and show its effect; raises as `outbox.submit`."""
        self.outbox.submit(command)

    @property
    def queue(self) -> QueueIndex:
        """The lists: every view sorted, counted and filtered; another object after every snapshot."""
        return self.tickets.index

    @property
    def staff(self) -> Staff:
        """Helpers who come and go, a lead's. Raises Rejected where the backend has no such thing."""
        return required(self._backend.capabilities.staff, "no-helpers")


def open_desk(profile: Profile, settings: Settings, server: str = "", token: str = "") -> Desk:
    """The desk of a person on this machine, connected to `server` or the one they have set.

    An empty token is looked up in the environment and the keyring when the line is first used. Raises
    BadSettings for an address that is none, ProfileInUse and StoreError for a folder that cannot be used.
    """
    from agent_tui.backends.http import HttpBackend, server_address

    address = server_address(server or settings.server)
    backend = HttpBackend(address, token, lambda: find_token(address).value)
    return Desk(backend, open_store(profile.data_dir), undo_seconds=settings.undo_seconds)


def demo_desk(
    count: int = 200, seed: int = 1, *, clock: Callable[[], float] = time.time, undo_seconds: float = 3.0
) -> tuple[Desk, Any]:
    """A desk over a seeded helpdesk in memory, and that helpdesk's line (a MemoryBackend), to let things
    happen there."""
    from agent_tui.backends.memory.seeded import seeded_backend

    backend = seeded_backend(count, seed, clock)
    return Desk(backend, clock=clock, undo_seconds=undo_seconds), backend
