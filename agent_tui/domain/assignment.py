"""Assignment: who can be given a ticket, which tickets wait, who is routed what, and who is whose buddy."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from agent_tui.domain.events import MessageAdded, TicketChanged
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import Availability, Person, Role, Seat, Status, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Moment, Refused, by_system, person_of

TAKING = (Status.NEW, Status.OPEN)
_FAR = datetime.max.replace(tzinfo=UTC)


def can_take(seat: Seat) -> Refused | None:
    """Why `seat` cannot be given another ticket now, or None when it can."""
    if seat.availability is not Availability.ONLINE:
        return Refused("not-online")
    if seat.capacity is not None and seat.load >= seat.capacity:
        return Refused("at-capacity")
    return None


def is_waiting(ticket: Ticket, now: datetime) -> bool:
    """Whether `ticket` is in the queue: nobody's, not put away, and not settled."""
    awake = ticket.snoozed_until is None or ticket.snoozed_until <= now
    return ticket.assignee is None and ticket.status in TAKING and awake


def queue_order(ticket: Ticket) -> tuple[datetime, datetime, int]:
    """The most urgent ticket first, of equally urgent ones the oldest."""
    return ticket.urgency.due_at or _FAR, ticket.created_at, ticket.number


def is_routable(ticket: Ticket, team: str | None, pack: PackRules, at: Moment) -> bool:
    """Whether `ticket` waits for a helper of `team` who answers from `pack`."""
    if not is_waiting(ticket, at.now) or ticket.team not in (None, team):
        return False
    return not pack.against(ticket, at.policy)


def routed(id: str, ticket: Ticket, to: Person, at: Moment) -> tuple[MessageAdded, TicketChanged]:
    """`ticket` given to a helper who is free."""
    status = Status.OPEN if ticket.status is Status.NEW else ticket.status
    after = replace(ticket, assignee=to, status=status, snoozed_until=None)
    return by_system(id, after, at, "routed", {"to": to.name})


def kept_for_core(ticket: Ticket) -> Ticket:
    """`ticket` whose customer said emergency words while it waited: core agents take it."""
    return replace(ticket, core_only=True, version=ticket.version + 1)


def is_free(seat: Seat, tickets: Iterable[Ticket]) -> bool:
    """Whether a helper takes a customer: online, there, and nobody of theirs waits for an answer."""
    if seat.role is not Role.HELPER or seat.availability is not Availability.ONLINE or not seat.connected:
        return False
    mine = (one for one in tickets if one.assignee is not None and one.assignee.id == seat.id)
    return not any(one.status in TAKING for one in mine)


def buddy_for(seats: Iterable[Seat], team: str | None, policy: Policy) -> Person | None:
    """The core agent who is there and has the fewest helpers; one of `team` before all others."""
    seats = tuple(seats)
    helped = [seat.buddy.id for seat in seats if seat.buddy and seat.availability is not Availability.OFFLINE]

    def is_there(seat: Seat) -> bool:
        online = seat.role is Role.AGENT and seat.availability is Availability.ONLINE and seat.connected
        return online and helped.count(seat.id) < policy.helpers.helpers_per_buddy

    def order(seat: Seat) -> tuple[bool, int, str]:
        return team is not None and seat.team != team, helped.count(seat.id), seat.id

    found = min(filter(is_there, seats), key=order, default=None)
    return None if found is None else person_of(found)
