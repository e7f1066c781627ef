"""An order in short pieces: its number, its state, what decides about it now, its parcel, dates and goods."""

from agent_tui.desk import Desk
from agent_tui.domain.asked_order import named_elsewhere
from agent_tui.domain.models import MessageKind, Order, Ticket, TicketDetail
from agent_tui.domain.order_facts import expected_at, relevant_parcel
from agent_tui.domain.text import one_line
from agent_tui.i18n import texts
from agent_tui.knowledge.templates.values import day, said_moment
from agent_tui.tui.cells import steady
from agent_tui.tui.widgets.deciding import deciding
from agent_tui.tui.widgets.message_lines import fill

_SHORT_NUMBER, _QUOTED = 10, 16
_ORDER_TWINS = {"received": "delivered"}


def _state(order: Order) -> str:
    return _ORDER_TWINS.get(order.status, order.status)


def facts_of(ticket: Ticket, detail: TicketDetail | None, language: str, now: float) -> list[str]:
    """The order, what decides now, its parcel, dates and goods as short pieces, most telling first."""
    words = texts().helper
    if ticket.order is None:
        return [words.no_order]
    facts = [words.order.format(number=shortened(ticket.order))]
    order = detail.order_detail if detail else None
    if order is None:
        return facts
    facts.append(texts().context.order_statuses.get(_state(order), order.status))
    facts += [*deciding(order, now), *_parcel_facts(order, language)]
    if order.refund is not None:
        status = texts().context.refund_statuses.get(order.refund.status, order.refund.status)
        facts.append(words.refund.format(amount=order.refund.amount, status=status))
    elif order.ship_by is not None and order.status == "paid":
        facts.append(words.ship_by.format(day=day(order.ship_by.astimezone(), language)))
    return [*facts, *(steady(item.name) for item in order.items[:1])]


def _parcel_facts(order: Order, language: str) -> list[str]:
    parcel = relevant_parcel(order.parcels)
    if parcel is None:
        return []
    expected = expected_at(parcel)
    eta = texts().helper.eta.format(eta=said_moment(expected, language)) if expected else ""
    return [fact for fact in (parcel.carrier, eta, steady(parcel.last_event or "")) if fact]


def shortened(number: str) -> str:
    """A long number by its two ends, as it is compared by eye."""
    return number if len(number) <= _SHORT_NUMBER else f"{number[:4]}…{number[-3:]}"


def elsewhere_on(desk: Desk, ticket: str | None) -> str:
    """That the customer names what is not in the order of their ticket, in words; empty where they do not."""
    detail = desk.tickets.detail(ticket) if ticket else None
    if detail is None or detail.order_detail is None:
        return ""
    shown = (one.message for one in desk.conversations.get(detail.id).shown)
    said = (message for message in shown if message.kind is MessageKind.CUSTOMER)
    named = named_elsewhere(said, detail.order_detail)
    return fill(texts().context.elsewhere, {"words": one_line(steady(named), _QUOTED)}) if named else ""
