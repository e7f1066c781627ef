"""What happens by itself: snoozes end, lost seats are released, loads are told, old lines are forgotten."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.clockwork import reranked, woken
from agent_tui.domain.models import Floor, Role, Status
from agent_tui.domain.ruling import Moment
from agent_tui.domain.shifts import seat_lost
from agent_tui.domain.urgency import SETTLED
from agent_tui.server.context import ServerContext
from agent_tui.server.store import tables as t
from agent_tui.server.store.chats import open_chats
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.events import Locked, store
from agent_tui.server.store.people import find_seat, load_of, seat_of, tell_seat
from agent_tui.server.store.ticket_rows import Held, hold
from agent_tui.server.store.writing import UnitOfWork, floor_of, now, tell_all

EVERY = 0.5
_BATCH = 200
_PRUNE_EVERY = 60.0
_SETTLED = tuple(status.value for status in SETTLED)

log = logging.getLogger(__name__)


class Timers:
    """Does what is due; each work looks again under the row's lock, so one of several processes does it."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context
        self._pruned = 0.0

    async def run(self) -> None:
        """Look twice a second until cancelled."""
        while True:
            for work in (self.wake, self.release, self.rerank, self.tell_loads, self.prune):
                try:
                    await work()
                except DOWN as error:
                    log.warning("%s failed: %s", work.__name__, type(error).__name__)
            await asyncio.sleep(EVERY)

    async def _each(self, ids: list[str], work: Callable[..., Awaitable[int | None]]) -> None:
        for id in ids:
            if await self._context.database.write(partial(work, id=id)) is not None:
                self._context.committed()

    async def _ids(self, query: Any) -> list[str]:
        async with self._context.database.reading() as conn:
            return list((await conn.scalars(query)).all())

    async def wake(self) -> None:
        """End the snoozes whose time has come."""
        await self._each(await self._ids(select(t.tickets.c.id).where(*_snoozed())), self._wake)

    async def _wake(self, conn: AsyncConnection, id: str) -> int | None:
        held = await hold(conn, t.tickets.c.id == id, *_snoozed(), skip_locked=True)
        if held is None:
            return None
        unit, floor = UnitOfWork(conn, now()), await floor_of(conn)
        told = woken(held.ticket, str(ULID()), Moment(unit.at, floor, self._context.policy))
        await tell_all(unit, told, held, floor)
        return await unit.close()

    def _lost(self) -> tuple[Any, ...]:
        people = t.people.c
        return people.connected.is_(True), people.seen < time.time() - self._context.policy.limits.seat_kept

    async def release(self) -> None:
        """Return the waiting chats of seats that lost their connection to the queue."""
        await self._each(await self._ids(select(t.people.c.id).where(*self._lost())), self._release)

    async def _release(self, conn: AsyncConnection, id: str) -> int | None:
        query = select(t.people.c.id).where(t.people.c.id == id, *self._lost())
        if await conn.scalar(query.with_for_update(skip_locked=True)) is None:
            return None
        seat = await find_seat(conn, id, self._context.policy)
        if seat is None:
            return None
        unit, floor = UnitOfWork(conn, now()), await floor_of(conn)
        rows, chats = await open_chats(conn, id)
        events = seat_lost(seat, chats, Moment(unit.at, floor, self._context.policy))
        await store(unit, events, Locked(floor=floor, tickets=rows, seats=(seat,)))
        return await unit.close()

    async def rerank(self) -> None:
        """After a change of the emergency level: work the urgencies out anew, a batch a transaction."""
        while await self._is_stale():
            if await self._context.database.write(self._rerank):
                self._context.committed()

    async def _is_stale(self) -> bool:
        async with self._context.database.reading() as conn:
            stale = select(t.tickets.c.id).where(*_stale(await floor_of(conn)))
            return bool(await conn.scalar(select(stale.exists())))

    async def _rerank(self, conn: AsyncConnection) -> int | None:
        floor = await floor_of(conn)
        tickets = t.tickets.c
        query = select(tickets.id, tickets.body, tickets.guard, tickets.touched).where(*_stale(floor))
        rows = (await conn.execute(query.limit(_BATCH).with_for_update(skip_locked=True))).all()
        unit = UnitOfWork(conn, now())
        held = {row.id: Held.of(row) for row in rows}
        at = Moment(unit.at, floor, self._context.policy)
        events = reranked((one.ticket for one in held.values()), at)
        await store(unit, events, Locked(floor=floor, tickets=held), None)
        ids = [row.id for row in rows]
        await conn.execute(update(t.tickets).where(tickets.id.in_(ids)).values(ranked=floor.level))
        return await unit.close()

    async def tell_loads(self) -> None:
        """Tell everyone how many chats each seat has; many changes at once are one line."""
        people = t.people.c
        differs = people.load != load_of(people.id)
        query = select(people.id).where(people.role != Role.CHANNEL.value, differs)
        await self._each(await self._ids(query), self._tell_load)

    async def _tell_load(self, conn: AsyncConnection, id: str) -> int | None:
        people = t.people.c
        query = select(t.people, load_of(id).label("chats")).where(people.id == id)
        row = (await conn.execute(query.with_for_update(of=t.people))).first()
        if row is None or row.load == row.chats:
            return None
        unit = UnitOfWork(conn, now())
        await tell_seat(unit, seat_of(row, self._context.policy, load=row.chats))
        return await unit.close()

    async def prune(self) -> None:
        """Forget lines that are too old or too many; their cursors answer 410 from then on."""
        if time.monotonic() - self._pruned < _PRUNE_EVERY:
            return
        self._pruned = time.monotonic()
        await self._context.database.write(self._prune)

    async def _prune(self, conn: AsyncConnection) -> None:
        limits, changes, counters = self._context.limits, t.changes.c, t.counters.c
        old = changes.at < time.time() - limits.keep_seconds
        by_age = await conn.scalar(select(func.max(changes.seq)).where(old)) or 0
        head = await conn.scalar(select(func.max(changes.seq))) or 0
        last = max(by_age, head - limits.keep_lines)
        if last <= 0:
            return
        await conn.execute(delete(t.changes).where(changes.seq <= last))
        mark = update(t.counters).where(counters.name == "forgotten", counters.value < last)
        await conn.execute(mark.values(value=last))


def _snoozed() -> tuple[Any, ...]:
    return t.tickets.c.snoozed <= time.time(), t.tickets.c.status != Status.CLOSED.value


def _stale(floor: Floor) -> tuple[Any, ...]:
    return t.tickets.c.ranked != floor.level, t.tickets.c.status.not_in(_SETTLED)
