"""Prepared statements: the same rows and the same errors as SQLAlchemy gives, on the driver's own path."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.models import Role
from agent_tui.server.admin import Admin
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.opening import open_database, url_of
from agent_tui.server.store.database.prepared import PreparedRows, prepared

PERSON = select(t.people).where(t.people.c.name == bindparam("name"), t.people.c.load == 0)
ADD = insert(t.guesses)
SET = update(t.guesses).where(t.guesses.c.address == bindparam("this"))
ALL = select(t.guesses).order_by(t.guesses.c.address)
TWO = [{"address": "a", "used": 1}, {"address": "b", "used": 2}]


def written(data: Path, work: Any) -> Any:
    """What a transaction answers, over a database with one person."""

    async def run() -> Any:
        async with Admin(data) as admin:
            await admin.create_token("小林", Role.AGENT)
        database = open_database(url_of(data, None))
        try:
            return await database.write(work)
        finally:
            await database.aclose()

    return asyncio.run(run())


def test_rows_are_what_sqlalchemy_makes_of_them(tmp_path: Path) -> None:
    async def work(conn: AsyncConnection) -> Any:
        plain = (await conn.execute(PERSON, {"name": "小林"})).one()
        row: Any = (await conn.execute(prepared(PERSON), {"name": "小林"})).one()
        return plain, row

    plain, row = written(tmp_path, work)
    assert tuple(row) == tuple(plain)
    assert row._fields == plain._fields
    assert row.connected is False, "a column of truth is no number"


def test_writing_counts_rows_and_takes_many(tmp_path: Path) -> None:
    async def work(conn: AsyncConnection) -> Any:
        await conn.execute(prepared(ADD), TWO)
        counted = (await conn.execute(prepared(SET), {"this": "a", "used": 7})).rowcount
        none = (await conn.execute(prepared(SET), {"this": "x", "used": 7})).rowcount
        gone: Any = prepared(delete(t.guesses).where(t.guesses.c.used == bindparam("u")).returning(t.guesses))
        return counted, none, await conn.scalar(gone, {"u": 2}), (await conn.execute(prepared(ALL))).all()

    assert written(tmp_path, work) == (1, 0, "b", [("a", 7)])


def test_an_error_is_sqlalchemys(tmp_path: Path) -> None:
    async def work(conn: AsyncConnection) -> None:
        for _ in "ab":
            await conn.execute(prepared(ADD), TWO[0])

    with pytest.raises(IntegrityError):
        written(tmp_path, work)


def test_the_only_row_is_the_only_one() -> None:
    assert PreparedRows([("a",)], 1).one() == ("a",)
    assert PreparedRows([], 0).first() is None
    for rows in ([], [("a",), ("b",)]):
        with pytest.raises(ValueError, match="unpack"):
            PreparedRows(list(rows), 0).one()
