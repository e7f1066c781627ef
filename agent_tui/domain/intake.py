"""What a customer's message does to their ticket: a new one, a reopened one, a promise that starts."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.models import (
    Category,
    Class,
    CustomerRef,
    Floor,
    Message,
    Mood,
    Priority,
    Status,
    Ticket,
    Tier,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.reading import Reading, read
from agent_tui.domain.rules import last_of
from agent_tui.domain.text import language_of
from agent_tui.domain.urgency import SETTLED, promise_on_customer_message, ranked


class Arrival(Struct, frozen=True, kw_only=True):
    """A customer's message and what is known around it; `said` are their recent words, oldest first."""

    message: Message
    customer: CustomerRef
    said: list[str]
    order: str | None = None
    high_value: bool = False


def open_ticket(id: str, number: int, channel: str, arrival: Arrival, floor: Floor, policy: Policy) -> Ticket:
    """The new ticket that a customer's first message opens, with its promises."""
    at = arrival.message.at
    ticket = Ticket(
        id=id,
        number=number,
        version=0,
        status=Status.NEW,
        priority=Priority.NORMAL,
        category=Category.OTHER,
        class_=Class.QUERY,
        channel=channel,
        customer=arrival.customer,
        created_at=at,
        updated_at=at,
    )
    return receive(ticket, arrival, at, floor, policy)


def receive(ticket: Ticket, arrival: Arrival, now: datetime, floor: Floor, policy: Policy) -> Ticket:
    """`ticket` after the customer's message: read, reopened, woken, promised and ranked anew."""
    reading = read(arrival.said)
    again = ticket.status in SETTLED
    after = replace(
        ticket,
        version=ticket.version + 1,
        status=Status.OPEN if again or ticket.status is Status.PENDING else ticket.status,
        contacts=ticket.contacts + (1 if again else 0),
        customer=arrival.customer,
        order=arrival.order or ticket.order,
        high_value=arrival.high_value or ticket.high_value,
        last_message=last_of(arrival.message),
        unread=ticket.unread + 1,
        waiting_since=ticket.waiting_since or arrival.message.at,
        snoozed_until=None,
        updated_at=now,
        mood=reading.mood,
        language=language_of(arrival.said) or ticket.language,
    )
    if again:
        after = replace(after, promises=tuple(p for p in after.promises if p.kind.value == "first-response"))
    after = _sorted(after, reading)
    return ranked(promise_on_customer_message(after, now, floor, policy), floor, policy)


def _sorted(ticket: Ticket, reading: Reading) -> Ticket:
    """A category once read stays until the words say something more definite."""
    known = reading.category is Category.OTHER
    category = ticket.category if known else reading.category
    class_ = ticket.class_ if known else reading.class_
    return replace(ticket, category=category, class_=class_, priority=_priority(ticket, reading))


def _priority(ticket: Ticket, reading: Reading) -> Priority:
    if reading.is_urgent or ticket.priority is Priority.URGENT:
        return Priority.URGENT
    if ticket.customer.tier is Tier.VIP or reading.mood is Mood.ANGRY:
        return Priority.HIGH
    return ticket.priority
