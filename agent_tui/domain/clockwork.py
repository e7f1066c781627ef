"""What time and others' facts do to a ticket: a snooze ends, urgency is ranked anew, a customer is recast."""

from datetime import datetime

from msgspec.structs import replace

from agent_tui.domain.events import MessageAdded, TicketChanged
from agent_tui.domain.models import CustomerRef, Floor, PromiseKind, PromiseState, Status, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Moment, by_system
from agent_tui.domain.urgency import ranked

_ANSWERS = (PromiseKind.FIRST_RESPONSE, PromiseKind.NEXT_REPLY)

Told = tuple[MessageAdded, TicketChanged]


def woken(ticket: Ticket, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` whose snooze has ended, with the event that says so."""
    return by_system(id, replace(ticket, snoozed_until=None), Moment(now, floor, policy), "woke", {})


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
