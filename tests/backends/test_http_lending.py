"""The 1+1 over a real server process, and the line that leads invite and end shifts by."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent_tui.backends.http import HttpBackend
from agent_tui.domain.commands import SetStatus
from agent_tui.domain.models import Role, Status, Ticket, Tier
from agent_tui.server.admin import TokenMade
from agent_tui.sync.ids import new_id
from agent_tui.wire import HelperMade
from tests.backends.contract import Ear, one
from tests.backends.lending import RULES, LendingContract
from tests.server.driver import Channel, Server


@pytest.fixture(scope="module")
def server(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for the module, over each database."""
    folder: Path = tmp_path_factory.mktemp("lending")
    database = request.getfixturevalue("postgres")() if backend == "postgres" else None
    file = folder / "policy.toml"
    file.write_text(RULES, "utf-8")
    server = Server(folder / "data", database, "--policy", str(file)).start()
    yield server
    server.end()


class HttpLendingHouse:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._lines: list[HttpBackend] = []
        self._helpers: set[str] = set()
        self.ears: list[Ear] = []
        self._channel: Channel = server.channel()
        self.lead = self._person(Role.LEAD, "", "")
        self.buddy = self._person(Role.AGENT, "", "")

    def _person(self, role: Role, name: str, team: str) -> HttpBackend:
        async def make(admin: object) -> TokenMade:
            made: TokenMade = await admin.create_token(  # type: ignore[attr-defined]
                name or f"{role.value}-{new_id()[-8:]}", role, team or None
            )
            return made

        return self._line(self._server.make(make).token)

    def _line(self, token: str) -> HttpBackend:
        self._lines.append(HttpBackend(self._server.url, token))
        return self._lines[-1]

    async def line(self, role: Role = Role.AGENT, name: str = "", team: str = "") -> HttpBackend:
        return await asyncio.to_thread(self._person, role, name, team)

    async def seated(self, made: HelperMade) -> HttpBackend:
        self._helpers.add(made.id)
        return self._line(made.token)

    async def receive(self, customer: str, words: str, tier: Tier = Tier.REGULAR) -> str:
        body = self._channel.body(customer, words)
        body["customer"] = {"id": customer, "name": "王小明", "tier": tier.value}
        answer = await asyncio.to_thread(self._channel.post, body)
        return str(answer.json()["ticket"])

    async def customer_is(self, customer: str, tier: Tier) -> None:
        row = {"name": "王小明", "tier": tier.value}
        answer = await asyncio.to_thread(self._channel.http.put, f"/v1/customers/{customer}", json=row)
        assert answer.status_code == 200

    async def leave(self) -> None:
        """What one test leaves open would be given to the next one's helpers."""
        assert self.lead.staff
        for ear in self.ears:
            await ear.stop()
        for helper in self._helpers:
            await self.lead.staff.revoke(helper)
        tickets: list[Ticket] = []
        await self.lead.snapshot(tickets.append)
        for ticket in tickets:
            closed = SetStatus(id=new_id(), ticket=ticket.id, status=Status.CLOSED, version=ticket.version)
            await one(self.lead, closed)
        for line in self._lines:
            await line.aclose()


@pytest.fixture
async def house(server: Server) -> AsyncIterator[HttpLendingHouse]:
    house = await asyncio.to_thread(HttpLendingHouse, server)
    await house.buddy.me()
    yield house
    await house.leave()


class TestHttpLending(LendingContract):
    """The story over `agent-tui serve`, on SQLite and on PostgreSQL."""
