"""A connection without suspension, so that a whole transaction is one hop to a thread.

Transactions are coroutines over a connection. A driver that hops to its thread for each step of each
statement spends most of a small transaction on hopping (70 hops a command, half of its CPU). Over this
connection the same coroutine never suspends: it is run to its end where it stands.
"""

from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from agent_tui.server.store.database.prepared import PreparedStatements, is_prepared

T = TypeVar("T")


class SyncConnection:
    """The part of an asynchronous connection that transactions use, over a plain one."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.dialect = conn.dialect
        self.info: dict[str, Any] = {}
        self._prepared = PreparedStatements(conn)

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Execute a statement."""
        if is_prepared(statement):
            return self._prepared.execute(statement, parameters)
        return self._conn.execute(statement, parameters)

    async def scalar(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of the first row."""
        if is_prepared(statement):
            return self._prepared.execute(statement, parameters).scalars().first()
        return self._conn.scalar(statement, parameters)

    async def scalars(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of every row."""
        if is_prepared(statement):
            return self._prepared.execute(statement, parameters).scalars()
        return self._conn.scalars(statement, parameters)

    async def run_sync(self, work: Any) -> Any:
        """Run plain code on the plain connection."""
        return work(self._conn)

    def run_driver_sql(self, statement: str) -> None:
        """Run a statement of the driver's own, such as the end of a transaction."""
        self._conn.exec_driver_sql(statement)

    @property
    def is_in_transaction(self) -> bool:
        """Whether the driver is between a beginning and an end."""
        return bool(self._conn.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]

    def close(self) -> None:
        """Let go of the plain connection."""
        self._conn.close()


class Transactions:
    """Short transactions over connections that stay open, begun and ended by the driver's own words.

    What SQLAlchemy does around a transaction (a place in a pool, events, its own state) costs five times the
    short read inside. Each connection here is in one long transaction by SQLAlchemy's account, which its
    driver, without transactions of its own, knows nothing of.
    """

    def __init__(self, engine: Engine, begin: str) -> None:
        self._engine = engine
        self._begin = begin
        self._idle: deque[SyncConnection] = deque()

    @contextmanager
    def begin(self) -> Iterator[SyncConnection]:
        """A connection that nobody else has, in a transaction of its own."""
        conn = self._take()
        try:
            conn.run_driver_sql(self._begin)
            yield conn
            conn.run_driver_sql("COMMIT")
        finally:
            # What the database has rolled back by itself, such as on a full disk, is over already.
            if conn.is_in_transaction:
                conn.run_driver_sql("ROLLBACK")
            self._idle.append(conn)

    def _take(self) -> SyncConnection:
        try:
            return self._idle.pop()
        except IndexError:
            return SyncConnection(self._engine.connect())

    def close(self) -> None:
        """Let go of the connections; those in use are closed when they are forgotten."""
        while self._idle:
            self._idle.pop().close()


def run_now(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends. Raises RuntimeError when it does wait for something."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    # Never suspended again: it holds nothing but this thread's connection.
    work.close()
    raise RuntimeError("a transaction waits for its database only")
