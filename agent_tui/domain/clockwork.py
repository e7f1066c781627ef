"""What time and others' facts do to a ticket: a snooze ends, urgency is ranked anew, a customer is recast."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from agent_tui.domain.events import MessageAdded, TicketChanged
from agent_tui.domain.models import CustomerRef, PromiseKind, PromiseState, Status, Ticket
from agent_tui.domain.ruling import Moment, by_system
from agent_tui.domain.urgency import SETTLED, ranked

_ANSWERS = (PromiseKind.FIRST_RESPONSE, PromiseKind.NEXT_REPLY)

Told = tuple[MessageAdded, TicketChanged]


def wakes_at(ticket: Ticket) -> datetime | None:
    """When the snooze of `ticket` ends; None while it has none, and never for a closed one."""
    return None if ticket.status is Status.CLOSED else ticket.snoozed_until


def woken(ticket: Ticket, id: str, at: Moment) -> Told:
    """`ticket` whose snooze has ended, with the event that says so."""
    return by_system(id, replace(ticket, snoozed_until=None), at, "woke", {})


def waits_for_answer(ticket: Ticket) -> bool:
    """Whether a customer waits for words on `ticket`: only such chats leave a lost seat."""
    if ticket.status not in (Status.NEW, Status.OPEN):
        return False
    return any(p.kind in _ANSWERS and p.state is PromiseState.RUNNING for p in ticket.promises)


def reranked(tickets: Iterable[Ticket], at: Moment) -> tuple[TicketChanged, ...]:
    """Those of `tickets` whose urgency is another one on this floor; settled ones have none."""
    after = [(one, ranked(one, at.floor, at.policy)) for one in tickets if one.status not in SETTLED]
    return tuple(
        TicketChanged(ticket=replace(now, version=before.version + 1))
        for before, now in after
        if now != before
    )


def recast(ticket: Ticket, customer: CustomerRef, high_value: bool, at: Moment) -> Ticket:
    """`ticket` after its customer or its order turned out to be other than it says."""
    after = replace(ticket, customer=customer, high_value=high_value)
    if after == ticket:
        return ticket
    return ranked(replace(after, version=ticket.version + 1, updated_at=at.now), at.floor, at.policy)
