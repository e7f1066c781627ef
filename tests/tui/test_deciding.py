"""What decides about an order stands on the screen: a passed promise, a quiet parcel, a running refund."""

from datetime import timedelta
from typing import Any

import pytest

from agent_tui.domain.orders import Order, Parcel, Refund
from agent_tui.i18n import choose
from agent_tui.tui.widgets.deciding import deciding
from tests.domain.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUIET = NOON - 31 * HOUR


def order(status: str, **more: Any) -> Order:
    return Order(**{"number": "1", "customer": "c1", "status": status, "total": "99.00", **more})


def parcel(status: str, **more: Any) -> tuple[Parcel, ...]:
    return (Parcel(number="SF1", status=status, **more),)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (order("paid", ship_by=NOON - 2 * DAY), ("超过承诺发货时间 2 天",)),
        (order("paid", ship_by=NOON + DAY), ()),
        (order("shipped", parcels=parcel("created")), ("快递还没揽收",)),
        (order("shipped", parcels=parcel("in_transit", last_event_at=QUIET)), ("物流已 31 小时没更新",)),
        (order("shipped", parcels=parcel("in_transit", last_event_at=NOON - 3 * HOUR)), ()),
        (order("shipped", parcels=parcel("in_transit", eta="2026-11-01")), ("已超过预计送达时间",)),
        (order("delivered", parcels=parcel("delivered", delivered_at=NOON - 3 * DAY)), ("签收已 3 天",)),
        (
            order("returning", refund=Refund(amount="9", status="processing", requested_at=NOON - 50 * HOUR)),
            ("退款已等 50 小时",),
        ),
    ],
)
def test_what_decides_is_said(known: Order, said: tuple[str, ...]) -> None:
    choose("zh")
    assert deciding(known, NOON.timestamp()) == said
