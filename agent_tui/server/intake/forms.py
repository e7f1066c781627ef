"""What channels send: the forms of their bodies, stricter or looser than what is kept of them."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from agent_tui.domain.models import Coupon, Id, Parcel, Part, Tier
from agent_tui.domain.orders import Moment
from agent_tui.server.problems import bad_field

PART_TYPES = ("text", "image", "file", "voice", "order-card", "product-card")
WITH_FILE = ("image", "file", "voice")

Money = Annotated[str, Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$")]
Name = Annotated[str, Meta(max_length=200)]
Words = Annotated[str, Meta(max_length=1000)]
Status = Annotated[str, Meta(min_length=1, max_length=60)]


class NamedCustomer(Struct, frozen=True, kw_only=True):
    """A customer as a message names them; what is left out stays as it is known."""

    id: Id
    name: Name | UnsetType = UNSET
    tier: Tier | UnsetType = UNSET


class MessageIn(Struct, frozen=True, kw_only=True):
    """A customer's message; `id` is unique for the channel."""

    id: Id
    customer: NamedCustomer
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=20)]
    sent_at: Moment
    order: Id | None = None


class CustomerIn(Struct, frozen=True, kw_only=True):
    """The body of `PUT /v1/customers/{id}`."""

    name: Name
    tier: Tier
    phone: Name | None = None
    address: Words | None = None


class CustomerRow(CustomerIn, frozen=True, kw_only=True):
    """A customer of a batch."""

    id: Id


class CustomersIn(Struct, frozen=True, kw_only=True):
    """The body of `PUT /v1/customers`."""

    customers: Annotated[tuple[CustomerRow, ...], Meta(min_length=1, max_length=1000)]


class RefundIn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money on its way back; the times are of its steps."""

    amount: Money
    status: Words = ""
    by: Words = ""
    requested_at: Moment | None = None
    approved_at: Moment | None = None
    paid_at: Moment | None = None


class ItemIn(Struct, frozen=True, kw_only=True):
    """A line of an order."""

    name: str
    count: int = 1
    price: Money = ""


class OrderIn(Struct, frozen=True, kw_only=True):
    """The body of `PUT /v1/orders/{number}`."""

    customer: Id
    status: Status
    total: Money
    items: Annotated[tuple[ItemIn, ...], Meta(max_length=500)] = ()
    parcels: Annotated[tuple[Parcel, ...], Meta(max_length=100)] = ()
    paid_at: Moment | None = None
    ship_by: Moment | None = None
    refund: RefundIn | None = None
    coupons: Annotated[tuple[Coupon, ...], Meta(max_length=100)] = ()


class OrderRow(OrderIn, frozen=True, kw_only=True):
    """An order of a batch."""

    number: Id


class OrdersIn(Struct, frozen=True, kw_only=True):
    """The body of `PUT /v1/orders`."""

    orders: Annotated[tuple[OrderRow, ...], Meta(min_length=1, max_length=1000)]


class Stored(Struct, frozen=True, kw_only=True):
    """How many records a batch stored."""

    stored: int


def known_parts(parts: tuple[Part, ...], at: str) -> tuple[Part, ...]:
    """A customer's parts; a type that is not known is kept as `unknown` with its name as label."""
    return tuple(_known(part, f"{at}[{i}]") for i, part in enumerate(parts))


def _known(part: Part, where: str) -> Part:
    if part.type == "text" and not part.text:
        raise bad_field(f"{where}.text", "must not be empty")
    if part.type in WITH_FILE and part.file is None:
        raise bad_field(f"{where}.file", "is required")
    if part.type in PART_TYPES:
        return part
    return msgspec.structs.replace(part, type="unknown", label=part.type, values={})
