"""Intake: which order a message is about, who wrote it, and whether it is worth a faster answer."""

import msgspec
import pytest

from agent_tui.domain.intake import RECENT, arrival_of, introduced, is_high_value, order_of
from agent_tui.domain.models import Customer, CustomerRef, Order, Tier
from agent_tui.domain.policy import Policy
from tests.domain.make import said, ticket

WHO = CustomerRef(id="c1", name="王敏")


def limited(high_value: int) -> Policy:
    return msgspec.convert({"limits": {"high_value": high_value}}, Policy)


def order(total: str) -> Order:
    return Order(number="o1", customer="c1", status="paid", total=total)


@pytest.mark.parametrize(
    ("total", "limit", "high"),
    [
        ("5000.00", 5000, True),
        ("4999.99", 5000, False),
        ("99999.00", 0, False),
        ("0.00", 0, False),
        ("not a sum", 5000, False),
    ],
)
def test_an_order_is_high_value_from_the_limit_on_and_never_at_limit_zero(
    total: str, limit: int, high: bool
) -> None:
    assert is_high_value(order(total), limited(limit)) is high


def test_an_unknown_order_is_not_high_value() -> None:
    assert not is_high_value(None, limited(1))


def test_a_message_is_about_the_order_it_names_else_about_its_tickets() -> None:
    assert order_of("named", ticket(order="kept")) == "named"
    assert order_of(None, ticket(order="kept")) == "kept"
    assert order_of(None, None) is None


def test_the_last_messages_are_read_together_oldest_first() -> None:
    earlier = [said(str(n)) for n in range(10)]
    arrival = arrival_of(said("new"), WHO, earlier, None, None, Policy())
    assert arrival.said == ["5", "6", "7", "8", "9", "new"]
    assert len(arrival.said) == RECENT


def test_what_a_message_leaves_out_of_its_customer_stays_known() -> None:
    known = Customer(id="c1", name="王敏", tier=Tier.VIP, phone="13800005678")
    assert introduced(known, "c1", None, None) == known
    assert introduced(known, "c1", "王小敏", None).tier is Tier.VIP
    assert introduced(known, "c1", None, Tier.REGULAR).phone == "13800005678"
    assert introduced(None, "c9", "李雷", None) == Customer(id="c9", name="李雷")
