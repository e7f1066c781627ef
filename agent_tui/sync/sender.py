"""Sends the outbox in batches: in order per ticket, exactly once by the command's id (idempotency key)."""

import asyncio
import random
from collections.abc import Callable

from msgspec.structs import replace

from agent_tui.backends.base import AuthExpired, Backend, BackendError, CursorLost, Rejected, Unavailable
from agent_tui.domain.commands import Command
from agent_tui.domain.rules import Applied, apply
from agent_tui.sync.changes import Changes
from agent_tui.sync.command_queue import CommandQueue, OutboxEntry, at_version
from agent_tui.sync.connection import BackendConnection, Backoff
from agent_tui.sync.ids import new_id
from agent_tui.sync.overlay import rule
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.shapes import SendState, Topic
from agent_tui.sync.write_behind import WriteBehind
from agent_tui.wire import Outcome

# Refused until the sender has looked at their own words and confirms them: the detail says which.
PLACED = frozenset({"contradicts-order"})

AT_ONCE = 4


class Sender:
    """The outbox's dispatcher: takes what may go, sends it, and acts on every outcome. It never decides
    what an outcome means twice: applied, refused and conflict are final; an unanswered send goes again under
    the same id."""

    def __init__(
        self,
        backend: Backend,
        outbox: CommandQueue,
        keeper: WriteBehind,
        replica: TicketReplica,
        line: BackendConnection,
        changes: Changes,
        on_sent: Callable[[Command], None],
    ) -> None:
        self._backend, self._outbox, self._keeper = backend, outbox, keeper
        self._replica, self._line, self._changes = replica, line, changes
        self._on_sent = on_sent
        self._backoff = Backoff(random.Random())
        self._wake = asyncio.Event()
        self._at_once = 0
        self._is_waiting = False
        line.when_alive(self._line_is_back)

    def wake(self) -> None:
        """Something may be ready to go."""
        self._wake.set()

    def _line_is_back(self) -> None:
        self._backoff.reset()
        self._is_waiting = False
        self.wake()

    async def run(self) -> None:
        """Send whatever becomes ready, until cancelled."""
        for entry in self._outbox:
            if entry.state is SendState.SENDING:
                entry.state = SendState.QUEUED
        self._wake.set()
        self._at_once = 0
        async with asyncio.TaskGroup() as group:
            while True:
                await self._wake.wait()
                self._wake.clear()
                self._start_batches(group)

    def _start_batches(self, group: asyncio.TaskGroup) -> None:
        while self._at_once < AT_ONCE and not self._is_waiting and self._line.is_online:
            batch = self._outbox.ready()
            if not batch:
                return
            self._mark(batch, SendState.SENDING)
            self._at_once += 1
            group.create_task(self._batch(batch))

    async def _batch(self, batch: list[OutboxEntry]) -> None:
        try:
            await self._send(batch)
        finally:
            self._at_once -= 1
            self.wake()

    def _mark(self, batch: list[OutboxEntry], state: SendState) -> None:
        for entry in batch:
            entry.state = state
            self._replica.messages.touch(entry.ticket)
        self._changes.topic(Topic.OUTBOX)

    async def _send(self, batch: list[OutboxEntry]) -> None:
        if not self._backend.capabilities.exactly_once:
            self._keeper.mark_sending(batch)
        try:
            outcomes = await self._backend.send(tuple(entry.command for entry in batch))
        except Unavailable as error:
            self._unanswered(batch, error)
        except AuthExpired:
            self._mark(batch, SendState.QUEUED)
            self._line.expired()
        except (Rejected, CursorLost) as error:
            self._rejected(batch, error)
        else:
            self._backoff.reset()
            self._answered(batch, outcomes)

    def _unanswered(self, batch: list[OutboxEntry], error: Unavailable) -> None:
        for entry in batch:
            entry.tries += 1
        if self._backend.capabilities.exactly_once or error.retry_after:
            self._mark(batch, SendState.QUEUED)
        else:
            for entry in batch:
                self.stop(entry, SendState.UNSURE, "unanswered", is_spent=False)
        self._pause(self._backoff.next(error))

    def _pause(self, seconds: float) -> None:
        self._is_waiting = True

        def again() -> None:
            self._is_waiting = False
            self.wake()

        asyncio.get_running_loop().call_later(seconds, again)

    def _rejected(self, batch: list[OutboxEntry], error: BackendError) -> None:
        """The whole body was refused: find out by queueing them to go alone which command it is for."""
        if len(batch) == 1:
            self.stop(batch[0], SendState.REFUSED, error.code, is_spent=False)
            return
        for entry in batch:
            entry.alone = True
        self._mark(batch, SendState.QUEUED)

    # -- outcomes
    def _answered(self, batch: list[OutboxEntry], outcomes: tuple[Outcome, ...]) -> None:
        by_id = {outcome.id: outcome for outcome in outcomes}
        # What the feed, faster than the answer, has settled is here no more.
        here = [entry for entry in batch if self._outbox.get(entry.command.id) is entry]
        for entry in here:
            if entry.command.id not in by_id:
                entry.state = SendState.QUEUED
        for entry in here:
            outcome = by_id.get(entry.command.id)
            if outcome is not None:
                self._act(entry, outcome)
        self._changes.topic(Topic.OUTBOX)

    def _act(self, entry: OutboxEntry, outcome: Outcome) -> None:
        match outcome.outcome:
            case "applied":
                self._applied(entry, outcome)
            case "refused":
                self.stop(entry, SendState.REFUSED, _reason(outcome), is_spent=True)
            case "conflict":
                self._conflict(entry, outcome)
            case _:
                self.stop(entry, SendState.REFUSED, "not-tried", is_spent=False)

    def _applied(self, entry: OutboxEntry, outcome: Outcome) -> None:
        entry.state, entry.version = SendState.SENT, outcome.version or 0
        self._keeper.forget_soon(entry.command.id)
        self.confirmed(entry)
        base = self._replica.base(entry.ticket) if entry.ticket else None
        if base is None or not entry.version or base.version >= entry.version:
            self._outbox.remove(entry.command.id)
            if not entry.ticket:
                self._take_over(entry)
        self._replica.show_line(entry.ticket)

    def confirmed(self, entry: OutboxEntry) -> None:
        """The backend has it, by its answer or by the feed: tell once."""
        if not entry.confirmed and entry.command.is_reply:
            self._on_sent(entry.command)
        entry.confirmed = True

    def _take_over(self, entry: OutboxEntry) -> None:
        """What concerns no ticket makes no message to wait for: the answer itself confirms it."""
        ruling = rule(entry, None, self._replica.around())
        for event in ruling.events if isinstance(ruling, Applied) else ():
            apply(event, self._replica)

    def _conflict(self, entry: OutboxEntry, outcome: Outcome) -> None:
        changed = frozenset(outcome.changed or ())
        base = self._replica.base(entry.ticket)
        version = max(outcome.version or 0, base.version if base else 0)
        if not changed or not changed <= entry.command.tolerates:
            self.stop(entry, SendState.REFUSED, "conflict", is_spent=True)
            return
        # What changed is nothing that a person must look at. A conflict is final for its id.
        old = entry.command.id
        self._outbox.swap(old, at_version(replace(entry.command, id=new_id()), version))
        entry.state = SendState.QUEUED
        self._keeper.forget_soon(old)
        self._keeper.keep_soon(entry)
        self.wake()

    def stop(self, entry: OutboxEntry, state: SendState, reason: str, *, is_spent: bool) -> None:
        """A person must look at `entry`; what was made after it for the same ticket stops with it."""
        behind = self._outbox.behind(entry)
        entry.state, entry.reason, entry.until, entry.spent = state, reason, 0.0, is_spent
        self._keeper.keep_soon(entry)
        for later in behind:
            if later.state is not SendState.SENDING:
                later.state, later.reason, later.until = SendState.REFUSED, "not-tried", 0.0
                self._keeper.keep_soon(later)
        self._replica.show_line(entry.ticket)
        self._changes.topic(Topic.REFUSALS)


def _reason(outcome: Outcome) -> str:
    """The stable word, with the place where the sender has to look at their own words."""
    problem = outcome.problem
    if not problem:
        return "refused"
    return f"{problem.code}: {problem.detail}" if problem.code in PLACED and problem.detail else problem.code
