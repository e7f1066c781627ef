"""The database: transactions that are tried again, and the migrations, over SQLite or PostgreSQL."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from agent_tui.server.store.sync_connection import SyncConnection, Transactions, run_now
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
HEAD = "0008"
MARKS = "agent-tui marks"
_MIGRATING = 6_117_201
_PASSING = ("40001", "40P01")
_TOGETHER = 64
_LONG_READS = 4
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


class Sqlite(Database):
    """One writer in a thread of its own; short reads where they stand, long ones in threads.

    Reads never wait for the writer (WAL), and a commit is on the disk when it returns (synchronous=FULL).
    What is asked while one commit waits for the disk shares the next: each in its own savepoint, so that one
    that fails takes nothing with it.
    """

    is_sqlite = True

    def __init__(self, url: str) -> None:
        super().__init__(url)
        engine = _engine(make_url(url).set(drivername="sqlite"))
        self._writer = Transactions(engine, "BEGIN IMMEDIATE")
        self._reader = Transactions(engine, "BEGIN")
        self._thread = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(_LONG_READS, "reader")
        self._waiting: deque[tuple[Work[Any], asyncio.Future[Any]]] = deque()
        self._writing = False
        self._draining: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A short read on the caller's own thread: microseconds, where a hop costs more than the read."""
        with self._reader.begin() as conn:
            yield cast(AsyncConnection, conn)

    async def read(self, work: Work[T]) -> T:
        """A long read in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, _run, self._reader, work)

    async def write_once(self, work: Work[T]) -> T:
        """A transaction in the writer's thread, by itself or with others that wait."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append((work, done))
        if not self._writing:
            self._writing = True
            self._draining = loop.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(_TOGETHER, len(self._waiting)))]
            try:
                works = [work for work, _ in some]
                results = await loop.run_in_executor(self._thread, _run_all, self._writer, works)
            except (DBAPIError, RuntimeError) as error:
                results = [_Raised(error)] * len(some)
            for (_, done), result in zip(some, results, strict=True):
                self._settle(done, result)
        self._writing = False

    def _settle(self, done: asyncio.Future[Any], result: Any) -> None:
        if isinstance(result, _Done):
            self._committed(result.marks)
        if done.cancelled():
            return
        if isinstance(result, _Raised):
            done.set_exception(result.error)
        else:
            done.set_result(result.value)

    async def aclose(self) -> None:
        """Let the last transaction end."""
        for threads in (self._readers, self._thread):
            await asyncio.to_thread(threads.shutdown)
        self._writer.close()
        self._reader.close()


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


def open_database(url: str) -> Database:
    """The database at an SQLAlchemy address; of SQLite's the driver does not matter (`sqlite+aiosqlite:`)."""
    return Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else Postgres(url)


def url_of(data: Path, url: str | None) -> str:
    """The database's address: `url`, or the file in the folder `data`, which is made."""
    if url:
        return url
    data.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(data / 'agent-tui.db').resolve().as_posix()}"


def mark(conn: AsyncConnection, what: str) -> None:
    """Have those who listen for `what` told when this transaction is committed."""
    conn.info[MARKS].add(what)


def _run(transactions: Transactions, work: Work[T]) -> T:
    with transactions.begin() as conn:
        return _inline(conn, work)


def _inline(conn: SyncConnection, work: Work[T]) -> T:
    return run_now(cast(Coroutine[Any, Any, T], work(cast(AsyncConnection, conn))))


def _run_all(transactions: Transactions, works: list[Work[Any]]) -> list[Any]:
    """What each work answers or raises; one commit for all."""
    with transactions.begin() as conn:
        return [_apart(conn, work) for work in works]


def _apart(conn: SyncConnection, work: Work[Any]) -> Any:
    marks = conn.info[MARKS] = set[str]()
    conn.run_driver_sql("SAVEPOINT apart")
    try:
        result = _inline(conn, work)
    except BaseException as error:
        conn.run_driver_sql("ROLLBACK TO apart")
        conn.run_driver_sql("RELEASE apart")
        if isinstance(error, Exception):
            return _Raised(error)
        raise
    conn.run_driver_sql("RELEASE apart")
    return _Done(result, marks)


class _Done:
    """What a work answered, and what its transaction was marked with."""

    def __init__(self, value: Any, marks: set[str]) -> None:
        self.value = value
        self.marks = marks


class _Raised:
    """What a work raised, on its way to whoever asked for it."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _engine(url: Any) -> Engine:
    engine = create_engine(url, poolclass=NullPool)

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

    event.listen(engine, "connect", on_connect)
    return engine


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
