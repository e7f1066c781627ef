"""A connection that is done when its call returns, so that a whole transaction is one hop to a thread.

Transactions are coroutines over a connection. A driver that hops to its thread for each step of each
statement spends most of a small transaction on hopping (70 hops a command, half of its CPU). Over this
connection the same coroutine never suspends: it is run to its end where it stands.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class Inline:
    """The part of an asynchronous connection that transactions use, over a plain one."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.dialect = conn.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Execute a statement."""
        return self._conn.execute(statement, parameters)

    async def scalar(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of the first row."""
        return self._conn.scalar(statement, parameters)

    async def scalars(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of every row."""
        return self._conn.scalars(statement, parameters)

    async def run_sync(self, work: Any) -> Any:
        """Run plain code on the plain connection."""
        return work(self._conn)


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
