"""The outbox as a person works with it: checked by the rules, on disk first (write-ahead), then shown (an
optimistic update), then on its way; undo, retry and discard.
"""

from collections.abc import Callable

from msgspec.structs import replace

from agent_tui.domain.commands import Command, SendReply, UsedEntry
from agent_tui.domain.models import Part
from agent_tui.sync.command_queue import STUCK, WAITING, OutboxEntry, at_version
from agent_tui.sync.engine import Engine
from agent_tui.sync.errors import RefusedHere
from agent_tui.sync.ids import new_id
from agent_tui.sync.shapes import OutboxItem, SendState


class Outbox:
    """What this person wants and the backend has not confirmed; a reply is held for `undo_seconds`."""

    def __init__(self, engine: Engine, clock: Callable[[], float], undo_seconds: float) -> None:
        self._engine, self._clock, self._undo_seconds = engine, clock, undo_seconds
        self._outbox, self._replica = engine.outbox, engine.replica

    def items(self) -> tuple[OutboxItem, ...]:
        """Everything unconfirmed or refused, oldest first."""
        entries = sorted(self._outbox, key=lambda entry: entry.seq)
        return tuple(e.item() for e in entries if e.state is not SendState.SENT)

    def on_sent(self, reader: Callable[[Command], None]) -> None:
        """Call `reader` with every reply that the backend has accepted, to learn from it."""
        self._engine.on_sent.append(reader)

    def submit(self, command: Command, hold: float = 0.0) -> None:
        """Keep `command` and show its effect; it goes as soon as the line allows, after `hold` seconds.

        Raises RefusedHere when the rules refuse it on what is known here, StoreError when it cannot be kept.
        """
        now = self._clock()
        entry = OutboxEntry(
            command=command,
            seq=self._outbox.next_seq(),
            state=SendState.HELD if hold > 0 else SendState.QUEUED,
            created_at=now,
            until=now + hold if hold > 0 else 0.0,
        )
        self._replica.check(entry)
        self._engine.keeper.keep_now([entry])
        self._outbox.add(entry)
        self._show(entry)

    def _show(self, entry: OutboxEntry) -> None:
        self._replica.show_line(entry.ticket)
        self._engine.changes.soon()
        self._engine.sender.wake()
        self._engine.arm()

    def reply(
        self,
        ticket: str,
        parts: tuple[Part, ...],
        entries: tuple[UsedEntry, ...] = (),
        draft: str | None = None,
        confirmed: tuple[str, ...] = (),
    ) -> str:
        """Keep a reply, held for the undo window; answers the command's id. `draft` is the handed draft that
        a helper sends, `confirmed` the rules whose question was answered. Raises as `submit`."""
        command = SendReply(
            id=new_id(), ticket=ticket, parts=parts, entries=entries, draft=draft, confirmed=confirmed
        )
        self.submit(command, hold=self._undo_seconds)
        return command.id

    def undo(self, command: str) -> Command | None:
        """Take a held command back; None when it has already gone."""
        entry = self._outbox.get(command)
        if entry is None or entry.state is not SendState.HELD:
            return None
        self._take_out(entry)
        return entry.command

    def _take_out(self, entry: OutboxEntry) -> None:
        """Remove an entry that never went; what was made after it had counted on one version more."""
        behind = self._outbox.behind(entry)
        self._outbox.remove(entry.command.id)
        for later in behind:
            version = later.command.version or 0
            if later.tries == 0 and later.state is not SendState.SENDING and version > 1:
                later.command = at_version(later.command, version - 1)
                self._engine.keeper.keep_soon(later)
        self._engine.keeper.forget_now(entry.command.id)
        self._show(entry)

    def send_now(self, command: str) -> None:
        """End a held command's undo window."""
        entry = self._outbox.get(command)
        if entry is not None and entry.state is SendState.HELD:
            entry.until = self._clock()
            self._engine.tick()
            self._engine.changes.soon()

    def retry(self, command: str, confirmed: tuple[str, ...] = ()) -> None:
        """Send an unsure or refused command again, as of what is seen now; under a new id where the old one
        is spent. `confirmed` are rules whose question was answered with yes since it was refused."""
        entry = self._outbox.get(command)
        if entry is None or entry.state not in STUCK:
            return
        if entry.damaged:
            raise RefusedHere("damaged")
        fresh = self._fresh(entry)
        if confirmed and "confirmed" in fresh.command.__struct_fields__:
            agreed = tuple(dict.fromkeys((*fresh.command.confirmed, *confirmed)))
            fresh.command = replace(fresh.command, confirmed=agreed)
        self._replica.check(fresh)
        self._engine.keeper.keep_now([fresh])
        self._outbox.remove(command)
        if fresh.command.id != command:
            self._engine.keeper.forget_soon(command)
        self._outbox.add(fresh)
        self._show(fresh)

    def _fresh(self, entry: OutboxEntry) -> OutboxEntry:
        ticket = self._replica.ticket(entry.ticket) if entry.ticket else None
        wanted = at_version(entry.command, ticket.version if ticket else 0)
        # An unsure command may have been carried out: only its own id can find that out. One that was never
        # asked about (`not-tried`) keeps its id too.
        if entry.spent and entry.state is SendState.REFUSED:
            wanted = replace(wanted, id=new_id())
        elif entry.tries:
            wanted = entry.command
        seq, now = self._outbox.next_seq(), self._clock()
        return OutboxEntry(command=wanted, seq=seq, state=SendState.QUEUED, created_at=now)

    def discard(self, command: str) -> Command | None:
        """Drop a refused or unsure command and answer it, so that its text can be mended."""
        entry = self._outbox.get(command)
        if entry is None or entry.state not in STUCK:
            return None
        self._outbox.remove(command)
        self._engine.forget(entry)
        self._show(entry)
        return entry.command

    def unsent(self) -> int:
        """How many replies and notes the backend has not confirmed."""
        return sum(1 for e in self._outbox if e.command.is_written and e.state in WAITING | STUCK)

    async def drain(self, seconds: float) -> bool:
        """Wait until nothing is on its way; False when `seconds` have passed. What waits for a person is not
        waited for."""

        def is_empty() -> bool:
            return not any(e.command.is_written and e.state in WAITING for e in self._outbox)

        await self._engine.changes.until(is_empty, seconds)
        return not self.unsent()
