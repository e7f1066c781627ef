"""A helpdesk that is our own server: tickets, commands and the feed, and the parts beside them."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from urllib.parse import quote

from msgspec.structs import replace

from agent_tui.backends.base import Arrived, Capabilities, Start
from agent_tui.backends.http.connection import JSON, HttpConnection
from agent_tui.backends.http.feed import HttpFeed
from agent_tui.backends.http.files import HttpFiles
from agent_tui.backends.http.presence import HttpPresence
from agent_tui.backends.http.reading import HttpPacks, HttpSearch
from agent_tui.backends.http.shared_knowledge import HttpSharedKnowledge
from agent_tui.backends.http.snapshot import SnapshotReader
from agent_tui.backends.http.staff import HttpStaff
from agent_tui.backends.http.team_content import HttpTeamContent
from agent_tui.domain.commands import Command
from agent_tui.domain.models import Ticket, TicketDetail
from agent_tui.wire import CommandBatch, Me, MessagePage, Outcome, Outcomes, encode

STEP = 48 * 1024


class HttpBackend:
    """A line to `agent-tui serve`; an empty token is asked for with `find_token`."""

    def __init__(self, server: str, token: str, find_token: Callable[[], str] | None = None) -> None:
        self._connection = HttpConnection(server, token, find_token)
        self.feed = HttpFeed(self._connection)
        self.knowledge, self.staff = HttpSharedKnowledge(self._connection), HttpStaff(self._connection)
        self.content = HttpTeamContent(self._connection)
        self.capabilities = Capabilities(
            content=self.content,
            files=HttpFiles(self._connection),
            knowledge=self.knowledge,
            packs=HttpPacks(self._connection),
            presence=HttpPresence(self._connection, self._knows_no_presence),
            search=HttpSearch(self._connection),
            staff=self.staff,
        )

    def __repr__(self) -> str:
        return f"HttpBackend({self._connection.server!r})"

    def _knows_no_presence(self) -> None:
        self.capabilities = replace(self.capabilities, presence=None)

    def use_token(self, token: str) -> None:
        """Ask with another token from now on."""
        self._connection.use_token(token)

    async def me(self) -> Me:
        """Who the token is."""
        return await self._connection.ask(Me, "GET", "/v1/me")

    async def snapshot(self, take: Callable[[Ticket], None]) -> Start:
        """The state to start from; its tickets are decoded as they arrive, in steps of a millisecond."""
        reader = SnapshotReader(take)
        async with self._connection.stream("GET", "/v1/snapshot") as answer:
            async for piece in answer.aiter_bytes(STEP):
                reader.feed(piece)
                await asyncio.sleep(0)
        return reader.finish()

    def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`: as a stream, or in pages where something lets no stream through."""
        return self.feed.events(cursor)

    def epoch(self, cursor: str) -> str:
        """The epoch a cursor belongs to."""
        return cursor.rpartition(".")[0]

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """One outcome a command, in order."""
        body = encode(CommandBatch(commands=commands))
        answer = await self._connection.ask(Outcomes, "POST", "/v1/commands", content=body, headers=JSON)
        return answer.outcomes

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket with its order and customer."""
        return await self._connection.ask(TicketDetail, "GET", _path(id))

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """A page of a conversation, oldest first."""
        params: dict[str, str] = {"limit": str(limit), **({"before": before} if before else {})}
        return await self._connection.ask(MessagePage, "GET", f"{_path(ticket)}/messages", params=params)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._connection.aclose()


def _path(ticket: str) -> str:
    return f"/v1/tickets/{quote(ticket, safe='')}"
