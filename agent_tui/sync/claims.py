"""Claiming the most urgent waiting ticket: asked of the backend, never optimistic, idempotent by its id."""

from agent_tui.backends.base import Unavailable
from agent_tui.domain.commands import ClaimNext
from agent_tui.domain.rules import can_take
from agent_tui.sync.command_queue import WAITING
from agent_tui.sync.engine import Engine
from agent_tui.sync.errors import RefusedHere
from agent_tui.sync.ids import new_id

AVAILABILITY_SECONDS = 5.0


class Claims:
    """Claim requests (idempotent retry): an unanswered one is asked again under its old id, so that a lost
    answer does not take a second ticket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: ClaimNext | None = None

    async def next(self) -> str:
        """Take the most urgent waiting ticket and answer its id.

        Raises RefusedHere (`nothing-waits`, `not-online`, `at-capacity`) or BackendError.
        """
        cannot = can_take(self._engine.replica.team.me)
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
        queued = self._engine.outbox

        def is_settled() -> bool:
            return not any(entry.state in WAITING for entry in queued.line(""))

        if not await self._engine.changes.until(is_settled, AVAILABILITY_SECONDS):
            raise Unavailable("unanswered", detail="set-availability")

    async def _bring(self, ticket: str) -> None:
        """Show the claimed ticket at once; when that fails the feed brings it in a moment."""
        try:
            self._engine.replica.put_ticket(await self._engine.backend.ticket(ticket))
        except Unavailable:
            return
        self._engine.changes.soon()
