"""Derived facts: what an order's state and times come to, and what stays unknown."""

from datetime import timedelta
from typing import Any

import pytest

from agent_tui.domain.models import Floor, Phase, Tier
from agent_tui.domain.order_facts import facts_of
from agent_tui.domain.orders import Coupon, Order, Parcel, Refund
from tests.domain.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def order(status: str, **more: Any) -> Order:
    return Order(**{"number": "20261111001", "customer": "c1", "status": status, "total": "129.00", **more})


def parcel(status: str, **more: Any) -> Parcel:
    return Parcel(number="SF1", status=status, **more)


@pytest.mark.parametrize(
    ("status", "parcels", "state"),
    [
        ("paid", (), "paid"),
        ("paid", ("created",), "paid"),
        ("paid", ("in_transit",), "shipped"),
        ("shipped", ("in_transit", "delivered"), "shipped"),
        ("shipped", ("delivered", "delivered"), "delivered"),
        ("received", (), "delivered"),
        ("returning", ("returned",), "returning"),
        ("自提中", (), ""),
    ],
)
def test_the_parcels_correct_a_late_order_state(status: str, parcels: tuple[str, ...], state: str) -> None:
    facts = facts_of(order(status, parcels=tuple(map(parcel, parcels))), NOON)
    assert facts.state == state
    assert facts.paid is (state == "paid" if state else None)


def test_without_an_order_its_facts_are_unknown_and_the_customer_is_not() -> None:
    facts = facts_of(None, NOON, tier=Tier.VIP, floor=Floor(phase=Phase.PEAK, level=3))
    assert facts.no_order
    assert facts.vip
    assert facts.peak
    assert facts.level == 3
    assert (facts.paid, facts.overdue, facts.refunding, facts.total) == (None, None, None, None)


def test_a_broken_shipping_promise_is_overdue_by_its_days() -> None:
    late = facts_of(order("paid", paid_at=NOON - 4 * DAY, ship_by=NOON - 2 * DAY), NOON)
    assert late.overdue
    assert late.overdue_days == 2
    assert late.ship_hours == 0
    due = facts_of(order("paid", paid_at=NOON - HOUR, ship_by=NOON + 3 * HOUR), NOON)
    assert due.overdue is False
    assert due.ship_hours == 3
    assert due.paid_hours == 1
    gone = facts_of(order("shipped", ship_by=NOON - DAY, parcels=(parcel("in_transit"),)), NOON)
    assert gone.overdue is False
    assert gone.overdue_days == 0
    assert facts_of(order("paid"), NOON).overdue is None


def test_presale_is_paid_and_ships_much_later_by_agreement() -> None:
    assert facts_of(order("paid", paid_at=NOON, ship_by=NOON + 15 * DAY), NOON).presale
    assert facts_of(order("paid", paid_at=NOON, ship_by=NOON + 2 * DAY), NOON).presale is False
    assert facts_of(order("shipped", paid_at=NOON, ship_by=NOON + 15 * DAY), NOON).presale is False


def test_times_of_a_parcel_count_from_its_last_scan_and_its_signing() -> None:
    stuck = parcel("stuck", last_event_at=NOON - 31 * HOUR, shipped_at=NOON - 3 * DAY, eta="2026-11-10")
    on_its_way = facts_of(order("shipped", parcels=(stuck,)), NOON)
    assert on_its_way.stuck
    assert on_its_way.scan_hours == 31
    assert on_its_way.shipped_days == 3
    assert on_its_way.eta_passed
    signed = facts_of(
        order("delivered", parcels=(parcel("delivered", delivered_at=NOON - 3 * DAY, last_event_at=NOON),)),
        NOON,
    )
    assert signed.signed_days == 3
    assert signed.scan_hours is None
    assert signed.eta_passed is False
    today = parcel("in_transit", eta=NOON.date().isoformat())
    assert facts_of(order("shipped", parcels=(today,)), NOON).eta_passed is False


@pytest.mark.parametrize(
    ("status", "refunding", "approved", "paid", "rejected"),
    [
        ("requested", True, False, False, False),
        ("processing", True, True, False, False),
        ("done", False, False, True, False),
        ("rejected", False, False, False, True),
        ("审核转人工", None, None, None, None),
    ],
)
def test_a_refund_stands_at_one_step(
    status: str, refunding: bool | None, approved: bool | None, paid: bool | None, rejected: bool | None
) -> None:
    refund = Refund(amount="99.00", status=status, requested_at=NOON - 50 * HOUR)
    facts = facts_of(order("returning", refund=refund), NOON)
    found = (facts.refunding, facts.refund_approved, facts.refund_paid, facts.refund_rejected)
    assert found == (refunding, approved, paid, rejected)
    assert facts.refund_hours == (50 if refunding else None)


def test_an_order_without_a_refund_has_none_unless_it_is_refunded() -> None:
    assert facts_of(order("delivered"), NOON).refunding is False
    assert facts_of(order("refunded"), NOON).refund_paid


def test_high_value_and_coupons_are_facts_too() -> None:
    coupon = Coupon(name="满200减20", until="2026-11-10T16:00:00Z")
    facts = facts_of(order("paid", total="1000.00", coupons=(coupon,)), NOON, high_value=1000)
    assert facts.high_value
    assert facts.coupon_expired
    assert facts.total == 1000
    assert facts_of(order("paid", total="1000.00"), NOON).high_value is False
    assert facts_of(order("paid", total="?"), NOON).total is None
