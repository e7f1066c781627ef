"""Which conditions an order can fit both of."""

import pytest

from agent_tui.domain.condition_overlap import can_both_hold


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ("", "", True),
        ("", "paid", True),
        ("paid", "paid or shipped", True),
        ("paid", "shipped", False),
        ("paid and not overdue", "overdue", False),
        ("shipped", "delivered", False),
        ("no_order", "paid", False),
        ("no_order or paid", "no_order", True),
        ("signed_days <= 7", "signed_days > 7", False),
        ("signed_days <= 7", "signed_days >= 7", True),
        ("shipped and scan_hours >= 48", "stuck or scan_hours >= 72", True),
        ("refunding", "not refunding", False),
        ("delivered", "overdue", False),
        ("stuck", "delivered", False),
        ("level >= 3", "paid", True),
        ("level >= 3", "level < 1", False),
        ("broken(", "paid", True),
    ],
)
def test_conditions_meet_where_some_order_fits_both(first: str, second: str, meet: bool) -> None:
    assert can_both_hold(first, second) is meet
    assert can_both_hold(second, first) is meet
