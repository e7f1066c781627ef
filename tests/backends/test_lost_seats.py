"""A person whose connection is lost and who stays away, in memory and over HTTP alike."""

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent_tui.backends.base import Backend
from agent_tui.backends.memory import World
from agent_tui.domain.commands import Claim, ClaimNext, SendReply
from agent_tui.domain.events import Event, SeatChanged
from agent_tui.domain.policy import read_policy
from agent_tui.sync.ids import new_id
from tests.backends.contract import House, one, text
from tests.backends.houses import HttpHouse, MemoryHouse
from tests.backends.test_clock import told
from tests.server.driver import Server

SOON = "[limits]\nseat_kept = 1\n"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that keeps a lost seat for a second."""
    folder: Path = tmp_path_factory.mktemp("hasty")
    (folder / "policy.toml").write_text(SOON)
    server = Server(folder / "data", None, "--policy", str(folder / "policy.toml")).start()
    yield server
    server.end()


@pytest.fixture(params=["memory", "http"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        house = MemoryHouse()
        house.world = World(time.time, read_policy(SOON.encode(), "policy"))
        yield house
        return
    over_http = HttpHouse(request.getfixturevalue("hasty"))
    yield over_http
    await over_http.leave()


async def lost(watcher: Backend, cursor: str, person: str) -> None:
    """Wait until everyone is told that `person` is away."""

    def is_away(event: Event) -> bool:
        return isinstance(event, SeatChanged) and event.seat.id == person and not event.seat.connected

    await told(watcher, cursor, is_away)


async def test_a_lost_seat_gives_back_only_the_chats_that_wait_for_words(house: House) -> None:
    agent, watcher = await house.line(), await house.line()
    me = (await agent.me()).id
    waits, rests = await house.receive(f"c-{new_id()}", "在吗"), await house.receive(f"c-{new_id()}", "在吗")
    version = (await agent.ticket(waits)).version
    await one(agent, Claim(id=new_id(), ticket=waits, version=version))
    outcome = await one(agent, SendReply(id=new_id(), ticket=rests, parts=text("您好")))
    assert outcome.cursor is not None
    await lost(watcher, outcome.cursor, me)
    back, kept = await watcher.ticket(waits), await watcher.ticket(rests)
    assert back.assignee is None
    assert kept.assignee is not None
    assert kept.assignee.id == me
    last = (await watcher.messages(waits, None, 5)).messages[-1]
    assert (last.author.kind, last.parts[0].label) == ("system", "seat-released")


async def test_who_comes_back_is_there_again_and_takes_the_next_one(house: House) -> None:
    agent, watcher = await house.line(), await house.line()
    me = (await agent.me()).id
    await house.receive(f"c-{new_id()}", "在吗")
    outcome = await one(agent, ClaimNext(id=new_id()))
    assert outcome.cursor is not None
    await lost(watcher, outcome.cursor, me)
    again = await one(agent, ClaimNext(id=new_id()))
    assert again.outcome == "applied"
    seats = (await watcher.snapshot(lambda _: None)).seats
    assert next(seat for seat in seats if seat.id == me).connected


async def test_an_open_feed_keeps_the_seat(house: House) -> None:
    agent, other, watcher = await house.line(), await house.line(), await house.line()
    ticket = await house.receive(f"c-{new_id()}", "在吗")
    outcome = await one(agent, Claim(id=new_id(), ticket=ticket, version=1))
    assert outcome.cursor is not None
    feed = agent.events(outcome.cursor)
    await anext(feed)
    # Somebody without a feed is lost meanwhile, who was there when the feed began.
    away = (await other.me()).id
    await lost(watcher, outcome.cursor, away)
    held = (await watcher.ticket(ticket)).assignee
    await feed.aclose()
    assert held is not None
