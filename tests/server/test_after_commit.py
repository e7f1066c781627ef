"""Waking after a commit: only who waits for what the transaction left, and only when it is committed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.commands import AddNote, SendReply
from agent_tui.domain.models import Part, Role
from agent_tui.server.admin import Admin
from agent_tui.server.commands.executor import CommandExecutor
from agent_tui.server.commands.outgoing import OutgoingFilter
from agent_tui.server.context import ServerContext
from agent_tui.server.delivery.webhooks import QUEUED
from agent_tui.server.http.app import ServerOptions, open_house
from agent_tui.server.identity import Principal
from agent_tui.server.intake.channels import Ingress
from agent_tui.server.intake.forms import MessageIn, NamedCustomer
from agent_tui.server.store.database.opening import open_database
from agent_tui.server.store.database.transactions import Database, mark
from agent_tui.server.store.writing import now
from tests.server.driver import NOWHERE, ulid


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.torture)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        made: str = request.getfixturevalue("postgres")()
        return made
    return f"sqlite:///{tmp_path}/marks.db"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    await database.migrate()
    yield database
    await database.aclose()


async def marks(conn: AsyncConnection) -> None:
    mark(conn, "mail")


async def marks_and_fails(conn: AsyncConnection) -> None:
    mark(conn, "mail")
    raise LookupError


async def leaves_nothing(conn: AsyncConnection) -> None:
    return None


def test_a_listener_is_told_of_commits_with_its_mark_only(url: str) -> None:
    async def play() -> list[int]:
        told: list[int] = []
        async with opened(url) as database:
            database.on_commit("mail", lambda: told.append(1))
            database.on_commit("other", lambda: told.append(2))
            await database.write(leaves_nothing)
            with pytest.raises(LookupError):
                await database.write(marks_and_fails)
            assert told == []
            # Those that share one commit keep their marks apart.
            works = (leaves_nothing, marks, marks_and_fails)
            await asyncio.gather(*map(database.write, works), return_exceptions=True)
            await database.write(leaves_nothing)
        return told

    assert asyncio.run(play()) == [1]


def play_on_ticket(data: Path, make: Callable[[str], Any]) -> list[str]:
    """How often the delivery was woken by one command on a new ticket."""

    async def play() -> list[str]:
        async with Admin(data) as admin:
            made = await admin.create_token("小林", Role.AGENT)
            await admin.create_channel("web", NOWHERE)
        house = await open_house(ServerOptions(data=data))
        woken: list[str] = []
        house.database.on_commit(QUEUED, lambda: woken.append("delivery"))
        ticket = await new_ticket(house)
        outcome = await CommandExecutor(house, OutgoingFilter.load(None)).run(
            make(ticket), Principal("device", made.id, made.name, Role.AGENT)
        )
        assert outcome.outcome == "applied"
        await house.database.aclose()
        return woken

    return asyncio.run(play())


async def new_ticket(house: ServerContext, channel: str = "web") -> str:
    said = MessageIn(
        id=ulid(), customer=NamedCustomer(id=ulid()), parts=(Part(type="text", text="在吗"),), sent_at=now()
    )
    return (await Ingress(house).take(channel, said)).ticket


def test_a_note_does_not_wake_the_delivery(tmp_path: Path) -> None:
    parts = (Part(type="text", text="好"),)
    assert play_on_ticket(tmp_path, lambda ticket: AddNote(id=ulid(), ticket=ticket, parts=parts)) == []


def test_a_reply_wakes_the_delivery(tmp_path: Path) -> None:
    parts = (Part(type="text", text="您好"),)
    woken = play_on_ticket(tmp_path, lambda ticket: SendReply(id=ulid(), ticket=ticket, parts=parts))
    assert woken == ["delivery"]
