"""What a drill's customer has bought, as an order that the helper sees."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from agent_tui.domain.models import Item, Order, Parcel, Refund
from agent_tui.drill.sets import DrillCustomer, dates_of, values_of

_ORDER_WORDS = {"received": "delivered"}
_PARCEL_WORDS = {"packed": "created", "shipped": "in_transit", "signed": "delivered"}


def bought(
    customer: DrillCustomer, day: date, language: str, id: str, number: int
) -> tuple[dict[str, str], Order | None]:
    """A customer's values and order on the day that is played; `id` is theirs at the helpdesk.

    The values name the order's number.
    """
    told = customer, day, language
    values = values_of(*told)
    order = order_of(values, dates_of(*told), id, number)
    return (values if order is None else values | {"order.number": order.number}), order


def order_of(values: Mapping[str, str], days: Mapping[str, date], customer: str, number: int) -> Order | None:
    """The order that a customer's values tell of, with its parcel; `days` are those values that are days."""
    if "order.number" not in values:
        return None
    status = values.get("order.status", "paid")
    return Order(
        number=f"{values['order.number']}{number:02d}",
        customer=customer,
        status=_ORDER_WORDS.get(status, status),
        total=values.get("order.total", "0"),
        items=(Item(name=values.get("order.items", "")),),
        paid_at=_moment(days.get("order.paid_at")),
        ship_by=_moment(days.get("order.ship_by")),
        parcels=_parcels(values, days),
        refund=_refund(values),
    )


def _refund(values: Mapping[str, str]) -> Refund | None:
    if "refund.amount" not in values:
        return None
    by = values.get("refund.by", "")
    return Refund(amount=values["refund.amount"], status=values.get("refund.status", ""), by=by)


def _parcels(values: Mapping[str, str], days: Mapping[str, date]) -> tuple[Parcel, ...]:
    if "parcel.number" not in values:
        return ()
    status = values.get("parcel.status", "shipped")
    return (
        Parcel(
            number=values["parcel.number"],
            carrier=values.get("parcel.carrier", ""),
            status=_PARCEL_WORDS.get(status, status),
            last_event=values.get("parcel.last_event"),
            last_event_at=_moment(days.get("parcel.last_event_at")),
            eta=days["parcel.eta"].isoformat() if "parcel.eta" in days else values.get("parcel.eta"),
        ),
    )


def _moment(day: date | None) -> datetime | None:
    """Noon of that day where the helper sits."""
    return datetime.combine(day, time(12)).astimezone().astimezone(UTC) if day is not None else None
