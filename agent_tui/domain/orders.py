"""What the shop says of an order: its goods, parcels, refund and coupons; `models` is the door to it."""

from datetime import datetime

from msgspec import Struct


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of an order."""

    name: str
    count: int = 1
    price: str = ""


class Parcel(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel; its status is a word of the contract, another word is kept as it is."""

    number: str
    carrier: str = ""
    status: str = "created"
    last_event: str | None = None
    eta: str | None = None


class Refund(Struct, frozen=True, kw_only=True):
    """Money on its way back; `amount` is a decimal string, `by` the payment way."""

    amount: str
    status: str = ""
    by: str = ""


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
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    refund: Refund | None = None
    coupons: tuple[Coupon, ...] = ()
