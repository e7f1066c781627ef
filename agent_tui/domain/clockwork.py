"""What happens to a ticket by itself: a snooze ends, a seat is lost, a helper is given it or leaves it."""

from datetime import datetime

from msgspec.structs import replace

from agent_tui.domain.events import MessageAdded, TicketChanged
from agent_tui.domain.models import (
    Author,
    CustomerRef,
    Floor,
    HelpCall,
    Person,
    PromiseKind,
    PromiseState,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import event_message
from agent_tui.domain.urgency import SETTLED, ranked

SYSTEM = Author(kind="system")
_ANSWERS = (PromiseKind.FIRST_RESPONSE, PromiseKind.NEXT_REPLY)

_STAGES = ("buddy", "core", "lead")

Told = tuple[MessageAdded, TicketChanged]


def woken(ticket: Ticket, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` whose snooze has ended, with the event that says so."""
    return _told(replace(ticket, snoozed_until=None), id, "woke", {}, now, floor, policy)


def released(ticket: Ticket, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` back in the queue because its seat lost the connection."""
    after = replace(ticket, assignee=None, help=None)
    return _told(after, id, "seat-released", _by(ticket), now, floor, policy)


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


def routed(ticket: Ticket, to: Person, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` given to a helper who is free."""
    status = Status.OPEN if ticket.status is Status.NEW else ticket.status
    after = replace(ticket, assignee=to, status=status, snoozed_until=None)
    return _told(after, id, "routed", {"to": to.name}, now, floor, policy)


def left(ticket: Ticket, label: str, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """`ticket` back in the queue because its helper takes a break or ends the shift: `label` says which."""
    after = replace(ticket, assignee=None, helper=None, help=None)
    return _told(after, id, label, _by(ticket), now, floor, policy)


def passed_on(ticket: Ticket, reason: str, id: str, now: datetime, floor: Floor, policy: Policy) -> Told:
    """A helper's `ticket` that turned out to be more than a helper settles; core agents take it from here."""
    after = replace(ticket, assignee=None, helper=None, help=None, core_only=True)
    return _told(after, id, "handed-over", _by(ticket) | {"reason": reason}, now, floor, policy)


def carded(
    ticket: Ticket, card: str, call: HelpCall, id: str, now: datetime, floor: Floor, policy: Policy
) -> Told:
    """A helper's `ticket` whose customer's words call for an emergency card; `call.text` is its title."""
    after = replace(ticket, help=call)
    values = _by(ticket) | {"card": card}
    return _told(after, id, "card-called", values, now, floor, policy, call.text)


def escalated(ticket: Ticket, now: datetime) -> Ticket:
    """`ticket` whose call for help goes to the next stage: from the buddy to any core agent, to the lead.

    The call of a helper who no longer has the ticket, or of a settled one, ends.
    """
    call, owner = ticket.help, ticket.assignee
    if call is None:
        return ticket
    following: HelpCall | None = None
    if owner is not None and owner.id == call.by.id and ticket.status not in SETTLED:
        stage = _STAGES[min(_STAGES.index(call.stage) + 1, len(_STAGES) - 1)]
        following = replace(call, stage=stage, to=None)
    return replace(ticket, help=following, version=ticket.version + 1, updated_at=now)


def _by(ticket: Ticket) -> dict[str, str]:
    return {"by": ticket.assignee.name if ticket.assignee else ""}


def _told(
    after: Ticket,
    id: str,
    label: str,
    values: dict[str, str],
    now: datetime,
    floor: Floor,
    policy: Policy,
    text: str = "",
) -> Told:
    message = event_message(id, after.id, SYSTEM, now, label, values, text)
    moved = ranked(replace(after, version=after.version + 1, updated_at=now), floor, policy)
    return MessageAdded(message=message), TicketChanged(ticket=moved)
