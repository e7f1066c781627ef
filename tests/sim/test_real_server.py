"""A day against a real server process: what an agent answers there reaches the customer, who thanks."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from agent_tui.sim.engine import play
from agent_tui.sim.settings import ChannelKey, DaySettings
from tests.ports import free_port
from tests.server.driver import Person, Server, text, ulid
from tests.sim.test_day import Oracle


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path).start()
    yield server
    server.end()


def answer_until(over: Event, agent: Person, oracle: Oracle) -> list[str]:
    """Answer every unread ticket as the oracle would; gives the tickets answered."""
    answered: list[str] = []
    while not over.wait(0.1):
        for ticket in agent.get("/v1/snapshot")["tickets"]:
            if ticket["id"] not in answered:
                words = text(oracle({"customer": ticket["customer"]}))
                agent.send({"type": "send-reply", "id": ulid(), "ticket": ticket["id"], "parts": words})
                answered.append(ticket["id"])
    return answered


def test_customers_of_a_real_server_are_helped(server: Server) -> None:
    port = free_port()
    made = [server.channel(f"http://127.0.0.1:{port}/hooks/{name}", name) for name in ("web", "live")]
    tokens = [channel.http.headers["Authorization"].removeprefix("Bearer ") for channel in made]
    keys = tuple(ChannelKey(one.name, token, one.secret) for one, token in zip(made, tokens, strict=True))
    day = DaySettings(
        server=server.url,
        channels=keys,
        listen=f"127.0.0.1:{port}",
        customers=12,
        minutes=2.0,
        fast=100.0,
        patience=100.0,
        linger=10_000.0,
    )
    agent = server.person()

    async def both() -> None:
        over = Event()
        answering = asyncio.create_task(asyncio.to_thread(answer_until, over, agent, Oracle(day)))
        try:
            summary = await play(day)
        finally:
            over.set()
            answered = await answering
        assert summary.total.helped == summary.total.customers == len(answered) == 12
        assert summary.refused == 0

    asyncio.run(both())
    tickets = agent.get("/v1/snapshot")["tickets"]
    assert {ticket["channel"] for ticket in tickets} == {"web", "live"}
    with_order = next(ticket for ticket in tickets if ticket["order"])
    assert agent.ticket(with_order["id"])["order_detail"]["items"]
