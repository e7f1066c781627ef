"""Desks over a real server process: in step with each other, and through the server's absence."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_tui.backends.http import HttpBackend
from agent_tui.desk import Desk, Link, SendState
from agent_tui.domain.commands import Claim
from agent_tui.domain.models import Part
from agent_tui.domain.views import View
from agent_tui.sync.ids import new_id
from agent_tui.sync.store import memory_store, open_store
from tests.patience import WAIT
from tests.server.driver import Receiver, Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server").start()
    yield server
    server.end()


async def until(desk: Desk, holds: Callable[[], bool]) -> None:
    """Wait for a change after which `holds`."""
    happened = asyncio.Event()
    end = desk.changes.subscribe(lambda _: happened.set())
    async with asyncio.timeout(WAIT):
        while not holds():
            happened.clear()
            await happened.wait()
    end()


def text(words: str) -> tuple[Part, ...]:
    return (Part(type="text", text=words),)


async def test_what_one_agent_does_the_other_sees(server: Server) -> None:
    one, two = server_people(server, "林晓", "赵宁")
    channel = await asyncio.to_thread(server.channel)
    a = Desk(HttpBackend(server.url, one), memory_store(), undo_seconds=0)
    b = Desk(HttpBackend(server.url, two), memory_store(), undo_seconds=0)
    await a.start()
    await b.start()
    taken = await asyncio.to_thread(channel.say, "c-1", "我退货你们收到三天了")
    ticket = taken["ticket"]
    await until(a, lambda: a.queue.row(ticket) is not None)
    seen = a.tickets.get(ticket)
    assert seen is not None
    a.submit(Claim(id=new_id(), ticket=ticket, version=seen.version))
    await until(b, lambda: (row := b.queue.row(ticket)) is not None and row.assignee == "林晓")
    assert ticket not in b.queue.ids(View.WAITING)
    await b.conversations.open(ticket)
    a.outbox.reply(ticket, text("已经加急,今天退。"))
    await until(b, lambda: "已经加急,今天退。" in words_of(b, ticket))
    assert await a.outbox.drain(WAIT)
    await a.stop()
    await b.stop()


async def test_a_reply_made_while_the_server_was_away_goes_out_once(server: Server, tmp_path: Path) -> None:
    (token,) = server_people(server, "林晓")
    receiver = Receiver()
    channel = await asyncio.to_thread(server.channel, receiver.url)
    receiver.secret = channel.secret
    taken = await asyncio.to_thread(channel.say, "c-1", "在吗")
    ticket = taken["ticket"]
    desk = Desk(HttpBackend(server.url, token), open_store(tmp_path / "profile"), undo_seconds=0)
    await desk.start()
    await until(desk, lambda: desk.queue.row(ticket) is not None)
    await desk.conversations.open(ticket)
    port = server.url.rpartition(":")[2]
    await asyncio.to_thread(server.end, signal.SIGTERM)
    await until(desk, lambda: desk.connection.state.link is Link.OFFLINE)
    command = desk.outbox.reply(ticket, text("在的,马上为您看。"))
    assert desk.conversations.get(ticket).shown[-1].state is SendState.QUEUED
    server.options = ("--port", port)
    await asyncio.to_thread(server.start)
    desk.connection.try_now()
    await until(desk, lambda: not desk.outbox.unsent())
    _, told = await asyncio.to_thread(receiver.next)
    assert told["data"]["id"] == command
    await until(desk, lambda: desk.conversations.get(ticket).shown[-1].state is SendState.DELIVERED)
    assert receiver.heard.empty()
    await desk.stop()
    await asyncio.to_thread(receiver.close)


async def test_after_a_reply_that_the_server_cannot_read_the_next_of_its_ticket_stays(
    server: Server, tmp_path: Path
) -> None:
    """The body is refused as a whole (400); sent alone, the first is refused and the line stops behind it."""
    (token,) = server_people(server, "林晓")
    receiver = Receiver()
    channel = await asyncio.to_thread(server.channel, receiver.url)
    receiver.secret = channel.secret
    ticket, other = [
        (await asyncio.to_thread(channel.say, customer, "在吗"))["ticket"] for customer in ("c-1", "c-2")
    ]
    desk = Desk(HttpBackend(server.url, token), open_store(tmp_path / "profile"), undo_seconds=0)
    await desk.start()
    await until(desk, lambda: desk.queue.row(other) is not None)
    port = server.url.rpartition(":")[2]
    await asyncio.to_thread(server.end, signal.SIGTERM)
    await until(desk, lambda: desk.connection.state.link is Link.OFFLINE)
    desk.outbox.reply(ticket, text("长" * 10_001))
    desk.outbox.reply(ticket, text("所以按上面的办。"))
    elsewhere = desk.outbox.reply(other, text("在的。"))
    server.options = ("--port", port)
    await asyncio.to_thread(server.start)
    desk.connection.try_now()
    await until(desk, lambda: all(item.state is SendState.REFUSED for item in desk.outbox.items()))
    left = [item.reason for item in desk.outbox.items()]
    _, told = await asyncio.to_thread(receiver.next)
    is_quiet = receiver.heard.empty()
    await desk.stop()
    await asyncio.to_thread(receiver.close)
    assert left == ["bad-request", "not-tried"]
    assert (told["data"]["id"], is_quiet) == (elsewhere, True)


def words_of(desk: Desk, ticket: str) -> list[str]:
    return [shown.message.parts[0].text for shown in desk.conversations.get(ticket).shown]


def server_people(server: Server, *names: str) -> list[str]:
    """Tokens for agents of these names."""
    made = []

    def make() -> None:
        made.extend(server.person("agent", name).token for name in names)

    # The driver runs a loop of its own, which must not be this one.
    import threading

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made
