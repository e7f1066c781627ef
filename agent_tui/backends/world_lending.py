"""Helpers in a helpdesk in memory: what the rules say of them is looked up, made true and told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from agent_tui.domain.assignment import buddy_for, is_free, is_routable, kept_for_core, queue_order, routed
from agent_tui.domain.calls import due_at, escalated
from agent_tui.domain.events import Event, SeatChanged, TicketChanged
from agent_tui.domain.intake import words_of
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import Floor, Message, MessageKind, MessageState, Role, Seat, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Chat, Moment, person_of
from agent_tui.domain.shifts import ended, watched
from agent_tui.domain.urgency import SETTLED


class LendingFloor(Protocol):
    """What lending needs of a World."""

    policy: Policy
    floor: Floor
    seats: dict[str, Seat]
    tickets: dict[str, Ticket]
    talks: dict[str, list[Message]]

    @property
    def now(self) -> datetime:
        """The moment."""

    def fresh_id(self) -> str:
        """An id."""

    def commit(self, events: Iterable[Event]) -> None:
        """Make `events` true."""

    def commit_aside(self, events: Iterable[Event]) -> None:
        """Make `events` true that nobody needs to have seen."""


class Lending:
    """Does by itself what the server does; only for packs that were published with their rules."""

    def __init__(self, world: LendingFloor) -> None:
        self._world = world
        self.packs: dict[str, PackRules] = {}
        self.ended: set[str] = set()
        self._calling: set[str] = set()

    def pack_of(self, seat: Seat | None) -> PackRules | None:
        """The rules of the pack a helper answers from."""
        return self.packs.get(seat.pack or "") if seat is not None and seat.role is Role.HELPER else None

    def awaiting(self, ticket: Ticket) -> tuple[Message, ...]:
        """The replies on `ticket` that await approval."""
        return tuple(m for m in self._world.talks.get(ticket.id, ()) if m.state is MessageState.AWAITING)

    def chats(self, person: str) -> tuple[Chat, ...]:
        """All that somebody has open."""
        mine = [t for t in self._world.tickets.values() if t.assignee is not None and t.assignee.id == person]
        return tuple(self._chat(ticket) for ticket in mine if ticket.status not in SETTLED)

    def _chat(self, ticket: Ticket) -> Chat:
        return Chat(ticket=ticket, event=self._world.fresh_id(), awaiting=self.awaiting(ticket))

    def end(self, helper: str, label: str) -> None:
        """End a helper's shift: what they have open goes back to the queue, their line holds no longer."""
        self._world.commit(ended(self._world.seats[helper], self.chats(helper), label, self._moment()))
        self.ended.add(helper)

    # -- by itself

    def settle(self) -> None:
        """Pair helpers who have no buddy, and give each who is free the most urgent customer that fits."""
        for seat in list(self._world.seats.values()):
            pack = self.pack_of(seat)
            if pack is None or not is_free(seat, ()):
                continue
            if seat.buddy is None and not seat.alone:
                self._pair(seat)
            if is_free(seat, self._world.tickets.values()):
                self._give(seat, pack)

    def _pair(self, seat: Seat) -> None:
        buddy = buddy_for(self._world.seats.values(), seat.team, self._world.policy)
        if buddy is not None:
            self._world.commit((SeatChanged(seat=replace(seat, buddy=buddy)),))

    def _give(self, seat: Seat, pack: PackRules) -> None:
        """Customers with emergency words stay with core agents."""
        at = self._moment()
        waiting = [t for t in self._world.tickets.values() if is_routable(t, seat.team, pack, at)]
        for ticket in sorted(waiting, key=queue_order):
            if pack.calls(self._said(ticket.id)) is None:
                self._world.commit(routed(self._world.fresh_id(), ticket, person_of(seat), at))
                return
            self._world.commit_aside((TicketChanged(ticket=kept_for_core(ticket)),))

    def watch(self, before: Ticket, said: Message | None = None) -> None:
        """Look at a helper's ticket that was `before` a moment ago: a card, or passing it on."""
        ticket = self._world.tickets[before.id]
        seat = self._world.seats.get(ticket.assignee.id) if ticket.assignee else None
        pack = self.pack_of(seat)
        if seat is not None and pack is not None:
            words = words_of(said) if said is not None else ""
            events = watched(before, self._chat(ticket), seat, pack, words, self._moment())
            self._world.commit(events)

    # -- calls for help

    def note(self, after: Ticket) -> None:
        """A ticket has changed: whether one of its calls goes on some time."""
        (self._calling.discard if due_at(after) is None else self._calling.add)(after.id)

    def tick(self) -> None:
        """Take calls for help that nobody answered to the next stage."""
        now = self._world.now
        for ticket in [self._world.tickets[id] for id in sorted(self._calling & self._world.tickets.keys())]:
            due = due_at(ticket)
            if due is not None and due <= now:
                after = escalated(ticket, now, self._world.policy)
                self._world.commit_aside((TicketChanged(ticket=after),))

    def next_in(self) -> float | None:
        """Seconds until a call for help goes on; None while none waits."""
        dues = (due_at(self._world.tickets[id]) for id in self._calling & self._world.tickets.keys())
        first = min((due for due in dues if due is not None), default=None)
        return None if first is None else (first - self._world.now).total_seconds()

    # -- small parts

    def _moment(self) -> Moment:
        return Moment(self._world.now, self._world.floor, self._world.policy)

    def _said(self, ticket: str) -> str:
        talk = self._world.talks.get(ticket, ())
        return "\n".join(words_of(m) for m in talk if m.kind is MessageKind.CUSTOMER)
