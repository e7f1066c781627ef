"""The sync engine: feed and sender side by side, the timer that releases held replies, write-behind."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from agent_tui.backends.base import Backend
from agent_tui.domain.commands import Command
from agent_tui.domain.events import Event
from agent_tui.domain.policy import Policy
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import MOVING, CommandQueue, OutboxEntry, damaged_entry
from agent_tui.sync.connection import BackendConnection
from agent_tui.sync.conversations import Conversations
from agent_tui.sync.errors import StoreError
from agent_tui.sync.feed import Feed
from agent_tui.sync.presence import Colleagues
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.sender import Sender
from agent_tui.sync.shapes import SendState, Topic
from agent_tui.sync.shared_knowledge import SharedKnowledgeCache
from agent_tui.sync.snapshot import read_snapshot, remove_snapshot, write_snapshot
from agent_tui.sync.store import OutboxRecord, Store, readable
from agent_tui.sync.team_content import TeamContentCache
from agent_tui.sync.write_behind import WriteBehind

log = logging.getLogger(__name__)

WRITE_SECONDS = 1.5
SNAPSHOT_SECONDS = 60.0
LONGEST_SLEEP = 1.0
WARM_ROWS = 250
WARM_PAUSE = 0.02
SHORTEST_SLEEP = 0.01


class Engine:
    """Owns every part of the sync; the desk reads from them and hands it commands."""

    def __init__(
        self,
        backend: Backend,
        store: Store,
        policy: Policy,
        clock: Callable[[], float],
        undo_seconds: float,
    ) -> None:
        self.backend, self._store, self._clock, self._undo = backend, store, clock, undo_seconds
        self.changes, self.outbox, self.keeper = Changes(), CommandQueue(), WriteBehind(store)
        self.replica = TicketReplica(policy, clock, self.outbox, self.changes)
        self.line = BackendConnection(clock, self.changes)
        self.conversations = Conversations(backend, self.replica)
        self.on_sent: list[Callable[[Command], None]] = [self._count_uses]
        self.sender = Sender(
            backend, self.outbox, self.keeper, self.replica, self.line, self.changes, self._sent
        )
        self.feed = Feed(
            backend,
            self.outbox,
            self.keeper,
            self.replica,
            self.line,
            self.conversations,
            self.hold_all,
            self.sender.confirmed,
        )
        self.shared_knowledge = SharedKnowledgeCache(
            backend, self.changes, store.folder, lambda: self.keeper.keeps_customers
        )
        self.feed.follow(self.shared_knowledge.heard)
        self.team_content = TeamContentCache(backend, self.changes, store.folder)
        self.feed.follow(self.team_content.heard)
        self.presence = Colleagues(backend, self.replica, self.line, self.changes, clock)
        self.feed.on_presence.append(self.presence.heard)
        self.keeper.drafts.on_kept(self.presence.write)
        self.feed.follow(self._begins)
        self._tasks: list[asyncio.Task[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._saved_cursor = ""
        self._is_read = False

    # -- life
    async def read(self) -> None:
        """Show what is on disk; a second time does nothing."""
        if self._is_read:
            return
        self._is_read = True
        self._read_outbox()
        await self._read_snapshot()
        await self.shared_knowledge.read()
        await self.team_content.read()
        self.replica.show_all_pending()

    async def start(self) -> None:
        """Show what is on disk and begin to sync."""
        await self.read()
        self._tasks = [
            asyncio.create_task(self._forever(self.feed.run)),
            asyncio.create_task(self._forever(self.sender.run)),
            asyncio.create_task(self._forever(self.shared_knowledge.run)),
            asyncio.create_task(self._forever(self.team_content.run)),
            asyncio.create_task(self._forever(self.presence.run)),
            asyncio.create_task(self._write_lazily()),
            asyncio.create_task(self._warm_up()),
        ]
        self.tick()

    def _read_outbox(self) -> None:
        for record in self._store.records:
            self.outbox.add(self._entry_of(record))
        for damaged in self._store.damaged:
            ticket, words = readable(damaged)
            self.outbox.add(damaged_entry(self.outbox.next_seq(), damaged.key, ticket, words))
        if len(self.outbox):
            self.changes.topic(Topic.OUTBOX)

    def _entry_of(self, record: OutboxRecord) -> OutboxEntry:
        state, reason = SendState(record.state), record.reason
        if state is SendState.SENDING:
            state, reason = SendState.UNSURE, "unanswered"
        until = self._clock() + self._undo if state is SendState.HELD else 0.0
        return OutboxEntry(
            command=record.command,
            seq=record.seq,
            state=state,
            reason=reason,
            created_at=record.created_at,
            until=until,
            spent=reason not in ("not-tried", "epoch", "other-person", "recovered", ""),
        )

    @property
    def snapshot_file(self) -> Path | None:
        """Where the rows lie on disk; nowhere for a store that only remembers."""
        return None if self._store.folder is None else self._store.folder / "rows.msgpack"

    async def _read_snapshot(self) -> None:
        me, file = self.keeper.me(), self.snapshot_file
        if me is not None:
            self.replica.set_me(me)
        if file is None or me is None:
            return
        if not self.keeper.keeps_customers:
            remove_snapshot(file)
            return
        state = await asyncio.to_thread(read_snapshot, file)
        if state is None or state.me.id != me.id:
            return
        prepared = await asyncio.to_thread(self.replica.prepare, state.rows, me.id)
        self.replica.load(prepared, me, state.floor, state.seats)
        self.replica.restore(state.own, state.talks)
        self.feed.cursor = self._saved_cursor = state.cursor

    async def stop(self) -> None:
        """Stop syncing and write what is unwritten."""
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.conversations.stop()
        self.keeper.flush()
        await self._save_snapshot()
        self.changes.flush()
        await self.backend.aclose()
        self._store.close()

    async def _forever(self, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await run()
            except Exception as error:  # noqa: BLE001 - the engine's border: a mistake must not end the desk
                places = "".join(traceback.format_tb(error.__traceback__))
                log.error("sync stumbled: %s\n%s", type(error).__name__, places)
                self.line.lost(None, LONGEST_SLEEP)
                await asyncio.sleep(LONGEST_SLEEP)

    def _begins(self, event: Event | None) -> None:
        if event is None:
            self.presence.begin()

    # -- time
    def tick(self) -> None:
        """Do what has come due: held replies go, promises come close, snoozed tickets wake."""
        now = self._clock()
        for entry in self.outbox.release(now):
            self.keeper.keep_soon(entry)
            self.replica.messages.touch(entry.ticket)
            self.changes.topic(Topic.OUTBOX)
            self.sender.wake()
        self.changes.tickets(self.replica.index.tick(now))
        self.arm()

    def arm(self) -> None:
        """Set the timer for the next thing that comes due."""
        if self._timer is not None:
            self._timer.cancel()
        dues = (self.outbox.next_release(), self.replica.index.next_due())
        due = min((d for d in dues if d is not None), default=self._clock() + LONGEST_SLEEP)
        wait = min(max(due - self._clock(), SHORTEST_SLEEP), LONGEST_SLEEP)
        self._timer = asyncio.get_running_loop().call_later(wait, self.tick)

    # -- writing
    async def _write_lazily(self) -> None:
        """Every while write what waits; a disk that refuses is asked again, nothing in memory is given up."""
        since = 0.0
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            self.keeper.flush()
            since += WRITE_SECONDS
            if since >= SNAPSHOT_SECONDS:
                since = 0.0
                await self._save_snapshot()

    async def _warm_up(self) -> None:
        """Prepare the filter in small steps, for every index that takes the place of another."""
        while True:
            is_more = self.replica.index.warm(WARM_ROWS)
            await asyncio.sleep(WARM_PAUSE if is_more else LONGEST_SLEEP)

    async def _save_snapshot(self) -> None:
        file = self.snapshot_file
        cursor = self.feed.cursor
        if file is None or not self.keeper.keeps_customers or not cursor or cursor == self._saved_cursor:
            return
        state = self.replica.state(cursor)
        try:
            await asyncio.to_thread(write_snapshot, file, state)
        except StoreError as error:
            self.keeper.problem = str(error)
        else:
            self._saved_cursor = cursor

    # -- the outbox
    def hold_all(self, reason: str) -> None:
        """Send nothing of what waits before a person has looked at it."""
        for entry in self.outbox:
            if entry.state in MOVING:
                entry.state, entry.reason, entry.until = SendState.UNSURE, reason, 0.0
                self.keeper.keep_soon(entry)
        self.keeper.flush()
        self.replica.show_all_pending()
        self.changes.topic(Topic.OUTBOX)
        self.changes.topic(Topic.REFUSALS)

    def forget(self, entry: OutboxEntry) -> None:
        """Remove what is kept of an entry, a damaged record too."""
        if entry.damaged:
            self._store.forget_damaged(entry.damaged)
        self.keeper.forget_now(entry.command.id)

    def _sent(self, command: Command) -> None:
        for reader in self.on_sent:
            reader(command)

    def _count_uses(self, command: Command) -> None:
        for used in command.entries:
            self.keeper.uses.add(used.id)
