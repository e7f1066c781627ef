"""Intake: what a message, a customer or an order from a channel does to tickets, on server and in memory."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.models import (
    Author,
    Category,
    Class,
    Customer,
    CustomerRef,
    Danger,
    Floor,
    Message,
    MessageKind,
    MessageState,
    Mood,
    Order,
    Part,
    Priority,
    Status,
    Ticket,
    Tier,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.reading import ConversationReading, read
from agent_tui.domain.rules import last_of
from agent_tui.domain.text import language_of
from agent_tui.domain.urgency import SETTLED, promise_on_customer_message, ranked

# How many of a customer's messages are read together, the new one among them.
RECENT = 6


class Arrival(Struct, frozen=True, kw_only=True):
    """A customer's message and what is known around it; `said` are their recent words, oldest first."""

    message: Message
    customer: CustomerRef
    said: list[str]
    order: str | None = None
    high_value: bool = False


def customer_message(
    id: str, ticket: str, customer: CustomerRef, parts: tuple[Part, ...], at: datetime
) -> Message:
    """What a customer wrote, as it is kept.

    `at` is the arrival: promises run by the helpdesk's clock, whatever a channel's says.
    """
    return Message(
        id=id,
        ticket=ticket,
        kind=MessageKind.CUSTOMER,
        author=Author(kind="customer", id=customer.id, name=customer.name),
        parts=parts,
        at=at,
        state=MessageState.RECEIVED,
    )


def words_of(message: Message) -> str:
    """What a message says, a line a part."""
    return "\n".join(part.text for part in message.parts if part.text)


def order_of(named: str | None, ticket: Ticket | None) -> str | None:
    """The order that a message is about: the one it names, else the one its ticket has."""
    return named or (ticket.order if ticket else None)


def is_high_value(order: Order | None, policy: Policy) -> bool:
    """Whether an order is worth a faster answer; a limit of 0 means that none is."""
    if order is None or not policy.limits.high_value:
        return False
    try:
        return Decimal(order.total) >= policy.limits.high_value
    except InvalidOperation:
        return False


def arrival_of(
    message: Message,
    customer: CustomerRef,
    earlier: Iterable[Message],
    named: str | None,
    order: Order | None,
    policy: Policy,
) -> Arrival:
    """The `message` with what is known around it.

    `earlier` are the customer's messages before it on this ticket, oldest first; `named` is the order that
    the message names, `order` the known one that it is about (`order_of`).
    """
    said = [words_of(each) for each in (*earlier, message)]
    return Arrival(
        message=message,
        customer=customer,
        said=said[-RECENT:],
        order=named,
        high_value=is_high_value(order, policy),
    )


def introduced(known: Customer | None, id: str, name: str | None, tier: Tier | None) -> Customer:
    """The customer as a message names them; what it leaves out (None) stays as it was known."""
    before = known or Customer(id=id)
    return replace(
        before, name=before.name if name is None else name, tier=before.tier if tier is None else tier
    )


def ref_of(customer: Customer) -> CustomerRef:
    """What a ticket holds of its customer."""
    return CustomerRef(id=customer.id, name=customer.name, tier=customer.tier)


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
        danger=gravest(None if again else ticket.danger, reading),
    )
    if again:
        after = replace(after, promises=tuple(p for p in after.promises if p.kind.value == "first-response"))
    after = _sorted(after, reading)
    return ranked(promise_on_customer_message(after, now, floor, policy), floor, policy)


def gravest(known: Danger | None, reading: ConversationReading) -> Danger | None:
    """The gravest of what was `known` and what the last message of `reading` says."""
    last = len(reading.messages) - 1
    heard = {found.danger for found in reading.dangers if found.at == last}
    return next((danger for danger in Danger if danger is known or danger in heard), None)


def why_priority(ticket: Ticket, said: list[str]) -> str:
    """Why `ticket` has its priority, in a stable word; empty for the one that every ticket begins with.

    `said` are the customer's recent words, oldest first.
    """
    reading = read(said)
    reasons = {
        "by-hand": "priority" in ticket.by_hand,
        "urgent-words": ticket.priority is Priority.URGENT and reading.is_urgent,
        "vip": ticket.priority is Priority.HIGH and ticket.customer.tier is Tier.VIP,
        "angry": ticket.priority is Priority.HIGH and reading.mood is Mood.ANGRY,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _sorted(ticket: Ticket, reading: ConversationReading) -> Ticket:
    """A category once read stays until the words say something more definite; one set by hand stays."""
    known = reading.category is Category.OTHER or "category" in ticket.by_hand
    category = ticket.category if known else reading.category
    class_ = ticket.class_ if known else reading.class_
    return replace(ticket, category=category, class_=class_, priority=_priority(ticket, reading))


def _priority(ticket: Ticket, reading: ConversationReading) -> Priority:
    if "priority" in ticket.by_hand:
        return ticket.priority
    if reading.is_urgent or ticket.priority is Priority.URGENT:
        return Priority.URGENT
    if ticket.customer.tier is Tier.VIP or reading.mood is Mood.ANGRY:
        return Priority.HIGH
    return ticket.priority
