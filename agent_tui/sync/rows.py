"""List projection: what a row keeps of a ticket, and the ticket that a row stands for."""

from datetime import UTC, datetime
from sys import intern

from msgspec.structs import force_setattr

from agent_tui.domain.models import (
    Author,
    CustomerRef,
    Floor,
    LastMessage,
    MessageKind,
    Person,
    Promise,
    PromiseKind,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.text import one_line
from agent_tui.domain.urgency import SETTLED, next_promise, ranked
from agent_tui.domain.views import timestamp
from agent_tui.sync.shapes import Row

WORDS = 60
_REPEATED = ("channel", "assignee_id", "assignee", "last_part", "promise_kind")


def row_of(ticket: Ticket) -> Row:
    """What a list keeps of `ticket`; words that repeat from row to row are kept once."""
    last, person = ticket.last_message, ticket.assignee
    promise = None if ticket.status in SETTLED else next_promise(ticket)
    return Row(
        id=ticket.id,
        number=ticket.number,
        version=ticket.version,
        status=ticket.status,
        priority=ticket.priority,
        category=ticket.category,
        mood=ticket.mood,
        channel=intern(ticket.channel),
        customer_id=ticket.customer.id,
        customer=ticket.customer.name,
        tier=ticket.customer.tier,
        order=ticket.order or "",
        assignee_id=intern(person.id) if person else "",
        assignee=intern(person.name) if person else "",
        last_text=one_line(last.text, WORDS) if last else "",
        last_part=intern(last.part) if last else "",
        last_kind=last.kind if last else MessageKind.CUSTOMER,
        last_at=timestamp(last.at) if last else 0.0,
        unread=ticket.unread,
        promise_kind=intern(promise.kind.value) if promise else "",
        promise_due=timestamp(promise.due_at) if promise else 0.0,
        promise_warn=timestamp(promise.warn_at) if promise else 0.0,
        urgency_due=timestamp(ticket.urgency.due_at),
        snoozed_until=timestamp(ticket.snoozed_until),
        created_at=timestamp(ticket.created_at),
        class_=ticket.class_,
        high_value=ticket.high_value,
        help=ticket.help,
        helper=ticket.helper,
        danger=ticket.danger,
    )


def share_words(row: Row) -> Row:
    """`row` with its repeated words kept once for all rows; for rows that were decoded."""
    for name in _REPEATED:
        force_setattr(row, name, intern(getattr(row, name)))
    return row


def ticket_of(row: Row, floor: Floor, policy: Policy) -> Ticket:
    """The ticket that `row` stands for, as far as the row knows it; `row_of` gives the row again."""
    ticket = Ticket(
        id=row.id,
        number=row.number,
        version=row.version,
        status=row.status,
        priority=row.priority,
        category=row.category,
        class_=row.class_,
        channel=row.channel,
        customer=CustomerRef(id=row.customer_id, name=row.customer, tier=row.tier),
        created_at=moment(row.created_at),
        updated_at=moment(row.last_at or row.created_at),
        order=row.order or None,
        assignee=Person(id=row.assignee_id, name=row.assignee) if row.assignee_id else None,
        promises=_promises(row),
        last_message=_last(row),
        mood=row.mood,
        unread=row.unread,
        snoozed_until=_maybe(row.snoozed_until),
        high_value=row.high_value,
        help=row.help,
        helper=row.helper,
        danger=row.danger,
    )
    return ranked(ticket, floor, policy)


def _promises(row: Row) -> tuple[Promise, ...]:
    if not row.promise_due:
        return ()
    kind, due = PromiseKind(row.promise_kind), moment(row.promise_due)
    return (Promise(kind=kind, due_at=due, warn_at=_maybe(row.promise_warn)),)


def _last(row: Row) -> LastMessage | None:
    if not row.last_at:
        return None
    who = "customer" if row.last_kind is MessageKind.CUSTOMER else "agent"
    return LastMessage(
        id="",
        kind=row.last_kind,
        author=Author(kind=who),
        at=moment(row.last_at),
        text=row.last_text,
        part=row.last_part,
    )


def _maybe(seconds: float) -> datetime | None:
    return moment(seconds) if seconds else None


def moment(seconds: float) -> datetime:
    """The UTC time of `seconds` since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)
