"""Rate limits by key: a burst, then a rate, on a clock the test moves."""

from hypothesis import given
from hypothesis import strategies as st

from agent_tui.rate_limit import RateLimit, retry_after


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def limited(per_second: float, burst: int, most_keys: int = 10_000) -> tuple[RateLimit, Clock]:
    clock = Clock()
    return RateLimit(per_second, burst, clock, most_keys), clock


def test_a_burst_is_admitted_and_the_next_waits_as_long_as_one_takes() -> None:
    limit, _ = limited(2.0, 5)
    assert [limit.take("a") for _ in range(6)] == [0, 0, 0, 0, 0, 0.5]


def test_waiting_as_long_as_was_said_is_enough_and_shorter_is_not() -> None:
    limit, clock = limited(2.0, 1)
    limit.take("a")
    wait = limit.take("a")
    clock.at += wait - 0.01
    assert limit.take("a") > 0
    clock.at += 0.01
    assert limit.take("a") == 0


def test_one_key_does_not_slow_another_down() -> None:
    limit, _ = limited(1.0, 1)
    limit.take("a")
    assert limit.take("a") > 0
    assert limit.take("b") == 0


def test_asking_for_the_wait_takes_nothing() -> None:
    limit, _ = limited(1.0, 1)
    assert [limit.wait("a") for _ in range(10)] == [0.0] * 10
    assert limit.take("a") == 0


def test_keys_are_forgotten_when_there_are_too_many_but_not_the_busy_ones() -> None:
    limit, clock = limited(1.0, 10, most_keys=100)
    for _ in range(10):
        limit.take("guesser")
    clock.at += 0.5
    for i in range(1000):
        limit.take(f"once-{i}")
    assert limit.take("guesser") > 0


@given(st.floats(0.5, 1000), st.integers(1, 1000), st.lists(st.floats(0, 2), max_size=300))
def test_never_more_than_burst_and_rate_allow(per_second: float, burst: int, steps: list[float]) -> None:
    limit, clock = limited(per_second, burst)
    begun, admitted = clock.at, 0
    for step in steps:
        clock.at += step
        admitted += limit.take("a") == 0
    assert admitted <= burst + (clock.at - begun) * per_second * 1.001 + 1


def test_retry_after_is_whole_seconds_and_never_too_early() -> None:
    assert [retry_after(wait) for wait in (0.01, 1.0, 1.2, 59.001)] == ["1", "1", "2", "60"]
