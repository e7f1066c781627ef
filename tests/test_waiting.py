"""Waiting with a time-out: whoever is cancelled ends, at whatever turn of the loop that comes."""

import asyncio
from contextlib import closing

import pytest

from agent_tui.waiting import is_set_within
from tests.sync.loop import JumpingLoop


async def test_an_event_that_is_set_is_answered_at_once() -> None:
    event = asyncio.Event()
    event.set()
    assert await is_set_within(event, 0)


async def test_time_that_runs_out_is_no_error() -> None:
    assert not await is_set_within(asyncio.Event(), 0)


async def _cancelled(waiting: "asyncio.Task[bool]", turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
    if waiting.cancel():
        with pytest.raises(asyncio.CancelledError):
            await waiting


@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("seconds", [None, 1.0])
async def test_a_cancellation_is_not_lost_as_the_event_comes(seconds: float | None, turns: int) -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(is_set_within(event, seconds))
    await asyncio.sleep(0)
    event.set()
    await _cancelled(waiting, turns)


@pytest.mark.parametrize("turns", range(8))
def test_a_cancellation_is_not_lost_as_time_runs_out(turns: int) -> None:
    async def as_time_runs_out() -> None:
        waiting = asyncio.create_task(is_set_within(asyncio.Event(), 1.0))
        await asyncio.sleep(1.0)
        await _cancelled(waiting, turns)

    with closing(JumpingLoop()) as loop:
        loop.run(as_time_runs_out())
