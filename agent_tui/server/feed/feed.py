"""The change feed in pages: where a cursor stands, what a reader may see of what follows, and how masked."""

import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace
from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import (
    CustomerChanged,
    Event,
    MessageAdded,
    MessageChanged,
    TicketChanged,
)
from agent_tui.domain.models import Ticket
from agent_tui.domain.privacy import mask_customer, mask_message, mask_ticket
from agent_tui.domain.rules import LEADING
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal
from agent_tui.server.problems import HttpProblem
from agent_tui.server.store import tables as t
from agent_tui.server.store.cursors import cursor_of, head_of
from agent_tui.server.store.writing import CORE, EVERYONE, LEADS, utc
from agent_tui.wire import encode

_CURSOR = re.compile(r"([0-9a-z]{1,40})\.(0|[1-9][0-9]{0,17})")


AFTER = select(t.changes).where(t.changes.c.seq > bindparam("after")).order_by(t.changes.c.seq)
_PAGE = AFTER.where(t.changes.c.seq <= bindparam("head")).limit(bindparam("limit", type_=Integer))
_AGENTS = _PAGE.where(t.changes.c.audience.in_((CORE, EVERYONE)))
_LEADS = _PAGE.where(t.changes.c.audience.in_((CORE, EVERYONE, LEADS)))
_HELPERS = _PAGE.where(or_(t.changes.c.audience == EVERYONE, t.changes.c.person == bindparam("person")))


class EncodedChange(Struct, frozen=True):
    """A line of the feed as the wire carries it."""

    cursor: str
    at: datetime
    event: Raw


class EncodedPage(Struct, frozen=True):
    """A page of the feed."""

    changes: list[EncodedChange]
    cursor: str
    more: bool


def masked(body: bytes, names: dict[str, str]) -> bytes:
    """A line's event as a helper may read it; `names` are the customers' by ticket."""
    event = msgspec.json.decode(body, type=Event)
    match event:
        case TicketChanged():
            return encode(replace(event, ticket=mask_ticket(event.ticket)))
        case MessageAdded() | MessageChanged():
            return encode(
                replace(event, message=mask_message(event.message, names.get(event.message.ticket, "")))
            )
        case CustomerChanged():
            return encode(replace(event, customer=mask_customer(event.customer)))
        case _:
            return body


async def resume(context: ServerContext, conn: AsyncConnection, cursor: str) -> tuple[int, int]:
    """Where `cursor` stands and the last line there is; one that cannot be resumed is 410."""
    match = _CURSOR.fullmatch(cursor)
    forgotten, head = await head_of(conn)
    if match is None or match[1] != context.epoch or not forgotten <= int(match[2]) <= head:
        raise HttpProblem(410, "cursor-lost", "take a new snapshot")
    return int(match[2]), head


async def page(context: ServerContext, reader: Principal, cursor: str, limit: int) -> EncodedPage:
    """The lines after `cursor` that `reader` may see, at most `limit`."""
    async with context.database.reading() as conn:
        after, head = await resume(context, conn, cursor)
        values = {"after": after, "head": head, "limit": limit + 1}
        if reader.is_helper:
            rows = (await conn.execute(_HELPERS, values | {"person": reader.id})).all()
        else:
            rows = (await conn.execute(_LEADS if reader.role in LEADING else _AGENTS, values)).all()
        names = await customers_of(conn, [row.body for row in rows]) if reader.is_helper else {}
    more = len(rows) > limit
    lines = [_line(context, reader, row, names) for row in rows[:limit]]
    # Without more, the reader has seen all there is, visible or not: spare them reading it again.
    return EncodedPage(lines, lines[-1].cursor if more else cursor_of(context.epoch, head), more)


async def customers_of(conn: AsyncConnection, bodies: list[bytes]) -> dict[str, str]:
    """The names of the customers whose conversations these lines speak of, by ticket."""
    said = [msgspec.json.decode(body, type=_Said).message for body in bodies]
    ids = {one.ticket for one in said if one is not None}
    if not ids:
        return {}
    rows = await conn.scalars(select(t.tickets.c.body).where(t.tickets.c.id.in_(ids)))
    tickets = (msgspec.json.decode(body, type=Ticket) for body in rows)
    return {ticket.id: ticket.customer.name for ticket in tickets}


class _Of(Struct):
    ticket: str


class _Said(Struct):
    message: _Of | None = None


def _line(context: ServerContext, reader: Principal, row: Any, names: dict[str, str]) -> EncodedChange:
    body = masked(row.body, names) if reader.is_helper else row.body
    return EncodedChange(cursor_of(context.epoch, row.seq), utc(row.at), Raw(body))
