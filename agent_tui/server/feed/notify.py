"""PostgreSQL's notifications between processes: a hint that there are new lines, and presence itself."""

import asyncio
import contextlib
from collections import deque

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from agent_tui.server.context import ServerContext
from agent_tui.server.feed.presence import Presences
from agent_tui.waiting import is_set_within

CHANNEL = "agent_tui"
PRESENCE = "agent_tui_presence"
_AGAIN = 1.0
_QUIET = 0.02
_SPEAK = "SELECT pg_notify($1, word) FROM unnest($2::text[]) AS word"


class PostgresNotifier:
    """Rings the other processes after our commits and pokes ours when they ring; carries presence both ways.

    Its connection carries the process's name: while it stands, what the process leased is not taken over.
    """

    def __init__(self, context: ServerContext, poke: object, presences: Presences) -> None:
        self._context = context
        self._poke = poke
        self._presences = presences
        self._due = asyncio.Event()
        self._has_lines = False
        # While there is no connection only the newest are worth keeping: they are all said again.
        self._words: deque[str] = deque(maxlen=1000)
        context.on_commit(self._ring_soon)
        presences.relay.pass_on = self._speak_soon

    def _ring_soon(self) -> None:
        self._has_lines = True
        self._due.set()

    def _speak_soon(self, payload: bytes) -> None:
        self._words.append(payload.decode())
        self._due.set()

    async def connect(self) -> asyncpg.Connection:
        """The connection that listens."""
        url = make_url(self._context.database.url).set(drivername="postgresql")
        dsn = url.render_as_string(hide_password=False)
        settings = {"application_name": f"agent-tui {self._context.owner}"}
        conn = await asyncpg.connect(dsn, server_settings=settings)
        await conn.add_listener(CHANNEL, self._heard)
        await conn.add_listener(PRESENCE, self._heard_word)
        self._presences.relay.greet()
        return conn

    def _heard(self, conn: object, pid: int, channel: str, payload: str) -> None:
        if payload != self._context.owner and callable(self._poke):
            self._poke()

    def _heard_word(self, conn: object, pid: int, channel: str, payload: str) -> None:
        self._presences.heard(payload.encode())

    async def run(self, conn: asyncpg.Connection) -> None:
        """Ring after commits, many as one; a broken connection is made anew."""
        while True:
            try:
                await self._ring(conn)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                conn = await self._again()

    async def _ring(self, conn: asyncpg.Connection) -> None:
        while True:
            if await is_set_within(self._due, 5.0):
                self._due.clear()
                await self._say(conn)
                await asyncio.sleep(_QUIET)
            elif conn.is_closed():
                raise asyncpg.InterfaceError("closed")

    async def _say(self, conn: asyncpg.Connection) -> None:
        if self._has_lines:
            self._has_lines = False
            await conn.execute("SELECT pg_notify($1, $2)", CHANNEL, self._context.owner)
        if self._words:
            words = list(self._words)
            self._words.clear()
            await conn.execute(_SPEAK, PRESENCE, words)

    async def _again(self) -> asyncpg.Connection:
        while True:
            await asyncio.sleep(_AGAIN)
            with contextlib.suppress(asyncpg.PostgresError, OSError):
                return await self.connect()
