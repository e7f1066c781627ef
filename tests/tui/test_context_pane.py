"""The pane about the customer, as an agent reads it: numbers and moments in words."""

from datetime import UTC, datetime

import pytest

from agent_tui import i18n
from agent_tui.domain.models import Order, Parcel
from agent_tui.i18n import counted
from tests.driver import at_work

ETA = datetime(2026, 11, 13, 10, tzinfo=UTC)
PARCEL = Parcel(number="YT8831", carrier="YTO", status="in_transit", eta="2026-11-13T10:00:00Z")
LOCAL = {"zh": "11月13日 {at:%H:%M}", "en": "13 Nov, {at:%H:%M}"}


def order(number: str) -> Order:
    return Order(
        number=number, customer="c-Emma", status="shipped", total="89.00", parcels=(PARCEL,), paid_at=ETA
    )


@pytest.mark.parametrize(
    ("language", "orders", "wanted"),
    [("en", 1, "1 order ·"), ("en", 2, "2 orders ·"), ("zh", 1, "1 单"), ("zh", 2, "2 单")],
)
async def test_orders_are_counted_and_moments_are_said(language: str, orders: int, wanted: str) -> None:
    async with at_work(language=language) as agent:
        for n in range(orders):
            agent.world.set_order(order(f"88420000155{n}"))
        await agent.hear("Emma", "where is my parcel", order="884200001550")
        await agent.take_next()
        await agent.sees("YT8831")
        shown = agent.screen()
        assert wanted in shown
        assert shown.count(LOCAL[language].format(at=ETA.astimezone())) == 2
        assert "2026-11" not in shown
    i18n.choose("zh")


@pytest.mark.parametrize(
    ("text", "n", "wanted"),
    [("{n} step|{n} steps", 1, "1 step"), ("{n} step|{n} steps", 0, "0 steps"), ("{n} 步", 1, "1 步")],
)
def test_one_is_said_in_another_form_than_many(text: str, n: int, wanted: str) -> None:
    assert counted(text, n) == wanted
