"""What a customer wants, in one line of plain words, and what is known of the order in another; pure."""

from collections.abc import Iterable

from agent_tui.domain.models import Order, Parcel, Ticket, TicketDetail
from agent_tui.domain.text import one_line
from agent_tui.i18n import language, texts
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.templates.values import day, relevant_parcel, said_moment
from agent_tui.tui.cells import steady

_LONGEST_QUOTE = 50
_SHORT_NUMBER = 10
_PARCEL_TWINS = {"packed": "created", "shipped": "in_transit", "signed": "delivered"}
_ORDER_TWINS = {"received": "delivered"}


def told_of(ticket: Ticket, detail: TicketDetail | None, said: Iterable[Said]) -> tuple[str, str]:
    """The two lines above a conversation: what the customer wants, and their order."""
    last = [one.text for one in said if one.side == "customer"][-1:]
    wish = wish_of(ticket, detail, "".join(last))
    facts = [ticket.customer.name, *facts_of(ticket, detail, language())]
    return f"{texts().helper.wants}{wish}", "  ".join(facts)


def wish_of(ticket: Ticket, detail: TicketDetail | None, said: str = "") -> str:
    """What the customer wants to know, by category, order and parcel; else their own words."""
    wishes = texts().helper.wishes
    for key in _keys(ticket, detail):
        if key in wishes:
            return wishes[key]
    quoted = one_line(said, _LONGEST_QUOTE)
    return f"“{quoted}”" if quoted else wishes["other"]


def _keys(ticket: Ticket, detail: TicketDetail | None) -> list[str]:
    """From the most telling to the least: category and parcel, category and order, category."""
    order = detail.order_detail if detail else None
    category = ticket.category.value
    keys = []
    if order is not None:
        parcel = relevant_parcel(order.parcels)
        state = _state(order)
        if parcel is not None and state in ("shipped", "delivered"):
            keys.append(f"{category}.{_parcel_state(parcel)}")
        keys.append(f"{category}.{state}")
    return keys if category == "other" else [*keys, category]


def _state(order: Order) -> str:
    return _ORDER_TWINS.get(order.status, order.status)


def _parcel_state(parcel: Parcel) -> str:
    return _PARCEL_TWINS.get(parcel.status, parcel.status)


def facts_of(ticket: Ticket, detail: TicketDetail | None, language: str) -> list[str]:
    """The order, its goods, parcel and dates as short pieces, most telling first."""
    words = texts().helper
    if ticket.order is None:
        return [words.no_order]
    facts = [words.order.format(number=shortened(ticket.order))]
    order = detail.order_detail if detail else None
    if order is None:
        return facts
    facts.append(texts().context.order_statuses.get(_state(order), order.status))
    facts += _parcel_facts(order, language)
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
    facts = [parcel.carrier, steady(parcel.last_event or "")]
    if parcel.eta:
        facts.append(texts().helper.eta.format(eta=said_moment(parcel.eta, language)))
    return [fact for fact in facts if fact]


def shortened(number: str) -> str:
    """A long number by its two ends, as it is compared by eye."""
    return number if len(number) <= _SHORT_NUMBER else f"{number[:4]}…{number[-3:]}"
