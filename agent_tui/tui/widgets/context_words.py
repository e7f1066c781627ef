"""What the context pane says: a ticket's customer, order, promises and reasons as lines of tones; pure."""

from collections.abc import Iterator
from datetime import datetime

from agent_tui.domain.models import (
    CustomerDetail,
    Order,
    Parcel,
    Promise,
    PromiseState,
    Ticket,
    TicketDetail,
    UrgencyPart,
)
from agent_tui.domain.order_facts import expected_at
from agent_tui.domain.urgency import above_all
from agent_tui.domain.views import timestamp
from agent_tui.i18n import counted, language, texts
from agent_tui.knowledge.templates.values import moment as day_and_time
from agent_tui.knowledge.templates.values import said_moment
from agent_tui.tui.cells import steady
from agent_tui.tui.clocks import ago, due_text, due_tone, moment, signed
from agent_tui.tui.widgets.deciding import deciding

Span = tuple[str, str]
Words = list[Span]


def context_of(ticket: Ticket, detail: TicketDetail | None, now: float) -> Iterator[Words]:
    """All lines; what only the detail knows is said to be on its way while it is."""
    yield from customer_lines(ticket, detail, now)
    yield []
    yield from order_lines(ticket, detail, now)
    yield []
    yield from promise_lines(ticket, now)
    yield from reason_lines(ticket)
    yield []
    yield from ticket_lines(ticket, now)


def _head(text: str) -> Words:
    return [(text, "faint")]


def _day(at: datetime) -> str:
    return day_and_time(at, language())


def customer_lines(ticket: Ticket, detail: TicketDetail | None, now: float) -> Iterator[Words]:
    """Who they are, what they spent, when they last came."""
    words = texts()
    tier = words.common.tiers[ticket.customer.tier]
    yield _head(words.context.customer)
    name = steady(ticket.customer.name) or ticket.customer.id
    yield [(name, "strong"), (f"  {tier}", "accent" if ticket.customer.tier == "vip" else "calm")]
    customer = detail.customer_detail if detail else None
    if customer is None:
        yield [(words.context.loading, "faint")] if detail is None else []
        return
    yield [(counted(words.context.orders, customer.orders, spend=customer.spend), "calm")]
    for known in (customer.phone, customer.address):
        if known:
            yield [(steady(known), "calm")]
    yield from _past(customer, ticket, now)


def _past(customer: CustomerDetail, ticket: Ticket, now: float) -> Iterator[Words]:
    words = texts()
    past = [c for c in customer.contacts if c.ticket != ticket.id]
    if not past:
        yield [(words.context.first_contact, "calm")]
        return
    yield [(words.context.past, "faint")]
    for contact in past[:3]:
        about = words.common.categories[contact.category]
        when = ago(now - contact.at.timestamp())
        status = words.common.statuses[contact.status]
        yield [(f"#{contact.number} ", "faint"), (f"{about} {status} ", "calm"), (when, "faint")]


def order_lines(ticket: Ticket, detail: TicketDetail | None, now: float) -> Iterator[Words]:
    """The order with what decides about it now, its parcels and its refund in plain words."""
    words = texts().context
    if ticket.order is None:
        yield [(f"{words.order}  ", "faint"), (words.no_order, "calm")]
        return
    yield [(f"{words.order}  ", "faint"), (ticket.order, "calm")]
    order = detail.order_detail if detail else None
    if order is None:
        yield [(words.unknown_order if detail else words.loading, "faint")]
        return
    status = words.order_statuses.get(order.status, order.status)
    yield [(status, "strong"), (f"  ¥{order.total}", "text")]
    yield from ([(said, "warn")] for said in deciding(order, now))
    for item in order.items:
        yield [(f"{steady(item.name)} ×{item.count}", "calm")]
    yield from _order_times(order)
    for parcel in order.parcels:
        yield from _parcel(parcel)


def _order_times(order: Order) -> Iterator[Words]:
    words = texts().context
    if order.paid_at:
        yield [(words.paid_at.format(at=_day(order.paid_at)), "calm")]
    if order.ship_by and order.status == "paid":
        yield [(words.ship_by.format(at=_day(order.ship_by)), "warn")]
    if order.refund:
        status = words.refund_statuses.get(order.refund.status, order.refund.status)
        text = words.refund.format(amount=order.refund.amount, status=status, by=order.refund.by)
        yield [(text, "text")]


def _parcel(parcel: Parcel) -> Iterator[Words]:
    words = texts().context
    yield [(words.parcel.format(carrier=parcel.carrier, number=parcel.number), "calm")]
    status = words.parcel_statuses.get(parcel.status, parcel.status)
    tone = "warn" if parcel.status == "stuck" else "text"
    yield [(status, tone), (f"  {steady(parcel.last_event or '')}", "calm")]
    if expected := expected_at(parcel):
        yield [(words.eta.format(eta=said_moment(expected, language())), "calm")]


def promise_lines(ticket: Ticket, now: float) -> Iterator[Words]:
    """Every promise with its clock, or how it ended."""
    words = texts().context
    yield _head(words.promises)
    if not ticket.promises:
        yield [(words.no_promise, "calm")]
    for promise in ticket.promises:
        yield [(f"{words.promise_kinds[promise.kind]}  ", "calm"), promise_clock(promise, now)]


def promise_clock(promise: Promise, now: float) -> Span:
    """A promise's clock in words and tone."""
    words = texts().context
    if promise.state is PromiseState.KEPT:
        return words.kept, "good"
    if promise.state is PromiseState.BROKEN:
        return words.broken, "late"
    due = promise.due_at.timestamp()
    return due_text(due, now), due_tone(due, timestamp(promise.warn_at), now).value


def reason_lines(ticket: Ticket) -> Iterator[Words]:
    """What moves the ticket forward, on one line."""
    parts = ticket.urgency.parts
    if parts:
        words = texts()
        said = "  ".join(_reason(part) for part in parts)
        yield [(f"{words.context.why}  ", "faint"), (said, "calm")]


def _reason(part: UrgencyPart) -> str:
    name = texts().dialog.reasons.get(part.reason, part.reason)
    return name if above_all(part) else f"{name} {signed(part.seconds)}s"


def ticket_lines(ticket: Ticket, now: float) -> Iterator[Words]:
    """The ticket's own fields."""
    words = texts()
    common = words.common
    yield [(f"{words.context.ticket}  ", "faint"), (f"#{ticket.number}", "calm")]
    about = [
        common.statuses[ticket.status],
        common.categories[ticket.category],
        common.classes[ticket.class_],
    ]
    yield [(" · ".join(about), "calm")]
    channel = common.channels.get(ticket.channel, ticket.channel)
    how = [channel, common.priorities[ticket.priority], common.moods[ticket.mood]]
    yield [(" · ".join(how), "calm")]
    name = steady(ticket.assignee.name) if ticket.assignee else common.nobody
    yield [(words.context.assignee.format(name=name), "calm")]
    extra = [words.context.contacts.format(n=ticket.contacts)]
    if ticket.high_value:
        extra.append(words.context.high_value)
    if ticket.team:
        extra.append(words.dialog.transfer_team.format(team=ticket.team))
    yield [(" · ".join([*extra, *ticket.tags]), "calm")]
    until = timestamp(ticket.snoozed_until)
    if until > now:
        yield [(words.context.snoozed.format(at=moment(until)), "warn")]
