"""What the shop says of an order: its goods, parcels, refund and coupons; `models` is the door to it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

# A time that says its zone: without one nobody could tell how long ago it was.
Moment = Annotated[datetime, Meta(tz=True)]


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of an order."""

    name: str
    count: int = 1
    price: str = ""


class Parcel(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel; its status is a word of the contract, another word is kept as it is.

    `last_event_at` is the last scan; `eta` is the channel's own word for when it comes.
    """

    number: str
    carrier: str = ""
    status: str = "created"
    last_event: str | None = None
    eta: str | None = None
    last_event_at: Moment | None = None
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None


class Refund(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money on its way back; `amount` is a decimal string, `by` the payment way, times are of its steps."""

    amount: str
    status: str = ""
    by: str = ""
    requested_at: Moment | None = None
    approved_at: Moment | None = None
    paid_at: Moment | None = None


class Coupon(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coupon of an order."""

    name: str
    until: str | None = None


class Order(Struct, frozen=True, kw_only=True):
    """An order with its parcels, as the channel put it."""

    number: str
    customer: str
    status: str
    total: str
    items: tuple[Item, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    paid_at: Moment | None = None
    ship_by: Moment | None = None
    refund: Refund | None = None
    coupons: tuple[Coupon, ...] = ()
