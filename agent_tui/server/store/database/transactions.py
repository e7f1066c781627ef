"""The database: transactions that are tried again, who hears of their commits, and the migrations."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.server.store.tables import house

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]

# What is raised when the database does not answer; the driver's own come out unwrapped while connecting.
DOWN: tuple[type[Exception], ...] = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
TRIES = 6
HEAD = "0009"
MARKS = "agent-tui marks"
_MIGRATING = 6_117_201
_PASSING = ("40001", "40P01")
_REVISION = text("SELECT version_num FROM alembic_version")


class Database(ABC):
    """Reads and writes; what a transaction does is the same coroutine on either database."""

    is_sqlite = False

    def __init__(self, url: str) -> None:
        self.url = url
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    def on_commit(self, what: str, listener: Callable[[], None]) -> None:
        """Have `listener` called after each commit of a transaction that was marked with `what`."""
        self._listeners.setdefault(what, []).append(listener)

    def _committed(self, marks: set[str]) -> None:
        for what in marks:
            for listener in self._listeners.get(what, ()):
                listener()

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A short transaction that sees one moment and writes nothing."""

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Run `work`, which may read much, in a transaction that sees one moment."""

    @abstractmethod
    async def write_once(self, work: Work[T]) -> T:
        """Run `work` in one transaction."""

    @abstractmethod
    async def aclose(self) -> None:
        """Let go of every connection."""

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction; a deadlock or a busy file runs it again from the start."""
        for left in reversed(range(TRIES)):
            try:
                return await self.write_once(work)
            except DBAPIError as error:
                if not left or not _is_passing(error):
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.02) * (TRIES - left))
        raise AssertionError("unreachable")

    async def migrate(self) -> None:
        """Bring the tables up to date; of several processes at once one does it, the others wait."""
        if not await self._is_current():
            await self.write_once(self._migrate)

    async def _migrate(self, conn: AsyncConnection) -> None:
        if not self.is_sqlite:
            await conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        await conn.run_sync(_upgrade)

    async def _is_current(self) -> bool:
        """Spares the tool's start when there is nothing to do; a new database has no such table."""
        try:
            async with self.reading() as conn:
                return bool(await conn.scalar(_REVISION) == HEAD)
        except DBAPIError:
            return False

    async def is_ready(self) -> bool:
        """Whether the database is migrated. Raises what the driver raises when it is not there."""
        async with self.reading() as conn:
            epoch = await conn.scalar(select(house.c.epoch))
            return epoch is not None and await conn.scalar(_REVISION) == HEAD


def mark(conn: AsyncConnection, what: str) -> None:
    """Have those who listen for `what` told when this transaction is committed."""
    conn.info[MARKS].add(what)


def _is_passing(error: DBAPIError) -> bool:
    """A lost connection passes too: every work may be run again, a commit whose answer was lost included."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in _PASSING or "database is locked" in str(error.orig)


def _upgrade(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "agent_tui.server.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
