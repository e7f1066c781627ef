"""The order of the queue: where the cursor is after another order, and which rows a window shows for it."""

import pytest

from agent_tui.tui.queue.order import TicketOrder


def _listed(ids: str, at: int) -> TicketOrder:
    order = TicketOrder()
    order.replace(list(ids))
    order.go(at)
    return order


@pytest.mark.parametrize(
    ("before", "at", "after", "ticket"),
    [
        ("abc", 1, "xabc", "b"),
        ("abc", 1, "cba", "b"),
        ("abc", 1, "ac", "c"),
        ("abc", 2, "ab", "b"),
        ("abc", 2, "", None),
        ("", 0, "ab", "a"),
    ],
)
def test_the_cursor_keeps_its_ticket_or_else_its_place(
    before: str, at: int, after: str, ticket: str | None
) -> None:
    order = _listed(before, at)
    order.replace(list(after))
    assert order.ticket == ticket


@pytest.mark.parametrize(("at", "index"), [(-1, 0), (1, 1), (9, 2)])
def test_the_cursor_stays_within_the_list(at: int, index: int) -> None:
    assert _listed("abc", at).index == index


@pytest.mark.parametrize(("at", "top", "shown_from"), [(0, 2, 0), (3, 2, 2), (4, 2, 2), (5, 2, 3), (2, 0, 0)])
def test_a_window_moves_no_further_than_the_cursor_asks(at: int, top: int, shown_from: int) -> None:
    assert _listed("abcdefgh", at).top_for(top, 3) == shown_from
