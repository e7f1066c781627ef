"""PostgreSQL: a pool of connections to the database that several processes share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from agent_tui.server.store.database.transactions import MARKS, Database, Work

T = TypeVar("T")


class Postgres(Database):
    """A pool of connections; reads see one moment (repeatable read), writers lock rows."""

    def __init__(self, url: str, pool: int = 10) -> None:
        super().__init__(url)
        # JIT costs more than any of these short statements.
        args = {"server_settings": {"jit": "off", "application_name": "agent-tui"}}
        self._writer = create_async_engine(url, pool_size=pool, max_overflow=pool, connect_args=args)
        self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A read-only transaction."""
        async with self._reader.begin() as conn:
            yield conn

    async def read(self, work: Work[T]) -> T:
        """As `reading`: the database does the work elsewhere."""
        async with self._reader.begin() as conn:
            return await work(conn)

    async def write_once(self, work: Work[T]) -> T:
        """A transaction on a connection of the pool."""
        async with self._writer.begin() as conn:
            marks = conn.info[MARKS] = set()
            result = await work(conn)
        self._committed(marks)
        return result

    async def aclose(self) -> None:
        """Close the pool."""
        await self._writer.dispose()
