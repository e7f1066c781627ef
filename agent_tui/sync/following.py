"""Fetching what the feed says is new: soon, again after a pause where nobody answers, never in a storm."""

import asyncio
from collections.abc import Awaitable, Callable

from agent_tui.backends.base import BackendError, Unavailable

PAUSE = 0.1
AGAIN = 2.0


async def fetch_when(wanted: asyncio.Event, fetch: Callable[[], Awaitable[None]]) -> None:
    """`fetch` whenever `wanted` is set, until cancelled; what comes in a burst is fetched once."""
    while True:
        await wanted.wait()
        await asyncio.sleep(PAUSE)
        wanted.clear()
        try:
            await fetch()
        except Unavailable as error:
            await asyncio.sleep(max(AGAIN, error.retry_after))
            wanted.set()
        except BackendError:
            # An older server, or a token that is no longer good: asked anew when the feed begins again.
            continue
