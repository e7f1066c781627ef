"""Wait for an event with a time-out, without losing a cancellation."""

import asyncio
from contextlib import suppress


async def is_set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Whether `event` is set before `seconds` have passed; None waits for it however long it takes."""
    # Not `asyncio.wait_for`: until Python 3.12 it may take a cancellation for its own time-out.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
