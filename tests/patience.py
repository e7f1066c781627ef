"""How tests wait: for what is meant, asked again and again; never for a time that should be enough."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

# Far longer than anything takes on a busy machine: only what never comes is waited for so long.
WAIT = 90.0
LOOK = 0.02


def until(look: Callable[[], Any], what: str = "it") -> Any:
    """What `look` finds, asked again until it finds something."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        threading.Event().wait(LOOK)
    raise AssertionError(f"waited {WAIT:.0f} s for {what}")


async def eventually(look: Callable[[], Any], what: str = "it") -> Any:
    """The same, while the loop goes on."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        await asyncio.sleep(LOOK)
    raise AssertionError(f"waited {WAIT:.0f} s for {what}")
