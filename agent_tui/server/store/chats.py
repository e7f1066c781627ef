"""Chats: what a person has open, locked, with the replies that await approval there."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.calls import awaits_approval
from agent_tui.domain.models import Message, MessageKind, MessageState, Ticket
from agent_tui.domain.ruling import Chat
from agent_tui.domain.urgency import SETTLED
from agent_tui.server.store import tables as t
from agent_tui.server.store.ticket_rows import Held, hold

_SETTLED = tuple(status.value for status in SETTLED)


async def awaiting_on(conn: AsyncConnection, ticket: Ticket) -> tuple[Message, ...]:
    """The replies on `ticket` that await approval, oldest first; looked for only where somebody is called."""
    if not awaits_approval(ticket):
        return ()
    messages = t.messages.c
    query = select(messages.body).where(
        messages.ticket == ticket.id, messages.kind == MessageKind.REPLY.value
    )
    bodies = (await conn.scalars(query.order_by(messages.pos))).all()
    replies = (msgspec.json.decode(body, type=Message) for body in bodies)
    return tuple(reply for reply in replies if reply.state is MessageState.AWAITING)


async def chat_of(conn: AsyncConnection, ticket: Ticket) -> Chat:
    """`ticket` with what awaits on it."""
    return Chat(ticket=ticket, event=str(ULID()), awaiting=await awaiting_on(conn, ticket))


async def open_chats(conn: AsyncConnection, person: str) -> tuple[dict[str, Held], tuple[Chat, ...]]:
    """All that `person` has open, in one order everywhere."""
    tickets = t.tickets.c
    mine = select(tickets.id).where(tickets.assignee == person, tickets.status.not_in(_SETTLED))
    held: dict[str, Held] = {}
    for id in (await conn.scalars(mine.order_by(tickets.id))).all():
        found = await hold(conn, tickets.id == id, tickets.assignee == person)
        if found is not None:
            held[id] = found
    return held, tuple([await chat_of(conn, one.ticket) for one in held.values()])
