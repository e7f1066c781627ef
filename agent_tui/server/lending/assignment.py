"""Who gets what by itself: a helper who is free gets the most urgent customer that fits their pack."""

import asyncio
import logging
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.assignment import TAKING, is_routable, kept_for_core, routed
from agent_tui.domain.events import SeatChanged
from agent_tui.domain.intake import words_of
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import Availability, Message, MessageKind, Person, Role, Ticket
from agent_tui.domain.ruling import Moment
from agent_tui.knowledge.packs.triggers import rules_of
from agent_tui.server.context import ServerContext
from agent_tui.server.lending.helpers import find_buddy
from agent_tui.server.lending.packs import find_pack
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.events import Locked, store
from agent_tui.server.store.kinds import kinds_for
from agent_tui.server.store.people import find_seat
from agent_tui.server.store.ticket_rows import Held, hold
from agent_tui.server.store.tokens import holds
from agent_tui.server.store.writing import UnitOfWork, floor_of, now
from agent_tui.waiting import is_set_within

EVERY = 0.5
# Many commits are one look.
_PAUSE = 0.05
_RECENT = 20
_TRIED = 50
_TAKING = tuple(status.value for status in TAKING)

log = logging.getLogger(__name__)


class _Free(Struct, frozen=True):
    """A helper who waits for a customer."""

    id: str
    pack: str
    team: str | None
    is_alone: bool


class Router:
    """Routes after each commit of this process and twice a second; a row's lock makes it once for all."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context
        self._wake = asyncio.Event()
        context.on_commit(self._wake.set)

    async def run(self) -> None:
        """Route until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self.route()
            except DOWN as error:
                log.warning("routing failed: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE)
            await is_set_within(self._wake, EVERY)

    async def route(self) -> None:
        """Pair helpers who have no buddy yet, and give each who is free a customer, if one fits."""
        async with self._context.database.reading() as conn:
            rows = (await conn.execute(_free())).all()
            free = [_Free(row.id, row.pack, row.team, row.buddy is None) for row in rows]
            fitting = {one.pack: await _rules(conn, one.pack) for one in free}
            due = [one for one in free if await _any_waits(conn, fitting[one.pack], one.team, self._context)]
            found = (
                await find_buddy(conn, self._context.policy) if any(one.is_alone for one in free) else None
            )
        if found is not None:
            await self._each([one.id for one in free if one.is_alone], self._pair)
        await self._each([one.id for one in due], self._give)

    async def _each(self, ids: list[str], work: Any) -> None:
        for id in ids:
            if await self._context.database.write(partial(work, id=id)) is not None:
                self._context.committed()

    async def _pair(self, conn: AsyncConnection, id: str) -> int | None:
        people = t.people.c
        lonely = select(people.id).where(people.id == id, people.buddy.is_(None))
        if await conn.scalar(lonely.with_for_update(skip_locked=True)) is None:
            return None
        seat = await find_seat(conn, id, self._context.policy)
        buddy = await find_buddy(conn, self._context.policy, seat.team if seat else None)
        if seat is None or buddy is None:
            return None
        unit = UnitOfWork(conn, now())
        paired = SeatChanged(seat=replace(seat, buddy=buddy))
        await store(unit, (paired,), Locked(floor=await floor_of(conn), seats=(seat,)))
        return await unit.close()

    async def _give(self, conn: AsyncConnection, id: str) -> int | None:
        # The helper's row is held until the commit: no other process, and no lead, gives them one meanwhile.
        query = _free().where(t.people.c.id == id).with_for_update(skip_locked=True)
        row = (await conn.execute(query)).first()
        pack = await _rules(conn, row.pack) if row is not None else None
        if row is None or pack is None:
            return None
        unit = UnitOfWork(conn, now())
        at = Moment(unit.at, await floor_of(conn), self._context.policy)
        held = await self._fitting(unit, pack, row.team, at)
        if held is not None:
            events = routed(str(ULID()), held.ticket, Person(id=row.id, name=row.name), at)
            await store(unit, events, Locked(floor=at.floor, tickets={held.ticket.id: held}))
        return await unit.close()

    async def _fitting(self, unit: UnitOfWork, pack: PackRules, team: str | None, at: Moment) -> Held | None:
        """The most urgent customer for `pack`, of `team` or of none, locked; those with emergency words stay
        with core agents."""
        tickets = t.tickets.c
        order = (func.coalesce(tickets.due, 1e15), tickets.created, tickets.number)
        for _ in range(_TRIED):
            where = _waiting(kinds_for(pack, at.policy, team))
            held = await hold(unit.conn, *where, skip_locked=True, order=order)
            if held is None:
                return None
            alarming = pack.calls(await _said(unit.conn, held.ticket)) is not None
            if not alarming and is_routable(held.ticket, team, pack, at):
                return held
            await unit.change_ticket(held, kept_for_core(held.ticket), at.floor, None)
        return None


async def _rules(conn: AsyncConnection, pack: str) -> PackRules | None:
    found = await find_pack(conn, pack)
    return None if found is None else rules_of(found)


def _free() -> Any:
    """Helpers who are there, answer from a pack and have nobody who waits for them."""
    people, tickets, tokens = t.people.c, t.tickets.c, t.tokens.c
    busy = select(tickets.id).where(tickets.assignee == people.id, tickets.status.in_(_TAKING))
    token = select(tokens.id).where(tokens.person == people.id, holds())
    query = select(people.id, people.name, people.pack, people.team, people.buddy).where(
        people.role == Role.HELPER.value,
        people.availability == Availability.ONLINE.value,
        people.connected.is_(True),
        people.pack.is_not(None),
        token.exists(),
        ~busy.exists(),
    )
    return query.order_by(people.seen.desc(), people.id)


def _waiting(kinds: list[str]) -> tuple[Any, ...]:
    tickets = t.tickets.c
    return (
        tickets.kind.in_(kinds),
        tickets.status.in_(_TAKING),
        tickets.assignee.is_(None),
        or_(tickets.snoozed.is_(None), tickets.snoozed <= now().timestamp()),
    )


async def _any_waits(
    conn: AsyncConnection, pack: PackRules | None, team: str | None, context: ServerContext
) -> bool:
    """Look before asking for the write lock."""
    if pack is None:
        return False
    query = select(t.tickets.c.id).where(*_waiting(kinds_for(pack, context.policy, team)))
    return bool(await conn.scalar(select(query.exists())))


async def _said(conn: AsyncConnection, ticket: Ticket) -> str:
    """What the customer has said lately."""
    messages = t.messages.c
    query = select(messages.body).where(
        messages.ticket == ticket.id, messages.kind == MessageKind.CUSTOMER.value
    )
    bodies = (await conn.scalars(query.order_by(messages.pos.desc()).limit(_RECENT))).all()
    return "\n".join(words_of(msgspec.json.decode(body, type=Message)) for body in reversed(bodies))
