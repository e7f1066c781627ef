"""Cursors: places in the change feed of one epoch of the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.server.store import tables as t
from agent_tui.server.store.database.prepared import prepared

_COUNTERS = prepared(select(t.counters.c.name, t.counters.c.value))


def cursor_of(epoch: str, seq: int) -> str:
    """The cursor behind line `seq`."""
    return f"{epoch}.{seq}"


async def head_of(conn: AsyncConnection) -> tuple[int, int]:
    """The last line that was forgotten and the last there is."""
    rows = await conn.execute(_COUNTERS)
    values = {row.name: row.value for row in rows}
    return values["forgotten"], values["changes"]
