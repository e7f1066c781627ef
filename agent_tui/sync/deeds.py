"""What a person does: checked by the rules, on disk first, then shown, then on its way."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from agent_tui.backends.base import Unavailable
from agent_tui.domain.commands import ClaimNext, Command, SetAvailability
from agent_tui.domain.rules import can_take
from agent_tui.sync.engine import Engine
from agent_tui.sync.ids import new_id
from agent_tui.sync.outbox import STUCK, WAITING, Entry, at_version
from agent_tui.sync.shapes import Change, RefusedHere, SendState


class Deeds:
    """Deeds over the engine's parts; the desk's second half."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock
        self._outbox, self._replica = engine.outbox, engine.replica
        self._asked: ClaimNext | None = None

    def entries(self) -> list[Entry]:
        """The outbox, oldest first."""
        return sorted(self._outbox, key=lambda entry: entry.seq)

    def submit(self, command: Command, hold: float = 0.0) -> None:
        """Keep a command and show its effect; held for `hold` seconds before it may go."""
        now = self._clock()
        entry = Entry(
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

    def _show(self, entry: Entry) -> None:
        self._replica.show_line(entry.ticket)
        self._engine.changes.soon()
        self._engine.sender.wake()
        self._engine.arm()

    async def claim_next(self) -> str:
        """Ask for the most urgent waiting ticket. An unanswered question is asked again under its old id,
        so that a lost answer does not take a second ticket."""
        cannot = can_take(self._replica.me)
        if cannot is not None:
            raise RefusedHere(cannot.code, cannot.detail)
        await self._availability_first()
        command = self._asked or ClaimNext(id=new_id())
        self._asked = command
        outcome = (await self._engine.backend.send((command,)))[0]
        self._asked = None
        if outcome.outcome != "applied" or outcome.ticket is None:
            problem = outcome.problem
            raise RefusedHere(problem.code if problem else "nothing-waits")
        await self._bring(outcome.ticket)
        return outcome.ticket

    async def _availability_first(self) -> None:
        """Going online counts before the next ticket is asked for."""
        waiting = [e for e in self._outbox.line("") if isinstance(e.command, SetAvailability)]
        if waiting and not await self._until(lambda: not self._outbox.line(""), 5.0):
            raise Unavailable("unanswered", detail="set-availability")

    async def _bring(self, ticket: str) -> None:
        """Show the claimed ticket at once; when that fails the feed brings it in a moment."""
        try:
            self._replica.put_ticket(await self._engine.backend.ticket(ticket))
        except Unavailable:
            return
        self._engine.changes.soon()

    def undo(self, command: str) -> Command | None:
        """Take a held command back."""
        entry = self._outbox.get(command)
        if entry is None or entry.state is not SendState.HELD:
            return None
        self._take_out(entry)
        return entry.command

    def _take_out(self, entry: Entry) -> None:
        """Remove an entry that never went; what was made after it had counted on one version more."""
        behind = self._outbox.behind(entry)
        self._outbox.remove(entry.command.id)
        for later in behind:
            version = getattr(later.command, "version", 0)
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

    def retry(self, command: str) -> None:
        """Send an unsure or refused command again, as of what is seen now."""
        entry = self._outbox.get(command)
        if entry is None or entry.state not in STUCK:
            return
        if entry.damaged:
            raise RefusedHere("damaged")
        fresh = self._fresh(entry)
        self._replica.check(fresh)
        self._engine.keeper.keep_now([fresh])
        self._outbox.remove(command)
        if fresh.command.id != command:
            self._engine.keeper.forget_soon(command)
        self._outbox.add(fresh)
        self._show(fresh)

    def _fresh(self, entry: Entry) -> Entry:
        ticket = self._replica.ticket(entry.ticket) if entry.ticket else None
        wanted = at_version(entry.command, ticket.version if ticket else 0)
        # An unsure command may have been carried out: only its own id can find that out. One that was never
        # asked about (`not-tried`) keeps its id too.
        if entry.spent and entry.state is SendState.REFUSED:
            wanted = replace(wanted, id=new_id())
        elif entry.tries:
            wanted = entry.command
        seq, now = self._outbox.next_seq(), self._clock()
        return Entry(command=wanted, seq=seq, state=SendState.QUEUED, created_at=now)

    def discard(self, command: str) -> Command | None:
        """Drop a refused or unsure command and answer it."""
        entry = self._outbox.get(command)
        if entry is None or entry.state not in STUCK:
            return None
        self._outbox.remove(command)
        self._engine.forget(entry)
        self._show(entry)
        return entry.command

    def unsent(self) -> int:
        """How many replies and notes are not confirmed."""
        return sum(1 for e in self._outbox if e.is_words and e.state in WAITING | STUCK)

    async def drain(self, seconds: float) -> bool:
        """Wait until nothing is on its way any more; what waits for a person is not waited for."""
        await self._until(lambda: not any(e.is_words and e.state in WAITING for e in self._outbox), seconds)
        return not self.unsent()

    async def _until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait for `holds` to be true after some change."""
        happened = asyncio.Event()

        def look(_: Change) -> None:
            happened.set()

        end = self._engine.changes.subscribe(look)
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    happened.clear()
                    await happened.wait()
        except TimeoutError:
            return holds()
        finally:
            end()
        return True
