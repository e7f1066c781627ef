"""SQLite: one writer in a thread of its own, commits that share their way to the disk, reads in between."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from agent_tui.server.store.database.sync_connection import SyncConnection, Transactions, run_now
from agent_tui.server.store.database.transactions import MARKS, Database, Work

T = TypeVar("T")

_TOGETHER = 64
_LONG_READS = 4


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
