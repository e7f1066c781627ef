"""Prepared statements: on SQLite a statement that is run for every request skips what SQLAlchemy does anew.

SQLAlchemy's own cache spares the compiling; looking the statement up there and wrapping cursor, parameters
and rows still costs three times what SQLite does for a small statement. A statement marked here is compiled
once and handed to the driver as it is. On PostgreSQL the mark means nothing.

Only for statements without lists (`in_`) among their parameters, whose number is not known before.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.sql import Executable

S = TypeVar("S", bound=Executable)

_MARK = "agent_tui_prepared"


def prepared(statement: S) -> S:
    """Mark a statement that is made once and run often."""
    return statement.execution_options(**{_MARK: True})


def is_prepared(statement: Any) -> bool:
    """Whether a statement is marked."""
    return _MARK in statement.get_execution_options()


class PreparedRows:
    """What a prepared statement answered: the part of a result that transactions use."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self.rowcount = rowcount
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, None without one."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row. Raises ValueError when it is not the only one."""
        (row,) = self._rows
        return row

    def scalars(self) -> "PreparedRows":
        """The first column of every row."""
        return PreparedRows([row[0] for row in self._rows], self.rowcount)


class PreparedStatements:
    """One connection's statements as its driver takes them, by the names of their parameters."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._driver: Any = conn.connection.dbapi_connection
        # The statement is kept with its form, so that its id stays its own.
        self._forms: dict[tuple[int, tuple[str, ...]], tuple[Any, _Form]] = {}

    def execute(self, statement: Any, parameters: Any) -> PreparedRows:
        """Run a statement, with a list of parameters once for each."""
        many = parameters if isinstance(parameters, list) else [parameters or {}]
        key = id(statement), tuple(many[0])
        found = self._forms.get(key)
        if found is None:
            found = self._forms[key] = statement, _Form(statement, self._conn, key[1])
        form = found[1]
        try:
            if len(many) > 1:
                return form.rows_of(self._driver.executemany(form.sql, map(form.values_of, many)))
            return form.rows_of(self._driver.execute(form.sql, form.values_of(many[0])))
        except sqlite3.Error:
            # Again the long way, which fails as SQLAlchemy fails: its errors are what callers know.
            self._conn.execute(statement, parameters)
            raise


class _Form:
    """A statement's text, the order of its parameters, and the shape of its rows."""

    def __init__(self, statement: Any, conn: Connection, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=conn.dialect, column_keys=list(names))
        self.sql = str(compiled)
        self._order = tuple(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}
        columns = [(column.keyname, column.type) for column in compiled._result_columns]
        self._row: Callable[..., Any] = namedtuple("Row", [name for name, _ in columns], rename=True)  # type: ignore[misc]
        kinds = [kind.dialect_impl(conn.dialect).result_processor(conn.dialect, None) for _, kind in columns]
        self._processed = [(i, one) for i, one in enumerate(kinds) if one is not None]

    def values_of(self, parameters: dict[str, Any]) -> list[Any]:
        """Parameters in the driver's order."""
        fixed = self._fixed
        return [parameters[name] if name in parameters else fixed[name] for name in self._order]

    def rows_of(self, cursor: sqlite3.Cursor) -> PreparedRows:
        """What a cursor has, as rows with named columns."""
        if cursor.description is None:
            return PreparedRows([], cursor.rowcount)
        rows = cursor.fetchall()
        if self._processed:
            rows = list(map(self._process, rows))
        return PreparedRows([self._row(*row) for row in rows], cursor.rowcount)

    def _process(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for i, processor in self._processed:
            values[i] = processor(values[i])
        return values
