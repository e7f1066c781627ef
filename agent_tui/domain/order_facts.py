"""Derived facts of an order: what its states and times come to at a moment, computed in this one place.

Everything that says when an answer is true (`conditions`), holds a reply against the order, or tells a helper
what decides, reads these facts. A fact that nobody can know is None: the order is not known, or it lacks the
time it takes. Hours and days are decimal numbers, never negative.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from agent_tui.domain.models import Floor, Phase, Tier
from agent_tui.domain.orders import Order, Parcel, Refund

# Who pays today for goods that ship in more than five days bought them in advance (预售).
PRESALE_AFTER = timedelta(days=5)
# Words of order systems for the same state; a word that stands in no table is kept and leaves facts unknown.
_STATES = {
    "unpaid": "unpaid", "pending": "unpaid", "paid": "paid", "processing": "paid", "shipped": "shipped",
    "delivered": "delivered", "received": "delivered", "completed": "delivered", "returning": "returning",
    "returned": "returned", "refunded": "refunded", "cancelled": "cancelled", "canceled": "cancelled",
    "closed": "cancelled",
}  # fmt: skip
# Carriers' words for the contract's states of a parcel.
_PARCEL_STATES = {
    "waiting": "created", "label_created": "created", "pending": "created", "collected": "in_transit",
    "picked_up": "in_transit", "shipped": "in_transit", "transit": "in_transit", "exception": "stuck",
    "delayed": "stuck", "out_for_delivery": "delivering", "signed": "delivered", "received": "delivered",
    "returned_to_sender": "returned",
}  # fmt: skip
_MOVING = frozenset({"in_transit", "stuck", "delivering", "delivered", "returned"})
_REFUND_STEPS = {
    "requested": "requested", "applied": "requested", "pending": "requested", "waiting": "requested",
    "reviewing": "requested", "approved": "approved", "processing": "approved", "refunding": "approved",
    "paid": "paid", "done": "paid", "refunded": "paid", "completed": "paid", "success": "paid",
    "rejected": "rejected", "refused": "rejected", "declined": "rejected", "failed": "rejected",
}  # fmt: skip
_NEAREST = {"stuck": 0, "delivering": 1, "in_transit": 2, "created": 3, "returned": 4, "delivered": 5}


class OrderFacts(Struct, frozen=True, kw_only=True):
    """What is so of an order, its customer and the floor; the names are the vocabulary of `conditions`.

    States (one of them is true of a known order whose state has a known word): `unpaid`, `paid` (and nothing
    on its way), `shipped` (a parcel is on its way), `delivered` (everything signed for), `returning`,
    `returned`, `refunded`, `cancelled`. `presale` is a paid order that ships much later by agreement;
    `overdue` one whose shipping promise has passed.

    Parcels: `uncollected` (a label, no scan yet), `stuck`, `delivering` (out for delivery), `split` (several
    parcels), `eta_passed`. Refund: `refunding` (asked for or on its way), `refund_approved`, `refund_paid`,
    `refund_rejected`. `coupon_expired`: the order's coupon has ended.

    Numbers: `overdue_days`, `ship_hours` until the shipping promise, `paid_hours` since payment,
    `shipped_days`, `scan_hours` since the last scan of the parcel, `signed_days` since signing,
    `refund_hours` since the refund was asked for (approved, where that is known), `total` in the shop's
    currency, `level` of the emergency on the floor (0 to 4).
    """

    no_order: bool = True
    unpaid: bool | None = None
    paid: bool | None = None
    shipped: bool | None = None
    delivered: bool | None = None
    returning: bool | None = None
    returned: bool | None = None
    refunded: bool | None = None
    cancelled: bool | None = None
    presale: bool | None = None
    overdue: bool | None = None
    uncollected: bool | None = None
    stuck: bool | None = None
    delivering: bool | None = None
    split: bool | None = None
    eta_passed: bool | None = None
    refunding: bool | None = None
    refund_approved: bool | None = None
    refund_paid: bool | None = None
    refund_rejected: bool | None = None
    coupon_expired: bool | None = None
    high_value: bool | None = None
    vip: bool = False
    member: bool = False
    peak: bool = False
    overdue_days: float | None = None
    ship_hours: float | None = None
    paid_hours: float | None = None
    shipped_days: float | None = None
    scan_hours: float | None = None
    signed_days: float | None = None
    refund_hours: float | None = None
    total: float | None = None
    level: float = 0

    @property
    def state(self) -> str:
        """The one state that is true, empty where it is not known."""
        return next((name for name in dict.fromkeys(_STATES.values()) if getattr(self, name)), "")


def facts_of(
    order: Order | None,
    now: datetime,
    *,
    tier: Tier = Tier.REGULAR,
    floor: Floor | None = None,
    high_value: float = 0,
) -> OrderFacts:
    """The facts of `order` at `now`; `high_value` is the sum from which an order counts as one, 0 is none."""
    known: dict[str, bool | float | None] = {
        "vip": tier is Tier.VIP,
        "member": tier is not Tier.REGULAR,
        "level": float(floor.level) if floor else 0.0,
        "peak": floor is not None and floor.phase in (Phase.LAUNCH, Phase.PEAK),
    }
    if order is not None:
        known |= {"no_order": False, **_states(order), **_of_shipping(order, now), **_of_parcels(order, now)}
        known |= _of_refund(order, now)
        known |= {"coupon_expired": _coupon_expired(order, now), **_of_total(order, high_value)}
    return OrderFacts(**known)  # type: ignore[arg-type]  # the struct's own names, each with its own kind


def state_of(order: Order) -> str:
    """The order's state as its parcels bear it out, empty for a word that nobody knows.

    Shop systems are late: a paid order whose parcel is scanned has shipped, a shipped one whose parcels are
    all signed for is delivered.
    """
    state = _STATES.get(order.status, "")
    parcels = [parcel_state(parcel) for parcel in order.parcels]
    if state == "paid" and not _MOVING.isdisjoint(parcels):
        state = "shipped"
    if state == "shipped" and parcels and all(one == "delivered" for one in parcels):
        state = "delivered"
    return state


def parcel_state(parcel: Parcel) -> str:
    """The parcel's state in the contract's word; a word that nobody knows is kept."""
    return _PARCEL_STATES.get(parcel.status, parcel.status)


def relevant_parcel(parcels: Iterable[Parcel]) -> Parcel | None:
    """The parcel a customer most likely asks about: the one in trouble, then the nearest, the newest last."""
    listed = list(parcels)
    if not listed:
        return None
    return min(reversed(listed), key=lambda one: _NEAREST.get(parcel_state(one), 2))


def expected_at(parcel: Parcel) -> str:
    """When a parcel is expected, in the channel's own words; empty once it has come or gone back."""
    return "" if parcel_state(parcel) in ("delivered", "returned") else parcel.eta or ""


def refund_step(refund: Refund) -> str:
    """`requested`, `approved`, `paid` or `rejected`; empty for a word that nobody knows."""
    return _REFUND_STEPS.get(refund.status, "")


def _states(order: Order) -> dict[str, bool | float | None]:
    state = state_of(order)
    return {name: (name == state if state else None) for name in _STATES.values()}


def _of_shipping(order: Order, now: datetime) -> dict[str, bool | float | None]:
    state = state_of(order)
    waits = state == "paid" if state else None
    late = now - order.ship_by if order.ship_by else None
    presale = order.paid_at is not None and order.ship_by is not None and (
        order.ship_by - order.paid_at > PRESALE_AFTER
    )  # fmt: skip
    return {
        "presale": waits and presale,
        "overdue": waits and (None if late is None else late > timedelta()),
        "overdue_days": _days(late) if waits else 0.0 if waits is False else None,
        "ship_hours": _hours(-late) if late is not None and waits else None,
        "paid_hours": _hours(now - order.paid_at) if order.paid_at else None,
    }


def _of_parcels(order: Order, now: datetime) -> dict[str, bool | float | None]:
    parcel = relevant_parcel(order.parcels)
    on_its_way = state_of(order) == "shipped"
    if parcel is None:
        return {
            "uncollected": False,
            "stuck": False,
            "delivering": False,
            "split": False,
            "eta_passed": False,
        }
    signed = [one.delivered_at for one in order.parcels if one.delivered_at]
    eta, state = _moment(parcel.eta), parcel_state(parcel)
    return {
        "uncollected": state == "created" and state_of(order) in ("paid", "shipped"),
        "stuck": on_its_way and state == "stuck",
        "delivering": on_its_way and state == "delivering",
        "split": len(order.parcels) > 1,
        "eta_passed": on_its_way and (None if eta is None else now > eta),
        "shipped_days": _days(now - parcel.shipped_at) if parcel.shipped_at else None,
        "scan_hours": _hours(now - parcel.last_event_at) if parcel.last_event_at and on_its_way else None,
        "signed_days": _days(now - max(signed)) if signed else None,
    }


def _of_refund(order: Order, now: datetime) -> dict[str, bool | float | None]:
    step = refund_step(order.refund) if order.refund else ""
    if order.refund is None:
        step = "paid" if order.status == "refunded" else "none"
    began = order.refund and (order.refund.approved_at or order.refund.requested_at)
    is_open = step in ("requested", "approved")
    return {
        "refunding": is_open if step else None,
        "refund_approved": step == "approved" if step else None,
        "refund_paid": step == "paid" if step else None,
        "refund_rejected": step == "rejected" if step else None,
        "refund_hours": _hours(now - began) if began and is_open else None,
    }


def _of_total(order: Order, high_value: float) -> dict[str, bool | float | None]:
    try:
        total = float(order.total)
    except ValueError:
        return {"total": None, "high_value": None}
    return {"total": total, "high_value": bool(high_value) and total >= high_value}


def _coupon_expired(order: Order, now: datetime) -> bool | None:
    if not order.coupons:
        return False
    until = _moment(order.coupons[0].until)
    return None if until is None else now > until


def _moment(written: str | None) -> datetime | None:
    """A channel's own word for a moment, where it is one: an ISO time, or a day, which lasts to its end."""
    text = (written or "").strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == 10:
        at += timedelta(days=1)
    return at if at.tzinfo else at.astimezone()


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)


def _days(span: timedelta | None) -> float | None:
    return None if span is None else _hours(span) / 24
