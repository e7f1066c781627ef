"""What a helper's day does by itself: unanswered calls for help climb, shifts end with their token."""

import asyncio
import logging
import time
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.calls import escalated
from agent_tui.domain.shifts import FINISHED
from agent_tui.server.context import ServerContext
from agent_tui.server.lending.helpers import end_shift, is_expired
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.people import find_seat
from agent_tui.server.store.ticket_rows import hold
from agent_tui.server.store.writing import UnitOfWork, floor_of, now

EVERY = 0.5

log = logging.getLogger(__name__)


class Shifts:
    """Does what is due; each work looks again under the row's lock, so one of several processes does it."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context

    async def run(self) -> None:
        """Look twice a second until cancelled."""
        while True:
            try:
                await self.escalate()
                await self.end()
            except DOWN as error:
                log.warning("shifts failed: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

    async def _each(self, query: Any, work: Any) -> None:
        async with self._context.database.reading() as conn:
            ids = (await conn.scalars(query)).all()
        for id in ids:
            if await self._context.database.write(partial(work, id=id)) is not None:
                self._context.committed()

    async def escalate(self) -> None:
        """Take calls for help that nobody answered to the next stage."""
        await self._each(select(t.tickets.c.id).where(_unanswered()), self._escalate)

    async def _escalate(self, conn: AsyncConnection, id: str) -> int | None:
        due = _unanswered()
        held = await hold(conn, t.tickets.c.id == id, due, skip_locked=True)
        if held is None:
            return None
        unit = UnitOfWork(conn, now())
        after = escalated(held.ticket, unit.at, self._context.policy)
        await unit.change_ticket(held, after, await floor_of(conn), None)
        return await unit.close()

    async def end(self) -> None:
        """End the shifts of helpers whose last token has run out."""
        await self._each(select(t.people.c.id).where(is_expired()), self._end)

    async def _end(self, conn: AsyncConnection, id: str) -> int | None:
        query = select(t.people.c.id).where(t.people.c.id == id, is_expired())
        if await conn.scalar(query.with_for_update(skip_locked=True)) is None:
            return None
        seat = await find_seat(conn, id, self._context.policy)
        if seat is None:
            return None
        unit = UnitOfWork(conn, now())
        await end_shift(unit, seat, FINISHED, await floor_of(conn), self._context.policy)
        return await unit.close()


def _unanswered() -> Any:
    return t.tickets.c.help_due <= time.time()
