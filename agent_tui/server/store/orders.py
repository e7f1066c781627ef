"""Orders as their channel has put them."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.models import Order
from agent_tui.server.store import tables as t


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
