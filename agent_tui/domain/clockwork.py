"""What time alone does to a ticket: a snooze that ends, a seat that was lost, a level that changed."""

from datetime import datetime

from msgspec.structs import replace

from agent_tui.domain.events import MessageAdded, TicketChanged
from agent_tui.domain.models import (
    Author,
    CustomerRef,
    Floor,
    PromiseKind,
    PromiseState,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import event_message
from agent_tui.domain.urgency import ranked

SYSTEM = Author(kind="system")
_ANSWERS = (PromiseKind.FIRST_RESPONSE, PromiseKind.NEXT_REPLY)

Told = tuple[MessageAdded, TicketChanged]


def woken(ticket: Ticket, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` whose snooze has ended, with the event that says so."""
    return _told(replace(ticket, snoozed_until=None), id, "woke", {}, now, floor, policy)


def released(ticket: Ticket, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` back in the queue because its seat lost the connection."""
    by = ticket.assignee.name if ticket.assignee else ""
    after = replace(ticket, assignee=None)
    return _told(after, id, "seat-released", {"by": by}, now, floor, policy)


def waits_for_answer(ticket: Ticket) -> bool:
    """Whether a customer waits for words on `ticket`: only such chats leave a lost seat."""
    if ticket.status not in (Status.NEW, Status.OPEN):
        return False
    return any(p.kind in _ANSWERS and p.state is PromiseState.RUNNING for p in ticket.promises)


def reranked(ticket: Ticket, floor: Floor, policy: Policy) -> Ticket:
    """`ticket` with its urgency for `floor`; the version moves only when that is another one."""
    after = ranked(ticket, floor, policy)
    return ticket if after == ticket else replace(after, version=ticket.version + 1)


def recast(
    ticket: Ticket, customer: CustomerRef, high_value: bool, now: datetime, floor: Floor, policy: Policy
) -> Ticket:
    """`ticket` after its customer or its order turned out to be other than it says."""
    after = replace(ticket, customer=customer, high_value=high_value)
    if after == ticket:
        return ticket
    return ranked(replace(after, version=ticket.version + 1, updated_at=now), floor, policy)


def _told(
    after: Ticket, id: str, label: str, values: dict[str, str], now: datetime, floor: Floor, policy: Policy
) -> Told:
    message = event_message(id, after.id, SYSTEM, now, label, values)
    moved = ranked(replace(after, version=after.version + 1, updated_at=now), floor, policy)
    return MessageAdded(message=message), TicketChanged(ticket=moved)
