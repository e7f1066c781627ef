"""The customers' time, as many times faster than real time as wanted."""

import asyncio
import time
from typing import Protocol

from agent_tui.waiting import is_set_within


class Clock(Protocol):
    """The seconds of the day since its start, and waiting in them."""

    def now(self) -> float:
        """Seconds since the day began."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when `event` is set, or after `seconds` of the day; None waits for the event alone."""


class FastClock:
    """A day that runs `factor` times as fast as the real one."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._start = time.monotonic()

    def now(self) -> float:
        """Seconds of the day since the clock was made."""
        return (time.monotonic() - self._start) * self._factor

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when `event` is set, or after `seconds` of the day."""
        limit = None if seconds is None else max(seconds, 0.0) / self._factor
        await is_set_within(event, limit)
