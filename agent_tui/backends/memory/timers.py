"""Timers of a helpdesk in memory: everything that happens because time passes, in the server's order."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from agent_tui.backends.memory.attendance import WorldAttendance
from agent_tui.backends.memory.lending import WorldLending
from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.calls import due_at, escalated
from agent_tui.domain.clockwork import reranked, wakes_at, woken
from agent_tui.domain.events import Event, TicketChanged
from agent_tui.domain.models import Ticket
from agent_tui.domain.shifts import seat_lost


class Due(Struct, frozen=True):
    """Events that have come due together; `is_aside` when they put no command out of date."""

    events: tuple[Event, ...]
    is_aside: bool = False


class WorldTimers:
    """Looks at the few tickets that time changes, so that a tick costs nothing while none is due."""

    def __init__(self, state: WorldState, lending: WorldLending, attendance: WorldAttendance) -> None:
        self._state, self._lending, self._attendance = state, lending, attendance
        self._level = state.floor.level

    def tick(self) -> None:
        """Make true what is due by now."""
        is_any = False
        for due in self.due_events(self._state.now):
            (self._state.commit_aside if due.is_aside else self._state.commit)(due.events)
            is_any = True
        if is_any:
            self._lending.settle()

    def due_events(self, now: datetime) -> Iterator[Due]:
        """What time does to the world at the moment `now`: each is read after those before it are true."""
        yield from self._snoozes(now)
        yield from self._lost_seats(now)
        yield from self._level_changes()
        yield from self._calls(now)

    def _snoozes(self, now: datetime) -> Iterator[Due]:
        for ticket in self._timed():
            due = wakes_at(ticket)
            if due is not None and due <= now:
                yield Due(woken(ticket, self._state.fresh_id(), self._state.moment))

    def _lost_seats(self, now: datetime) -> Iterator[Due]:
        """The waiting chats of who stayed away too long go back to the queue."""
        for person in [person for person, due in self._attendance.losses() if due <= now]:
            chats = self._lending.chats(person)
            yield Due(seat_lost(self._state.seats[person], chats, self._state.moment))

    def _level_changes(self) -> Iterator[Due]:
        """Another emergency level ranks tickets anew."""
        if self._level != self._state.floor.level:
            self._level = self._state.floor.level
            yield Due(reranked(self._state.tickets.values(), self._state.moment), is_aside=True)

    def _calls(self, now: datetime) -> Iterator[Due]:
        """Calls for help that nobody answered go on to the next stage."""
        for ticket in self._timed():
            due = due_at(ticket)
            if due is not None and due <= now:
                after = escalated(ticket, now, self._state.policy)
                yield Due((TicketChanged(ticket=after),), is_aside=True)

    def next_in(self) -> float | None:
        """Seconds until something is due; None while nothing is."""
        tickets = (due for ticket in self._timed() for due in (wakes_at(ticket), due_at(ticket)))
        seats = (due for _, due in self._attendance.losses())
        first = min((due for due in (*tickets, *seats) if due is not None), default=None)
        return None if first is None else (first - self._state.now).total_seconds()

    def _timed(self) -> list[Ticket]:
        return [self._state.tickets[id] for id in sorted(self._state.timed)]
