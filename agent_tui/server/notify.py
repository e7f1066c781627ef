"""PostgreSQL's notifications between processes: a hint that there are new lines, never the lines."""

import asyncio
import contextlib

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from agent_tui.server.house import House

CHANNEL = "agent_tui"
_AGAIN = 1.0
_QUIET = 0.02


class Bell:
    """Rings the other processes after our commits and pokes ours when they ring.

    Its connection carries the process's name: while it stands, what the process leased is not taken over.
    """

    def __init__(self, house: House, poke: object) -> None:
        self._house = house
        self._poke = poke
        self._due = asyncio.Event()
        house.on_commit(self._due.set)

    async def connect(self) -> asyncpg.Connection:
        """The connection that listens."""
        url = make_url(self._house.database.url).set(drivername="postgresql")
        dsn = url.render_as_string(hide_password=False)
        settings = {"application_name": f"agent-tui {self._house.owner}"}
        conn = await asyncpg.connect(dsn, server_settings=settings)
        await conn.add_listener(CHANNEL, self._heard)
        return conn

    def _heard(self, conn: object, pid: int, channel: str, payload: str) -> None:
        if payload != self._house.owner and callable(self._poke):
            self._poke()

    async def run(self, conn: asyncpg.Connection) -> None:
        """Ring after commits, many as one; a broken connection is made anew."""
        while True:
            try:
                await self._ring(conn)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                conn = await self._again()

    async def _ring(self, conn: asyncpg.Connection) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), 5.0)
            if self._due.is_set():
                self._due.clear()
                await conn.execute("SELECT pg_notify($1, $2)", CHANNEL, self._house.owner)
                await asyncio.sleep(_QUIET)
            elif conn.is_closed():
                raise asyncpg.InterfaceError("closed")

    async def _again(self) -> asyncpg.Connection:
        while True:
            await asyncio.sleep(_AGAIN)
            with contextlib.suppress(asyncpg.PostgresError, OSError):
                return await self.connect()
