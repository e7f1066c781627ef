"""A desk on a free port for the simulator's tests."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from agent_tui.sim.hooks import listening
from tests.sim.desk import Agent, Desk

StartDesk = Callable[[Agent], Awaitable[tuple[Desk, str]]]


@pytest.fixture
async def start_desk() -> AsyncIterator[StartDesk]:
    """Start a desk with an agent: gives the desk and its address."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))

        async def start(agent: Agent) -> tuple[Desk, str]:
            desk = Desk(agent, client)
            host, port = await stack.enter_async_context(listening(desk, "127.0.0.1:0"))
            return desk, f"http://{host}:{port}"

        yield start
