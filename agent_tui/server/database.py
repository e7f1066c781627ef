"""The database: one engine a kind, transactions that are tried again, and the migrations."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from agent_tui.server.tables import house

T = TypeVar("T")

TRIES = 6
_MIGRATING = 6_117_201
_PASSING = ("40001", "40P01")

HEAD = "0001"
_REVISION = text("SELECT version_num FROM alembic_version")


class Database:
    """Reads and writes: SQLite has one writer and readers beside it, PostgreSQL one pool for both."""

    def __init__(self, url: str, pool: int = 10) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite(url, "BEGIN IMMEDIATE", 1)
            self._reader = _sqlite(url, "BEGIN", 4)
        else:
            # JIT costs more than any of these short statements.
            args = {"server_settings": {"jit": "off", "application_name": "agent-tui"}}
            engine = create_async_engine(url, pool_size=pool, max_overflow=pool, connect_args=args)
            self._writer = engine
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one moment and writes nothing."""
        async with self._reader.begin() as conn:
            yield conn

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work` in one transaction; a deadlock or a busy file runs it again from the start."""
        for left in reversed(range(TRIES)):
            try:
                async with self._writer.begin() as conn:
                    return await work(conn)
            except DBAPIError as error:
                if not left or not _is_passing(error):
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.02) * (TRIES - left))
        raise AssertionError("unreachable")

    async def migrate(self) -> None:
        """Bring the tables up to date; of several processes at once one does it, the others wait."""
        if await self._is_current():
            return
        async with self._writer.begin() as conn:
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
            return (
                await conn.scalar(_REVISION) == HEAD and await conn.scalar(select(house.c.epoch)) is not None
            )

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._writer.dispose()
        if self.is_sqlite:
            await self._reader.dispose()


def url_of(data: Path, url: str | None) -> str:
    """The database's address: `url`, or the file in the folder `data`, which is made."""
    if url:
        return url
    data.mkdir(parents=True, exist_ok=True)
    return f"sqlite+aiosqlite:///{(data / 'agent-tui.db').resolve().as_posix()}"


def _sqlite(url: str, begin: str, size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=size, max_overflow=0, pool_timeout=60)

    def on_connect(dbapi: Any, record: object) -> None:
        # The driver's own implicit transactions would let a read become a write half way.
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine


def _is_passing(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in _PASSING or "database is locked" in str(error.orig)


def _upgrade(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "agent_tui.server:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def now_seconds() -> float:
    """The time as the tables keep it."""
    return time.time()
