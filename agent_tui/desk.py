"""The desk: everything a front end may call. Reads answer at once from memory; deeds are on disk first.

An action of the screen is one line here: `desk.submit(SetStatus(…))`. Nothing in this module waits for the
network but the methods that say `async`; a front end re-reads what a `Change` names.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent_tui.backends.base import Backend, Rejected, Staff
from agent_tui.domain.commands import Command, SendReply, UsedEntry
from agent_tui.domain.events import Event
from agent_tui.domain.models import FileInfo, Floor, Message, Part, Seat, Ticket, TicketDetail
from agent_tui.domain.policy import Policy
from agent_tui.domain.presence import Presence
from agent_tui.domain.staffing import PackName
from agent_tui.domain.views import View
from agent_tui.settings import Profile, Settings
from agent_tui.sync.deeds import Deeds
from agent_tui.sync.engine import Engine
from agent_tui.sync.errors import StoreError
from agent_tui.sync.files import Files
from agent_tui.sync.ids import new_id
from agent_tui.sync.secrets import find_token
from agent_tui.sync.shapes import (
    Change,
    Connection,
    Conversation,
    Draft,
    Link,
    OutboxItem,
    RefusedHere,
    Row,
    SendState,
    Shown,
    Topic,
)
from agent_tui.sync.store import Store, memory_store, open_store
from agent_tui.wire import HelperIn, HelperMade, SharedEntry

__all__ = [
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
    "RefusedHere",
    "Row",
    "SendState",
    "SharedEntry",
    "Shown",
    "StoreError",
    "Topic",
]


class Desk:
    """The application below the screen (see the module).

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
        self._undo_seconds = undo_seconds
        self._engine = Engine(backend, store or memory_store(), policy or Policy(), clock, undo_seconds)
        self._replica = self._engine.replica
        self._deeds = Deeds(self._engine, clock)
        self._files = Files(backend)

    # -- life
    async def read(self) -> None:
        """Read what is on disk, so that it can be shown before `start`."""
        await self._engine.read()

    async def start(self) -> None:
        """Read what is on disk, show it, and begin to sync; returns before the network has answered."""
        await self._engine.start()

    async def stop(self) -> None:
        """Stop syncing, write what is unwritten, let go of the profile."""
        await self._engine.stop()
        self._files.clear()

    def subscribe(self, reader: Callable[[Change], None]) -> Callable[[], None]:
        """Call `reader` in the event loop with every change; the answer ends it."""
        return self._engine.changes.subscribe(reader)

    def tick(self) -> None:
        """Do what has come due by the clock; it happens by itself, but for a clock that a test moves."""
        self._engine.tick()

    def use_token(self, token: str) -> None:
        """Go on with another token after the old one expired; nothing unsent was lost."""
        self._engine.backend.use_token(token)
        self._engine.line.renewed()
        self._engine.sender.wake()

    def try_now(self) -> None:
        """Do not wait for the next try: ask the backend now."""
        self._engine.line.nudge()

    def on_sent(self, deed: Callable[[SendReply], None]) -> None:
        """Call `deed` with every reply that the backend has accepted, to learn from it."""
        self._engine.on_sent.append(deed)

    def on_event(self, deed: Callable[[Event | None], None]) -> None:
        """Call `deed` with every event of the feed, and with null when the feed begins (again)."""
        self._engine.feed.on_event.append(deed)

    # -- reads (memory only)
    @property
    def me(self) -> Seat:
        """The person at this desk; empty id before the backend ever answered."""
        return self._replica.me

    @property
    def host(self) -> str:
        """Where files come from, shown before one is opened."""
        return self._engine.backend.host

    @property
    def floor(self) -> Floor:
        """Phase and emergency level."""
        return self._replica.floor

    @property
    def connection(self) -> Connection:
        """The line to the backend."""
        return self._engine.line.connection

    @property
    def disk_problem(self) -> str:
        """Why something could not be kept on this machine; empty when all is well."""
        return self._engine.keeper.problem

    @property
    def has_snapshot(self) -> bool:
        """Whether any state is here yet, from disk or the backend."""
        return self._replica.loaded

    def seats(self) -> tuple[Seat, ...]:
        """Everybody a ticket can be given to, by name."""
        return self._replica.seats()

    def seat(self, person: str) -> Seat | None:
        """A person's seat; null for nobody known."""
        return self._replica.seat(person)

    def calls(self) -> tuple[Row, ...]:
        """Tickets whose helper calls for help (`row.help`), the longest call first."""
        return self._replica.calls()

    def ids(self, view: View, query: str = "") -> list[str]:
        """The view's tickets, most urgent first; `query` filters by customer, numbers and words."""
        return self._replica.index.ids(view, query)

    def counts(self) -> dict[View, int]:
        """How many tickets each view holds."""
        return self._replica.index.counts()

    def row(self, ticket: str) -> Row | None:
        """A ticket's list fields, the outbox's effects included."""
        return self._replica.index.rows.get(ticket)

    def ticket(self, ticket: str) -> Ticket | None:
        """A ticket with its promises and urgency, the outbox's effects included; detail when it is loaded."""
        return self._replica.detail(ticket) or self._replica.ticket(ticket)

    def detail(self, ticket: str) -> TicketDetail | None:
        """The ticket with order and customer spelled out, once `open` has brought it."""
        return self._replica.detail(ticket)

    def conversation(self, ticket: str) -> Conversation:
        """The messages that are here, with our own unsent ones at the end."""
        return self._replica.conversation(ticket)

    def outbox(self) -> tuple[OutboxItem, ...]:
        """Everything unconfirmed or refused, oldest first."""
        return tuple(e.item() for e in self._deeds.entries() if e.state is not SendState.SENT)

    # -- reads that ask the backend (raise BackendError)
    async def open(self, ticket: str) -> None:
        """Bring a ticket's detail and newest messages and keep them fresh while it is open."""
        await self._engine.reader.open(ticket)

    def close(self, ticket: str) -> None:
        """Let a ticket's messages go again."""
        self._replica.close(ticket)

    async def load_older(self, ticket: str) -> bool:
        """Bring the page before the oldest message; False when there is none."""
        return await self._engine.reader.older(ticket)

    async def search(self, query: str) -> list[Ticket]:
        """Tickets that contain `query`, closed ones too."""
        return list((await self._engine.backend.search(query)).tickets)

    async def pack(self, id: str) -> str:
        """The text of a knowledge pack's file, as it is in force."""
        return await self._engine.backend.pack(id)

    async def fetch(self, file: FileInfo) -> Path:
        """A file's bytes in a private temporary file of this run, named safely."""
        return await self._files.fetch(file)

    async def upload(self, path: Path, entry: str = "") -> FileInfo:
        """Store a file that a reply will carry, once a run; `entry` is the knowledge entry that names it."""
        return await self._files.upload(path, entry)

    # -- deeds
    def new_id(self) -> str:
        """A fresh ULID for a command."""
        return new_id()

    def submit(self, command: Command) -> None:
        """Keep `command` in the outbox and show its effect; it goes as soon as the line allows.

        Raises RefusedHere when the rules refuse it on what is known here, StoreError when it cannot be kept.
        """
        self._deeds.submit(command)

    async def claim_next(self) -> str:
        """Take the most urgent waiting ticket and answer its id; asks the backend, never optimistic.

        Raises RefusedHere (`nothing-waits`, `not-online`, `at-capacity`) or BackendError.
        """
        return await self._deeds.claim_next()

    def reply(
        self,
        ticket: str,
        parts: tuple[Part, ...],
        entries: tuple[UsedEntry, ...] = (),
        draft: str | None = None,
    ) -> str:
        """Keep a reply, held for the undo window; answers the command's id. `draft` is the handed draft that
        a helper sends. Raises as `submit`."""
        command = SendReply(id=new_id(), ticket=ticket, parts=parts, entries=entries, draft=draft)
        self._deeds.submit(command, hold=self._undo_seconds)
        return command.id

    def undo(self, command: str) -> Command | None:
        """Take a held command back; None when it has already gone."""
        return self._deeds.undo(command)

    def send_now(self, command: str) -> None:
        """End a held command's undo window."""
        self._deeds.send_now(command)

    def retry(self, command: str) -> None:
        """Send an unsure or refused command again, under a new id where the old one is spent."""
        self._deeds.retry(command)

    def discard(self, command: str) -> Command | None:
        """Drop a refused or unsure command and answer it, so that its text can be mended."""
        return self._deeds.discard(command)

    def unsent(self) -> int:
        """How many replies and notes the backend has not confirmed."""
        return self._deeds.unsent()

    async def drain(self, seconds: float) -> bool:
        """Wait until nothing is unsent; False when `seconds` have passed."""
        return await self._deeds.drain(seconds)

    def use_pack(self, entries: frozenset[str], cards: dict[str, str] | None = None) -> None:
        """A helper answers from these entries, and has these emergency cards by their words: what is sent of
        them need not seem to await approval."""
        self._replica.pack_entries, self._replica.pack_cards = entries, cards or {}

    # -- what colleagues share
    @property
    def can_share(self) -> bool:
        """Whether the backend shares knowledge at all."""
        return self._engine.shelf.is_there

    def shared_entries(self) -> tuple[SharedEntry, ...]:
        """What colleagues share, and what is proposed where this person may see it."""
        return self._engine.shelf.entries

    def model(self) -> bytes:
        """The weights learned from everyone's replies; empty while there are none."""
        return self._engine.shelf.model

    async def share_entry(self, id: str, kind: str, content: Mapping[str, Any]) -> SharedEntry:
        """Share a snippet with everyone, or propose an article; raises BackendError."""
        return await self._engine.shelf.put(id, kind, content)

    async def approve_entry(self, id: str) -> SharedEntry:
        """A lead's nod to what was proposed; raises BackendError."""
        return await self._engine.shelf.share(id)

    async def revoke_entry(self, id: str) -> SharedEntry:
        """Take a shared entry away from everyone; raises BackendError."""
        return await self._engine.shelf.revoke(id)

    # -- helpers who come and go (a lead's; raise BackendError)
    async def packs(self) -> tuple[PackName, ...]:
        """The packs a helper can be given."""
        return await self._staff().packs()

    async def invite(self, form: HelperIn) -> HelperMade:
        """A token for a helper; it can be read only now."""
        return await self._staff().invite(form)

    async def revoke_helper(self, helper: str) -> None:
        """End a helper's shift."""
        await self._staff().revoke(helper)

    def _staff(self) -> Staff:
        staff = self._engine.backend.staff
        if staff is None:
            raise Rejected("no-helpers")
        return staff

    # -- who looks at what (true while the line holds, kept nowhere)
    def look_at(self, ticket: str | None, draft: str = "") -> None:
        """From now on this person looks at `ticket` (None: at none) with `draft` half-written: of an agent is
        told that they write, of a helper what."""
        self._engine.company.look(ticket, draft)

    def lookers(self, ticket: str) -> tuple[Presence, ...]:
        """Which colleagues look at `ticket` now, by name; known of a ticket that one looks at oneself."""
        return self._engine.company.lookers(ticket)

    def draft_of(self, ticket: str) -> Presence | None:
        """What a helper is writing at `ticket`, where this person may read it; null for nothing."""
        return next((one for one in self.lookers(ticket) if one.draft.strip()), None)

    def writers(self) -> frozenset[str]:
        """Who is writing, as far as it is told here: at tickets one looks at, and one's helpers anywhere."""
        return self._engine.company.writers()

    # -- what belongs to this person
    def draft(self, ticket: str) -> Draft:
        """The half-written text of a ticket; empty when there is none."""
        return self._engine.keeper.drafts.get(ticket, Draft())

    def save_draft(self, ticket: str, draft: Draft) -> None:
        """Keep a draft (written lazily, at the latest after two seconds); an empty text forgets it."""
        self._engine.keeper.set_draft(ticket, draft)
        self._engine.company.write(ticket, draft.text)

    def drafts(self) -> frozenset[str]:
        """The tickets that have a draft."""
        return frozenset(self._engine.keeper.drafts)

    def use_count(self, entry: str) -> int:
        """How often this person has sent a knowledge entry."""
        return self._engine.keeper.uses.get(entry, 0)

    def view_setting(self, key: str, default: str) -> str:
        """A small remembered choice of the screen, such as the last view."""
        return self._engine.keeper.views.get(key, default)

    def set_view_setting(self, key: str, value: str) -> None:
        """Remember a small choice."""
        self._engine.keeper.set_view(key, value)


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
    from agent_tui.backends.seeded import seeded_backend

    backend = seeded_backend(count, seed, clock)
    return Desk(backend, clock=clock, undo_seconds=undo_seconds), backend
