"""What one may read: snapshot, tickets, conversations, search; masked where the reader is a helper."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec
from msgspec import Raw
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.models import (
    Availability,
    Customer,
    CustomerDetail,
    Message,
    Order,
    PastContact,
    Status,
    Ticket,
    TicketDetail,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.privacy import mask_message, mask_ticket
from agent_tui.domain.rules import LEADING
from agent_tui.domain.text import fold
from agent_tui.server.identity import Principal
from agent_tui.server.problems import bad_field, not_found
from agent_tui.server.store import tables as t
from agent_tui.server.store.cursors import cursor_of, head_of
from agent_tui.server.store.database.prepared import prepared
from agent_tui.server.store.database.transactions import Database
from agent_tui.server.store.orders import find_order_body
from agent_tui.server.store.people import all_seats
from agent_tui.server.store.writing import floor_of
from agent_tui.wire import Me, encode

_AVAILABILITY = prepared(select(t.people.c.availability).where(t.people.c.id == bindparam("this")))
_CONTACTS = 10
FOUND = 50


def _mine(reader: Principal) -> tuple[ColumnElement[bool], ...]:
    return (t.tickets.c.assignee == reader.id,) if reader.is_helper else ()


def _shown(reader: Principal, body: bytes) -> bytes:
    if not reader.is_helper:
        return body
    return encode(mask_ticket(msgspec.json.decode(body, type=Ticket)))


def _array(reader: Principal, bodies: Any) -> Raw:
    """Stored bodies as one JSON array: joined, not decoded, for everyone who is not masked."""
    return Raw(b"[" + b",".join(_shown(reader, body) for body in bodies) + b"]")


async def me(database: Database, reader: Principal) -> Me:
    """Who the token is."""
    async with database.reading() as conn:
        word = (await conn.scalars(_AVAILABILITY, {"this": reader.id})).one()
    return Me(id=reader.id, name=reader.name, role=reader.role, availability=Availability(word))


async def snapshot(database: Database, reader: Principal, policy: Policy, epoch: str) -> bytes:
    """All that is not closed, with the cursor of the same moment."""
    return await database.read(lambda conn: _snapshot(conn, reader, policy, epoch))


async def _snapshot(conn: AsyncConnection, reader: Principal, policy: Policy, epoch: str) -> bytes:
    _, head = await head_of(conn)
    query = select(t.tickets.c.body).where(t.tickets.c.status != Status.CLOSED.value, *_mine(reader))
    bodies = (await conn.scalars(query)).all()
    floor = await floor_of(conn)
    seats = await all_seats(conn, policy)
    mine = next((seat for seat in seats if seat.id == reader.id), None)
    availability = mine.availability if mine else Availability.ONLINE
    return encode(
        {
            "cursor": cursor_of(epoch, head),
            "tickets": _array(reader, bodies),
            "floor": floor,
            "seats": seats,
            "me": Me(id=reader.id, name=reader.name, role=reader.role, availability=availability),
            # The same rules rule here and preview on the screen.
            "policy": policy,
        }
    )


async def ticket_page(database: Database, reader: Principal, after: str | None, limit: int) -> bytes:
    """A page of all tickets, closed ones too, in the order they were opened."""
    if after is not None and not re.fullmatch(r"[0-9]{1,15}", after):
        raise bad_field("after", "not a place in the list")
    query = select(t.tickets.c.body, t.tickets.c.number).where(*_mine(reader))
    query = query.where(t.tickets.c.number > int(after or 0)).order_by(t.tickets.c.number).limit(limit + 1)

    async def look(conn: AsyncConnection) -> Any:
        return (await conn.execute(query)).all()

    rows = await database.read(look)
    following = str(rows[limit - 1].number) if len(rows) > limit else None
    return encode({"tickets": _array(reader, (row.body for row in rows[:limit])), "next": following})


async def _find(conn: AsyncConnection, reader: Principal, id: str) -> bytes:
    query = select(t.tickets.c.body).where(t.tickets.c.id == id, *_mine(reader))
    body = await conn.scalar(query)
    if body is None:
        raise not_found("unknown-ticket")
    return bytes(body)


async def ticket_detail(database: Database, reader: Principal, id: str) -> TicketDetail:
    """A ticket with its order and its customer spelled out."""
    async with database.reading() as conn:
        ticket = msgspec.json.decode(await _find(conn, reader, id), type=Ticket)
        order = await find_order_body(conn, ticket.order)
        detail = TicketDetail(
            **{name: getattr(ticket, name) for name in ticket.__struct_fields__},
            # As it was put, word for word: what we do not know of an order is not lost.
            order_detail=cast(Any, None if order is None else Raw(order)),
            customer_detail=await _customer_detail(conn, ticket),
        )
    masked = mask_ticket(detail) if reader.is_helper else detail
    return masked if isinstance(masked, TicketDetail) else detail


async def _customer_detail(conn: AsyncConnection, ticket: Ticket) -> CustomerDetail:
    ref = ticket.customer
    body = await conn.scalar(select(t.customers.c.body).where(t.customers.c.id == ref.id))
    known = msgspec.json.decode(body, type=Customer) if body else Customer(**asdict(ref))
    orders = (await conn.scalars(select(t.orders.c.body).where(t.orders.c.customer == ref.id))).all()
    spend = sum((_total(msgspec.json.decode(one, type=Order)) for one in orders), Decimal(0))
    return CustomerDetail(
        **asdict(known), orders=len(orders), spend=f"{spend:.2f}", contacts=await _contacts(conn, ticket)
    )


def _total(order: Order) -> Decimal:
    try:
        return Decimal(order.total)
    except InvalidOperation:
        return Decimal(0)


async def _contacts(conn: AsyncConnection, ticket: Ticket) -> tuple[PastContact, ...]:
    tickets = t.tickets.c
    query = select(tickets.body).where(tickets.customer == ticket.customer.id, tickets.id != ticket.id)
    bodies = (await conn.scalars(query.order_by(tickets.updated.desc()).limit(_CONTACTS))).all()
    return tuple(
        PastContact(
            ticket=one.id, number=one.number, category=one.category, status=one.status, at=one.updated_at
        )
        for one in (msgspec.json.decode(body, type=Ticket) for body in bodies)
    )


async def message_page(
    database: Database, reader: Principal, id: str, before: str | None, limit: int
) -> bytes:
    """The last messages of a conversation, or those before message `before`; oldest first."""
    messages = t.messages.c
    leads = reader.role in LEADING
    async with database.reading() as conn:
        name = msgspec.json.decode(await _find(conn, reader, id), type=Ticket).customer.name
        query = select(messages.body, messages.original).where(messages.ticket == id)
        if before is not None:
            pos = await conn.scalar(select(messages.pos).where(messages.id == before, messages.ticket == id))
            if pos is None:
                raise not_found("unknown-message")
            query = query.where(messages.pos < pos)
        rows = (await conn.execute(query.order_by(messages.pos.desc()).limit(limit + 1))).all()
    shown = [
        _message(reader, name, row.body, row.original if leads else None) for row in reversed(rows[:limit])
    ]
    return encode({"messages": Raw(b"[" + b",".join(shown) + b"]"), "more": len(rows) > limit})


def _message(reader: Principal, name: str, body: bytes, original: bytes | None) -> bytes:
    if reader.is_helper:
        return encode(mask_message(msgspec.json.decode(body, type=Message), name))
    if original is None:
        return body
    now = msgspec.json.decode(body, type=Message)
    words = msgspec.json.decode(original, type=Message).parts
    return encode(msgspec.structs.replace(now, parts=words))


def _contains(conn: AsyncConnection, column: Any, piece: str) -> ColumnElement[bool]:
    """A plain piece of text: no pattern characters, so nothing to escape."""
    find = func.instr if conn.dialect.name == "sqlite" else func.strpos
    return find(column, piece) > 0


async def search(database: Database, reader: Principal, query: str, limit: int) -> bytes:
    """Tickets with `query` in their words, names or numbers; the latest first."""
    piece = fold(query.strip())
    if not piece:
        return encode({"tickets": []})
    if reader.is_helper:
        bodies = await database.read(lambda conn: _search_masked(conn, reader, piece, limit))
    else:
        bodies = await database.read(lambda conn: _search(conn, piece, limit))
    return encode({"tickets": _array(reader, bodies)})


async def _search(conn: AsyncConnection, piece: str, limit: int) -> list[bytes]:
    said = select(t.texts.c.ticket).where(_contains(conn, t.texts.c.text, piece))
    # A ticket is also called by its number with a sign: #1024.
    name = piece.removeprefix("#") or piece
    tickets = t.tickets.c
    fits = or_(_contains(conn, tickets.names, name), tickets.id.in_(said))
    query = select(tickets.body).where(fits).order_by(tickets.updated.desc()).limit(limit)
    return list((await conn.scalars(query)).all())


async def _search_masked(conn: AsyncConnection, reader: Principal, piece: str, limit: int) -> list[bytes]:
    """A helper's few tickets, compared as they are shown: what is masked cannot be guessed by searching."""
    tickets = t.tickets.c
    query = select(tickets.body).where(tickets.assignee == reader.id).order_by(tickets.updated.desc())
    found = []
    for body in (await conn.scalars(query)).all():
        ticket = msgspec.json.decode(body, type=Ticket)
        name, ticket = ticket.customer.name, mask_ticket(ticket)
        words = [ticket.customer.name, str(ticket.number), ticket.order or ""]
        rows = await conn.scalars(select(t.messages.c.body).where(t.messages.c.ticket == ticket.id))
        for row in rows:
            message = mask_message(msgspec.json.decode(row, type=Message), name)
            words += [part.text for part in message.parts]
        if any(piece in fold(word) for word in words):
            found.append(body)
    return found[:limit]
