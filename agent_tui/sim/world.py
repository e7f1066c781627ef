"""The world the customers live in: people, orders and parcels that fit what they ask, all from one seed."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from agent_tui.sim.match import Values
from agent_tui.sim.openings import State

_TIERS = (("regular", 70), ("member", 22), ("vip", 8))
_SHANGHAI = timedelta(hours=8)


class _City(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    districts: tuple[str, ...]


class _Product(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    price: str


class _CouponKind(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    days: int


class _Stock(Struct, frozen=True, forbid_unknown_fields=True):
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    english: tuple[str, ...]
    streets: tuple[str, ...]
    estates: tuple[str, ...]
    carriers: dict[str, str]
    hubs: tuple[str, ...]
    ways: tuple[str, ...]
    city: tuple[_City, ...]
    product: tuple[_Product, ...]
    coupon: tuple[_CouponKind, ...]


class InventedPerson(Struct, frozen=True, kw_only=True):
    """A customer as the channel knows them; `id` is the channel's own."""

    id: str
    name: str
    tier: str
    phone: str
    address: str


class InventedOrder(Struct, frozen=True, kw_only=True):
    """An order as `PUT /v1/orders/{number}` takes it: money as decimal strings, times RFC 3339 UTC."""

    number: str
    customer: str
    status: str
    total: str
    items: tuple[dict[str, Any], ...]
    parcels: tuple[dict[str, str], ...] = ()
    paid_at: str | None = None
    ship_by: str | None = None
    refund: dict[str, str] | None = None
    coupons: tuple[dict[str, str], ...] = ()

    def body(self) -> dict[str, Any]:
        """The order on the wire: what is not known is left out."""
        return {name: value for name, value in msgspec.to_builtins(self).items() if value is not None}


@cache
def _stock() -> _Stock:
    return msgspec.toml.decode((files("agent_tui.sim") / "world.toml").read_bytes(), type=_Stock)


def invent_person(rng: random.Random, customer_id: str, language: str) -> InventedPerson:
    """Someone new: in Chinese or English by `language`, regular, member or VIP."""
    stock = _stock()
    name = (
        rng.choice(stock.english)
        if language == "en"
        else rng.choice(stock.surnames) + rng.choice(stock.given)
    )
    city = rng.choice(stock.city)
    street = f"{rng.choice(stock.streets)}{rng.randint(1, 399)}号"
    flat = f"{rng.choice(stock.estates)}{rng.randint(1, 30)}栋{rng.randint(1, 28)}0{rng.randint(1, 4)}室"
    return InventedPerson(
        id=customer_id,
        name=name,
        tier=rng.choices([tier for tier, _ in _TIERS], [share for _, share in _TIERS])[0],
        phone=f"1{rng.choice('3578')}{rng.randint(0, 9)}{rng.randint(0, 99_999_999):08d}",
        address=f"{city.name}{rng.choice(city.districts)}{street}{flat}",
    )


# status, hours since payment (least, most; None is not paid), parcel, refund state
_STATES: dict[str, tuple[str, tuple[int, int] | None, str | None, str | None]] = {
    "unpaid": ("unpaid", None, None, None),
    "paid": ("paid", (0, 3), None, None),
    "paid_twice": ("paid", (0, 3), None, "processing"),
    "unshipped": ("paid", (20, 60), None, None),
    "presale": ("paid", (60, 200), None, None),
    "shipped": ("shipped", (48, 96), "in_transit", None),
    "stuck": ("shipped", (120, 200), "stuck", None),
    "delivered": ("delivered", (96, 260), "delivered", None),
    "returning": ("returning", (140, 300), "returned", "waiting"),
    "returned": ("returned", (170, 340), "returned", "processing"),
    "refunded": ("refunded", (170, 380), "returned", "done"),
    "cancelled": ("cancelled", None, None, None),
}


def invent_order(
    rng: random.Random, number: str, customer_id: str, state: State, now: datetime
) -> InventedOrder | None:
    """An order in `state` as of `now`; None for the state `none`."""
    if state == "none":
        return None
    status, hours, parcel, refund = _STATES[state]
    items, total = _basket(rng)
    paid = None if hours is None else now - timedelta(minutes=rng.randint(hours[0] * 60, hours[1] * 60))
    ship_after = timedelta(days=15) if state == "presale" else timedelta(hours=48)
    return InventedOrder(
        number=number,
        customer=customer_id,
        status=status,
        total=str(total),
        items=items,
        parcels=() if parcel is None or paid is None else (_parcel(rng, parcel, paid, now),),
        paid_at=None if paid is None else _wire(paid),
        ship_by=None if paid is None else _wire(paid + ship_after),
        refund=None if refund is None or paid is None else _refund(rng, refund, total, paid, now),
        coupons=_coupons(rng, now),
    )


def _basket(rng: random.Random) -> tuple[tuple[dict[str, Any], ...], Decimal]:
    chosen = rng.sample(_stock().product, rng.choices((1, 2, 3), (70, 22, 8))[0])
    counts = [rng.choices((1, 2), (85, 15))[0] for _ in chosen]
    items: tuple[dict[str, Any], ...] = tuple(
        {"name": product.name, "count": count, "price": product.price}
        for product, count in zip(chosen, counts, strict=True)
    )
    total = sum((Decimal(item["price"]) * item["count"] for item in items), Decimal("0.00"))
    return items, total


def _parcel(rng: random.Random, status: str, paid: datetime, now: datetime) -> dict[str, str]:
    stock = _stock()
    hub = rng.choice(stock.hubs)
    carrier = rng.choice(list(stock.carriers))
    last = {
        "in_transit": f"快件已从{hub}发出",
        "stuck": f"快件到达{hub}",
        "delivered": "快件已签收，签收人：本人",
        "returned": "退回件已由仓库签收",
    }[status]
    eta = paid + timedelta(days=4) if status == "delivered" else now + timedelta(days=rng.randint(1, 3))
    return {
        "number": f"{stock.carriers[carrier]}{rng.randint(10**11, 10**12 - 1)}",
        "carrier": carrier,
        "status": status,
        "last_event": last,
        "eta": _noon(eta),
        **_parcel_times(status, paid, now),
    }


# Which share of the time since payment has passed until a parcel ships, and until its last scan.
_SHIPPED, _SCANNED = 0.2, {"in_transit": 0.9, "stuck": 0.5, "delivered": 0.7, "returned": 0.7}


def _parcel_times(status: str, paid: datetime, now: datetime) -> dict[str, str]:
    """When it shipped, was scanned last and, where it was, signed for."""
    scanned = _wire(paid + (now - paid) * _SCANNED[status])
    times = {"shipped_at": _wire(paid + (now - paid) * _SHIPPED), "last_event_at": scanned}
    return {**times, "delivered_at": scanned} if status == "delivered" else times


def _refund(rng: random.Random, status: str, total: Decimal, paid: datetime, now: datetime) -> dict[str, str]:
    """A refund with the steps it has behind it."""
    steps = ("requested_at",), ("requested_at", "approved_at"), ("requested_at", "approved_at", "paid_at")
    behind = {"waiting": steps[0], "processing": steps[1], "done": steps[2]}[status]
    shares = {"requested_at": 0.5, "approved_at": 0.85, "paid_at": 0.95}
    times = {step: _wire(paid + (now - paid) * shares[step]) for step in behind}
    return {"amount": str(total), "status": status, "by": rng.choice(_stock().ways), **times}


def _coupons(rng: random.Random, now: datetime) -> tuple[dict[str, str], ...]:
    if rng.random() >= 0.4:
        return ()
    kind = rng.choice(_stock().coupon)
    return ({"name": kind.name, "until": _noon(now + timedelta(days=kind.days))},)


def _wire(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _noon(moment: datetime) -> str:
    """Midday of that day in UTC, so that the date reads the same in China and in Europe."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT10:00:00Z")


def values(person: InventedPerson, order: InventedOrder | None) -> Values:
    """What facts and supplies may name, each in every way it may be written."""
    known: dict[str, tuple[str, ...]] = {
        "customer.name": (person.name,),
        "customer.phone": (person.phone,),
        "customer.address": (person.address,),
    }
    if order is None:
        return known
    known["order.number"] = (order.number,)
    known["order.total"] = _money(order.total)
    if order.ship_by is not None:
        known["order.ship_by"] = _dates(order.ship_by)
    if order.refund is not None:
        known["refund.amount"] = _money(order.refund["amount"])
        known["refund.by"] = (order.refund["by"],)
    for parcel in order.parcels:
        known["parcel.number"] = (parcel["number"],)
        known["parcel.last_event"] = (parcel["last_event"],)
        known["parcel.eta"] = _dates(parcel["eta"])
    return known


def _money(amount: str) -> tuple[str, ...]:
    return (amount, amount.removesuffix(".00"))


def _dates(moment: str) -> tuple[str, ...]:
    """The day of `moment` in China and in UTC, in the forms people write."""
    utc = datetime.fromisoformat(moment)
    chinese = ("{0.month}月{0.day}日", "{0.month}月{0.day}号")
    forms = ("{0:%Y-%m-%d}", "{0:%m-%d}", "{0.month}/{0.day}", "{0:%b} {0.day}", "{0.day} {0:%b}", *chinese)
    found = [form.format(day) for day in (utc + _SHANGHAI, utc) for form in forms]
    return tuple(dict.fromkeys(found))
