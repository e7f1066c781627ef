"""Helpers in a helpdesk in memory: given what fits, looked after, and gone without leaving anything open."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from msgspec.structs import replace

from agent_tui.domain.clockwork import Told, carded, escalated, left, passed_on, routed
from agent_tui.domain.commands import Command, Finish, HandOver, Pair, SetAvailability
from agent_tui.domain.events import Event, MessageAdded, MessageChanged, SeatChanged, TicketChanged
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import (
    Availability,
    Floor,
    HelpCall,
    Message,
    MessageKind,
    MessageState,
    Person,
    Role,
    Seat,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import is_waiting
from agent_tui.domain.urgency import SETTLED

FINISHED, ON_BREAK, REVOKED = "helper-finished", "helper-on-break", "helper-revoked"
_AWAY = {Availability.BREAK: ON_BREAK, Availability.OFFLINE: FINISHED}
_TAKING = (Status.NEW, Status.OPEN)
_FAR = datetime.max.replace(tzinfo=UTC)


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
        self._alone: set[str] = set()
        self._since: dict[str, float] = {}

    def pack_of(self, seat: Seat | None) -> PackRules | None:
        """The rules of the pack a helper answers from."""
        return self.packs.get(seat.pack or "") if seat is not None and seat.role is Role.HELPER else None

    # -- after a command

    def follow(self, command: Command, events: Iterable[Event], actor: Seat) -> None:
        """What a command of `actor` entails."""
        for event in events:
            if isinstance(event, MessageAdded | MessageChanged):
                self._count(event, actor)
        match command:
            case Finish():
                self.end(actor.id, FINISHED)
            case SetAvailability(availability=word) if actor.role is Role.HELPER and word in _AWAY:
                self._give_back(actor.id, _AWAY[word])
            case HandOver(ticket=ticket):
                self._return_awaiting(ticket)
            case Pair(helper=helper, buddy=buddy):
                self._alone = self._alone - {helper} if buddy else self._alone | {helper}

    def _count(self, event: MessageAdded | MessageChanged, actor: Seat) -> None:
        """A helper's reply that goes out counts, whether it was approved first or not."""
        message = event.message
        seat = self._world.seats.get(message.author.id)
        goes_out = message.kind is MessageKind.REPLY and message.state is MessageState.SENT
        if seat is None or seat.role is not Role.HELPER or not goes_out or message.recalled:
            return
        if isinstance(event, MessageChanged) or actor.id == seat.id:
            self._world.commit((SeatChanged(seat=replace(seat, replies=seat.replies + 1)),))

    # -- who comes and goes

    def end(self, helper: str, label: str) -> None:
        """End a helper's shift: what they have open goes back to the queue, their line holds no longer."""
        self._give_back(helper, label)
        gone = replace(self._world.seats[helper], availability=Availability.OFFLINE, connected=False, load=0)
        self._world.commit((SeatChanged(seat=gone),))
        self.ended.add(helper)

    def _give_back(self, helper: str, label: str) -> None:
        for ticket in [t for t in self._world.tickets.values() if _is_with(t, helper)]:
            if ticket.status not in SETTLED:
                self._tell(left(ticket, label, *self._around()))
                self._return_awaiting(ticket.id)

    def _return_awaiting(self, ticket: str) -> None:
        """Return what awaits approval: approved later, it would come on top of another's answer."""
        for message in self._world.talks.get(ticket, ()):
            if message.state is MessageState.AWAITING:
                back = replace(message, state=MessageState.RETURNED)
                self._world.commit_aside((MessageChanged(message=back),))

    def buddy_for(self, team: str | None) -> Person | None:
        """The core agent who is there and has the fewest helpers; one of `team` before all others."""
        seats = self._world.seats.values()
        helped = [s.buddy.id for s in seats if s.buddy and s.availability is not Availability.OFFLINE]
        there = [s for s in seats if s.role is Role.AGENT and s.availability is Availability.ONLINE]
        most = self._world.policy.helpers.helpers_per_buddy
        free = [s for s in there if s.connected and helped.count(s.id) < most]
        found = min(
            free, key=lambda s: (team is not None and s.team != team, helped.count(s.id), s.id), default=None
        )
        return Person(id=found.id, name=found.name) if found else None

    # -- by itself

    def settle(self) -> None:
        """Pair helpers who have no buddy, and give each who is free the most urgent customer that fits."""
        for seat in list(self._world.seats.values()):
            pack = self.pack_of(seat)
            if pack is None or not seat.connected or seat.availability is not Availability.ONLINE:
                continue
            if seat.buddy is None and seat.id not in self._alone:
                self._pair(seat)
            if not any(_is_with(t, seat.id) and t.status in _TAKING for t in self._world.tickets.values()):
                self._give(seat, pack)

    def _pair(self, seat: Seat) -> None:
        buddy = self.buddy_for(seat.team)
        if buddy is not None:
            self._world.commit((SeatChanged(seat=replace(seat, buddy=buddy)),))

    def _give(self, seat: Seat, pack: PackRules) -> None:
        """Customers with emergency words stay with core agents."""
        waiting = [t for t in self._world.tickets.values() if self._may_go(t, seat, pack)]
        waiting.sort(key=lambda t: (t.urgency.due_at or _FAR, t.created_at, t.number))
        for ticket in waiting:
            if pack.calls(self._said(ticket.id)) is None:
                self._tell(routed(ticket, Person(id=seat.id, name=seat.name), *self._around()))
                return
            kept = replace(ticket, core_only=True, version=ticket.version + 1)
            self._world.commit_aside((TicketChanged(ticket=kept),))

    def _may_go(self, ticket: Ticket, seat: Seat, pack: PackRules) -> bool:
        if not is_waiting(ticket, self._world.now) or ticket.team not in (None, seat.team):
            return False
        return not pack.against(ticket, self._world.policy)

    def watch(self, before: Ticket, said: Message | None = None) -> None:
        """Look at a helper's ticket that was `before` a moment ago: a card, or passing it on."""
        ticket = self._world.tickets[before.id]
        seat = self._world.seats.get(ticket.assignee.id) if ticket.assignee else None
        pack = self.pack_of(seat)
        if seat is None or pack is None:
            return
        card = pack.calls(_words(said)) if said is not None else None
        if card is not None:
            self._card(ticket, seat, card)
            return
        known = pack.against(before, self._world.policy)
        worse = [one for one in pack.against(ticket, self._world.policy) if one not in known]
        if worse:
            self._tell(passed_on(ticket, worse[0], *self._around()))
            self._return_awaiting(ticket.id)

    def _card(self, ticket: Ticket, seat: Seat, card: tuple[str, str]) -> None:
        me, (id, title) = Person(id=seat.id, name=seat.name), card
        call = HelpCall(at=self._world.now, by=me, reason="card", stage="lead", to=seat.buddy, text=title)
        self._tell(carded(ticket, id, call, *self._around()))

    # -- calls for help

    def note(self, before: Ticket | None, after: Ticket) -> None:
        """A ticket has changed: a call that is new, or has reached another stage, waits from now on."""
        if after.help is None:
            self._since.pop(after.id, None)
        elif before is None or before.help != after.help:
            self._since[after.id] = self._world.now.timestamp()

    def tick(self) -> None:
        """Take calls for help that nobody answered to the next stage."""
        for ticket in [self._world.tickets[id] for id in list(self._since) if self._left(id) <= 0]:
            self._world.commit_aside((TicketChanged(ticket=escalated(ticket, self._world.now)),))

    def next_in(self) -> float | None:
        """Seconds until a call for help goes on; None while none waits."""
        return min(
            (seconds for id in self._since if (seconds := self._left(id)) != float("inf")), default=None
        )

    def _left(self, id: str) -> float:
        ticket, rules = self._world.tickets.get(id), self._world.policy.helpers
        if ticket is None or ticket.help is None:
            return float("inf")
        limits = {"buddy": rules.buddy_seconds, "core": rules.core_seconds}
        limit = limits.get(ticket.help.stage, float("inf"))
        return self._since[id] + limit - self._world.now.timestamp()

    # -- small parts

    def _around(self) -> tuple[str, datetime, Floor, Policy]:
        world = self._world
        return world.fresh_id(), world.now, world.floor, world.policy

    def _tell(self, told: Told) -> None:
        self._world.commit(told)

    def _said(self, ticket: str) -> str:
        talk = self._world.talks.get(ticket, ())
        return "\n".join(_words(m) for m in talk if m.kind is MessageKind.CUSTOMER)


def _is_with(ticket: Ticket, helper: str) -> bool:
    return ticket.assignee is not None and ticket.assignee.id == helper


def _words(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if part.text)
