"""A customer's message with what is known around it, read for the rules of `domain.intake`."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.intake import RECENT, Arrival, arrival_of, order_of
from agent_tui.domain.models import CustomerRef, Message, MessageKind, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.server.store import tables as t
from agent_tui.server.store.orders import find_order


async def arrival(
    conn: AsyncConnection,
    ticket: Ticket | None,
    message: Message,
    customer: CustomerRef,
    order: str | None,
    policy: Policy,
) -> Arrival:
    """The message with the customer's recent words and the order it is about."""
    known = await find_order(conn, order_of(order, ticket))
    earlier = await _recent(conn, ticket) if ticket else []
    return arrival_of(message, customer, earlier, order, known, policy)


async def _recent(conn: AsyncConnection, ticket: Ticket) -> list[Message]:
    messages = t.messages.c
    query = select(messages.body).where(
        messages.ticket == ticket.id, messages.kind == MessageKind.CUSTOMER.value
    )
    bodies = (await conn.scalars(query.order_by(messages.pos.desc()).limit(RECENT - 1))).all()
    return [msgspec.json.decode(body, type=Message) for body in reversed(bodies)]
