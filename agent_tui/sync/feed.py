"""Event replication: a snapshot to start from, then the change feed from its cursor, without a gap."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

from agent_tui.backends.base import Arrived, AuthExpired, Backend, BackendError, CursorLost
from agent_tui.domain.events import Event, Gone, MessageAdded, MessageChanged, PackChanged, TicketChanged
from agent_tui.domain.models import Seat
from agent_tui.domain.presence import Presence
from agent_tui.domain.rules import apply
from agent_tui.sync.command_queue import CommandQueue, OutboxEntry
from agent_tui.sync.connection import BackendConnection, Backoff
from agent_tui.sync.conversations import Conversations
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.rows import row_of
from agent_tui.sync.shapes import Row, SendState
from agent_tui.sync.write_behind import WriteBehind
from agent_tui.wire import Me

LONGEST_STEP = 0.008


class Feed:
    """Event consumer: folds what the backend states into the replica, and takes out of the outbox what that
    confirms."""

    def __init__(
        self,
        backend: Backend,
        outbox: CommandQueue,
        keeper: WriteBehind,
        replica: TicketReplica,
        line: BackendConnection,
        conversations: Conversations,
        hold_all: Callable[[str], None],
        confirmed: Callable[[OutboxEntry], None],
    ) -> None:
        self._backend, self._outbox, self._keeper = backend, outbox, keeper
        self._replica, self._line, self._conversations = replica, line, conversations
        self._hold_all, self._confirmed = hold_all, confirmed
        self._backoff = Backoff(random.Random())
        self.on_event: list[Callable[[Event | None], None]] = []
        self.on_presence: list[Callable[[Presence], None]] = []
        self.cursor = ""
        self._lost_cursor = ""

    def follow(self, reader: Callable[[Event | None], None]) -> None:
        """Call `reader` with every event of the feed, and with null when the feed begins (again)."""
        self.on_event.append(reader)

    async def run(self) -> None:
        """Follow until cancelled; every failure but a mistake of ours is waited out."""
        while True:
            try:
                await self._follow()
            except CursorLost:
                self._lost_cursor, self.cursor = self.cursor, ""
            except AuthExpired:
                self._line.expired()
                await self._line.wait(0)
            except BackendError as error:
                wait = self._backoff.next(error)
                self._line.lost(error, wait)
                await self._line.wait(wait)

    async def _follow(self) -> None:
        self._take_me(await self._backend.me())
        is_new = not self.cursor
        if is_new:
            await self._start_over()
        self._conversations.again(only_missing=not is_new)
        self._tell(None)
        async with aclosing(self._backend.events(self.cursor)) as lines:
            await self._fold_all(lines)

    async def _fold_all(self, lines: AsyncIterator[Arrived]) -> None:
        since = time.perf_counter()
        async for arrived in lines:
            self._backoff.reset()
            self._line.alive()
            if arrived.event is not None:
                self.fold(arrived.event)
                self._tell(arrived.event)
            if arrived.presence is not None:
                for heard in self.on_presence:
                    heard(arrived.presence)
            self.cursor = arrived.cursor or self.cursor
            if time.perf_counter() - since > LONGEST_STEP:
                await asyncio.sleep(0)
                since = time.perf_counter()

    def _tell(self, event: Event | None) -> None:
        """Tell who follows the feed beside the replica; null says that it begins (again)."""
        for heard in self.on_event:
            heard(event)

    def _take_me(self, me: Me) -> None:
        known = self._keeper.me()
        if known is not None and known.id != me.id and len(self._outbox):
            self._hold_all("other-person")
        seat = Seat(id=me.id, name=me.name, role=me.role, availability=me.availability)
        self._keeper.set_me(seat)
        self._replica.set_me(seat)

    async def _start_over(self) -> None:
        rows: list[Row] = []
        start = await self._backend.snapshot(lambda ticket: rows.append(row_of(ticket)))
        me = self._replica.team.me
        if start.policy is not None:
            self._replica.policy = start.policy
        prepared = await asyncio.to_thread(self._replica.prepare, rows, me.id)
        self._replica.load(prepared, me, start.floor, start.seats)
        self.cursor = start.cursor
        if self._lost_cursor and self._epoch(self._lost_cursor) != self._epoch(start.cursor):
            # Another database, or one restored from a copy: it may have forgotten which commands it took.
            self._hold_all("epoch")
        self._lost_cursor = ""
        for entry in [e for e in self._outbox if e.state is SendState.SENT]:
            self._confirm(entry.ticket, by_snapshot=True)
        self._replica.show_all_pending()

    def _epoch(self, cursor: str) -> str:
        return self._backend.epoch(cursor)

    def fold(self, event: Event) -> None:
        """Fold one event; what it confirms leaves the outbox in the same step, so nothing shows twice."""
        match event:
            case MessageAdded(message=message) | MessageChanged(message=message):
                entry = self._outbox.get(message.id)
                if entry is not None:
                    entry.seen = True
            case TicketChanged(ticket=ticket):
                self._confirm(ticket.id, ticket.version)
            case Gone(ticket=gone):
                self._confirm(gone, by_snapshot=True)
        apply(event, self._replica)
        if isinstance(event, PackChanged):
            self._replica.packs_changed()
        if isinstance(event, TicketChanged) and self._conversations.has_other_order(event.ticket):
            self._conversations.once_more(event.ticket.id)

    def _confirm(self, ticket: str, version: int = 0, *, by_snapshot: bool = False) -> None:
        line = self._outbox.line(ticket)
        if not line:
            return
        base = self._replica.base(ticket)
        is_newer = base is None or version > base.version
        for entry in list(line):
            answered = bool(entry.version) and entry.version <= max(version, base.version if base else 0)
            gone = by_snapshot and entry.state is SendState.SENT and (base is None or answered)
            if answered or gone or (entry.seen and is_newer and version):
                self._confirmed(entry)
                self._outbox.remove(entry.command.id)
                self._keeper.forget_soon(entry.command.id)
