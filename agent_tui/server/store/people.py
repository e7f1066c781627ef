"""The team's seats: who they are, how many chats they have, whether they are there."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import SeatChanged
from agent_tui.domain.models import Availability, Person, Role, Seat, Status
from agent_tui.domain.policy import Policy
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import UnitOfWork
from agent_tui.wire import encode

LOADING = (Status.NEW.value, Status.OPEN.value, Status.PENDING.value)


def load_of(person: Any) -> ColumnElement[int]:
    """How many chats a person has, as a column."""
    query = select(func.count()).select_from(t.tickets)
    return query.where(t.tickets.c.assignee == person, t.tickets.c.status.in_(LOADING)).scalar_subquery()


_ONE = select(t.people, load_of(bindparam("this")).label("chats")).where(t.people.c.id == bindparam("this"))
_LOCKED = _ONE.with_for_update(of=t.people)


def seat_of(row: Any, policy: Policy, role: str | None = None, load: int | None = None) -> Seat:
    """The seat in a row of `people`; `role` is the token's when it is the one who asks."""
    is_helper = (role or row.role) == Role.HELPER.value
    return Seat(
        id=row.id,
        name=row.name,
        role=Role(role or row.role),
        availability=Availability(row.availability),
        load=row.load if load is None else load,
        capacity=policy.limits.capacity or None,
        connected=row.connected,
        team=row.team,
        buddy=Person(id=row.buddy, name=row.buddy_name or "") if is_helper and row.buddy else None,
        pack=row.pack if is_helper else None,
        replies=row.replies if is_helper and row.replies_on == today() else 0,
        free_text=is_helper and _may_write(row, policy),
        alone=is_helper and row.buddy == "",
    )


def _may_write(row: Any, policy: Policy) -> bool:
    """What the lead decided for this helper, else what the team's policy says of all."""
    return bool(policy.helpers.free_text if row.free_text is None else row.free_text)


def today() -> str:
    """The day by the server's own clock: what a helper's first answers are counted by."""
    return datetime.now().astimezone().date().isoformat()


async def find_seat(
    conn: AsyncConnection, person: str, policy: Policy, role: str | None = None, lock: bool = False
) -> Seat | None:
    """A person's seat with the load counted now."""
    row = (await conn.execute(_LOCKED if lock else _ONE, {"this": person})).first()
    return None if row is None else seat_of(row, policy, role, row.chats)


async def all_seats(conn: AsyncConnection, policy: Policy) -> tuple[Seat, ...]:
    """Every person of the team."""
    people = t.people.c
    query = select(t.people, load_of(people.id).label("chats")).where(people.role != Role.CHANNEL.value)
    rows = await conn.execute(query.order_by(people.name))
    return tuple(seat_of(row, policy, load=row.chats) for row in rows)


async def tell_seat(unit: UnitOfWork, seat: Seat, **values: Any) -> None:
    """Keep what changed of a seat and tell everyone."""
    query = update(t.people).where(t.people.c.id == seat.id)
    values |= {"availability": seat.availability.value, "connected": seat.connected, "load": seat.load}
    await unit.conn.execute(query.values(**values))
    unit.tell(encode(SeatChanged(seat=seat)))
