"""Carries out commands in memory: each once by its id (idempotency key), decided by the rules, committed."""

from collections.abc import Iterable

from msgspec import Struct

from agent_tui.backends.memory.lending import WorldLending
from agent_tui.backends.memory.scene import scene_of
from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.assignment import is_waiting, queue_order
from agent_tui.domain.commands import Command, Need
from agent_tui.domain.events import Event, MessageAdded, MessageChanged
from agent_tui.domain.models import Seat, Ticket
from agent_tui.domain.rules import Applied, Conflict, Refused, Ruling, decide
from agent_tui.domain.shifts import goes_out
from agent_tui.wire import PROBLEM_BASE, Outcome, Problem


class _Answered(Struct, frozen=True):
    actor: str
    command: Command
    outcome: Outcome


class WorldCommands:
    """Rules on commands in order and remembers every answer."""

    def __init__(self, state: WorldState, lending: WorldLending) -> None:
        self._state, self._lending = state, lending
        self._answered: dict[str, _Answered] = {}

    def carry_out(self, actor: str, commands: Iterable[Command]) -> tuple[Outcome, ...]:
        """One outcome a command; later ones of a ticket that failed are not tried."""
        failed: set[str] = set()
        outcomes = []
        for command in commands:
            if command.ticket is not None and command.ticket in failed:
                outcomes.append(Outcome(id=command.id, outcome="not-tried", ticket=command.ticket))
                continue
            outcome = self._once(actor, command)
            if outcome.outcome != "applied" and command.ticket is not None:
                failed.add(command.ticket)
            outcomes.append(outcome)
        return tuple(outcomes)

    def _once(self, actor: str, command: Command) -> Outcome:
        known = self._answered.get(command.id)
        if known is not None:
            is_same = known.actor == actor and known.command == command
            return known.outcome if is_same else _refused(command, Refused("id-taken"))
        outcome = self._rule(self._state.seats[actor], command)
        self._answered[command.id] = _Answered(actor, command, outcome)
        return outcome

    def _rule(self, actor: Seat, command: Command) -> Outcome:
        ticket = self._ticket_of(command)
        scene = scene_of(self._state, self._lending, actor, command, ticket)
        ruling = self._with_files(command, decide(command, scene))
        if isinstance(ruling, Refused):
            return _refused(command, ruling)
        if isinstance(ruling, Conflict):
            return _conflict(command, ruling, ticket)
        self._store(command, ruling.events)
        if command.ends_access:
            self._lending.ended.add(actor.id)
        return self._applied(command, ticket)

    def _ticket_of(self, command: Command) -> Ticket | None:
        if command.ticket is not None:
            return self._state.tickets.get(command.ticket)
        return self._most_urgent() if Need.QUEUE in command.needs else None

    def _most_urgent(self) -> Ticket | None:
        waiting = (t for t in self._state.tickets.values() if is_waiting(t, self._state.now))
        return min(waiting, key=queue_order, default=None)

    def _with_files(self, command: Command, ruling: Ruling) -> Ruling:
        """`ruling`, refused when the command's words carry a file that is not here."""
        files = (part.file.id for part in command.words if part.file)
        lost = next((id for id in files if id not in self._state.files), None)
        return Refused("unknown-file", lost) if lost is not None and isinstance(ruling, Applied) else ruling

    def _store(self, command: Command, events: tuple[Event, ...]) -> None:
        commit = self._state.commit_aside if command.touches is None else self._state.commit
        commit(events)
        for event in events:
            if isinstance(event, MessageAdded | MessageChanged) and goes_out(event.message):
                self._state.replies.append(event.message)

    def _applied(self, command: Command, ticket: Ticket | None) -> Outcome:
        after = self._state.tickets[ticket.id] if ticket else None
        return Outcome(
            id=command.id,
            outcome="applied",
            ticket=after.id if after else None,
            version=after.version if after else None,
            cursor=self._state.cursor(),
        )


def _conflict(command: Command, ruling: Conflict, ticket: Ticket | None) -> Outcome:
    return Outcome(
        id=command.id,
        outcome="conflict",
        ticket=command.ticket,
        version=ticket.version if ticket else None,
        problem=_problem("conflict", 409),
        changed=ruling.changed,
    )


def _refused(command: Command, ruling: Refused) -> Outcome:
    problem = _problem(ruling.code, 403, ruling.detail)
    return Outcome(id=command.id, outcome="refused", ticket=command.ticket, problem=problem)


def _problem(code: str, status: int, detail: str = "") -> Problem:
    return Problem(type=PROBLEM_BASE + code, title=code, status=status, detail=detail)
