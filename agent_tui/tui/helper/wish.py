"""What a customer wants, in one line of plain words, and what is known of the order in another; pure."""

from collections.abc import Iterable

from agent_tui.domain.models import Order, Ticket, TicketDetail
from agent_tui.domain.order_facts import relevant_parcel
from agent_tui.domain.text import one_line
from agent_tui.i18n import texts
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.templates.values import day, said_moment
from agent_tui.tui.cells import steady
from agent_tui.tui.helper.items import Advised
from agent_tui.tui.widgets.deciding import deciding

_LONGEST_QUOTE = 90
_SHORT_NUMBER = 10
_ORDER_TWINS = {"received": "delivered"}


def wish_of(advised: Advised, category: str, said: Iterable[Said] = ()) -> str:
    """What the customer wants to know: the question of the answer that is advised for sure, else their own
    words."""
    if advised.is_sure and advised.answers:
        best = advised.answers[0]
        return best.similar[0] if best.similar else best.title
    wishes = texts().helper.wishes
    if category in wishes:
        return wishes[category]
    quoted = one_line("".join([one.text for one in said if one.side == "customer"][-1:]), _LONGEST_QUOTE)
    return f"“{quoted}”" if quoted else wishes["unclear"]


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
    eta = texts().helper.eta.format(eta=said_moment(parcel.eta, language)) if parcel.eta else ""
    return [fact for fact in (parcel.carrier, eta, steady(parcel.last_event or "")) if fact]


def shortened(number: str) -> str:
    """A long number by its two ends, as it is compared by eye."""
    return number if len(number) <= _SHORT_NUMBER else f"{number[:4]}…{number[-3:]}"
