"""Time in a helpdesk in memory: snoozes end, and urgency follows the emergency level, as on the server."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from agent_tui.domain.clockwork import reranked, wakes_at, woken
from agent_tui.domain.events import Event
from agent_tui.domain.models import Floor, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Moment


class TimedFloor(Protocol):
    """What the clock needs of a World."""

    policy: Policy
    floor: Floor
    tickets: dict[str, Ticket]

    @property
    def now(self) -> datetime:
        """The moment."""

    def fresh_id(self) -> str:
        """An id."""

    def commit(self, events: Iterable[Event]) -> None:
        """Make `events` true."""

    def commit_aside(self, events: Iterable[Event]) -> None:
        """Make `events` true that nobody needs to have seen."""


class WorldClock:
    """Knows which tickets are snoozed, so that looking at the time costs nothing while none is due."""

    def __init__(self, world: TimedFloor) -> None:
        self._world = world
        self._level = world.floor.level
        self._snoozed: set[str] = set()

    def note(self, after: Ticket) -> None:
        """A ticket has changed: whether it wakes some time."""
        (self._snoozed.discard if wakes_at(after) is None else self._snoozed.add)(after.id)

    def tick(self) -> None:
        """Do what is due: end snoozes, rank tickets for another emergency level."""
        at = self.moment()
        for ticket in self._asleep():
            due = wakes_at(ticket)
            if due is not None and due <= at.now:
                self._world.commit(woken(ticket, self._world.fresh_id(), at))
        if self._level != at.floor.level:
            self._level = at.floor.level
            self._world.commit_aside(reranked(self._world.tickets.values(), at))

    def next_in(self) -> float | None:
        """Seconds until the next snooze ends; None while nothing is snoozed."""
        dues = [due for ticket in self._asleep() if (due := wakes_at(ticket)) is not None]
        return (min(dues) - self._world.now).total_seconds() if dues else None

    def moment(self) -> Moment:
        """Now, on this floor and under these rules."""
        return Moment(self._world.now, self._world.floor, self._world.policy)

    def _asleep(self) -> list[Ticket]:
        return [self._world.tickets[id] for id in sorted(self._snoozed & self._world.tickets.keys())]
