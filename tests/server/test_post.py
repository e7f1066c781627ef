"""When a delivery is tried again, and what an answer means."""

import pytest

from agent_tui.server.delivery.webhooks import retry_after, verdict


@pytest.mark.parametrize(
    ("status", "word"),
    [
        *((status, "done") for status in (200, 201, 204)),
        *((status, "refused") for status in (400, 401, 404, 410, 422)),
        *((status, "again") for status in (301, 302, 408, 429, 500, 503)),
    ],
)
def test_what_an_answer_means(status: int, word: str) -> None:
    assert verdict(status) == word


def test_waiting_doubles_to_five_minutes_with_jitter() -> None:
    assert retry_after(1) == 0.5
    for attempts, longest in ((2, 1.0), (3, 2.0), (6, 16.0), (11, 300.0), (500, 300.0)):
        waits = [retry_after(attempts) for _ in range(50)]
        assert longest * 0.8 <= min(waits) <= max(waits) <= longest
