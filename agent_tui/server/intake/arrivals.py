"""What a customer's message makes of their ticket: everything known around it, put before `domain.intake`."""

from decimal import Decimal, InvalidOperation

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.intake import Arrival
from agent_tui.domain.models import CustomerRef, Message, MessageKind, Order, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.server.store import tables as t

_RECENT = 6


async def find_order(conn: AsyncConnection, number: str | None) -> Order | None:
    """An order, None while it is not known."""
    body = await find_order_body(conn, number)
    return None if body is None else msgspec.json.decode(body, type=Order)


async def find_order_body(conn: AsyncConnection, number: str | None) -> bytes | None:
    """An order as it was put, with its number."""
    if number is None:
        return None
    body: bytes | None = await conn.scalar(select(t.orders.c.body).where(t.orders.c.number == number))
    return body


def is_high_value(order: Order | None, policy: Policy) -> bool:
    """Whether an order is worth a faster answer."""
    if order is None or not policy.limits.high_value:
        return False
    try:
        return Decimal(order.total) >= policy.limits.high_value
    except InvalidOperation:
        return False


async def arrival(
    conn: AsyncConnection,
    ticket: Ticket | None,
    message: Message,
    customer: CustomerRef,
    order: str | None,
    policy: Policy,
) -> Arrival:
    """The message with the customer's recent words and the order it is about."""
    number = order or (ticket.order if ticket else None)
    known = await find_order(conn, number)
    said = await _recent_words(conn, ticket) if ticket else []
    return Arrival(
        message=message,
        customer=customer,
        said=[*said, _words(message)],
        order=order,
        high_value=is_high_value(known, policy),
    )


async def _recent_words(conn: AsyncConnection, ticket: Ticket) -> list[str]:
    messages = t.messages.c
    query = select(messages.body).where(
        messages.ticket == ticket.id, messages.kind == MessageKind.CUSTOMER.value
    )
    bodies = (await conn.scalars(query.order_by(messages.pos.desc()).limit(_RECENT - 1))).all()
    return [_words(msgspec.json.decode(body, type=Message)) for body in reversed(bodies)]


def _words(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if part.text)
