"""Helpers come and go: invited by a lead, paired with a core agent; when they leave nothing stays open."""

import time
from typing import Any

from msgspec.structs import replace
from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from agent_tui.domain.models import Availability, Floor, Person, Role, Seat
from agent_tui.domain.policy import Policy
from agent_tui.domain.roles import CORE
from agent_tui.domain.ruling import Moment
from agent_tui.domain.shifts import REVOKED, ended
from agent_tui.domain.staffing import HelperList, HelperRow
from agent_tui.domain.text import clean
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import hash_token, new_token
from agent_tui.server.lending.codes import end_codes, give_code, link_to
from agent_tui.server.lending.packs import find_pack
from agent_tui.server.problems import HttpProblem, bad_field, not_found
from agent_tui.server.store import tables as t
from agent_tui.server.store.chats import open_chats
from agent_tui.server.store.database.transactions import mark
from agent_tui.server.store.events import Locked, buddy_columns, store
from agent_tui.server.store.people import find_seat, load_of, seat_of, tell_seat
from agent_tui.server.store.tokens import TOKENS_ENDED, holds
from agent_tui.server.store.writing import UnitOfWork, floor_of, now, utc
from agent_tui.wire import HelperIn, HelperMade


async def invite(context: ServerContext, form: HelperIn) -> HelperMade:
    """A token for a helper until the end of their shift; the same name again is another device of theirs."""
    name = clean(form.name).strip()
    if not name:
        raise bad_field("name", "must not be empty")
    made = await context.database.write(lambda conn: _invite(conn, context, replace(form, name=name)))
    context.committed()
    return made


async def _invite(conn: AsyncConnection, context: ServerContext, form: HelperIn) -> HelperMade:
    if await find_pack(conn, form.pack) is None:
        raise bad_field("pack", "there is no such pack")
    known = (await conn.execute(select(t.people).where(t.people.c.name == form.name))).first()
    if known is not None and known.role != Role.HELPER.value:
        raise HttpProblem(409, "name-taken", "somebody of the team has that name")
    id = known.id if known is not None else await _add(conn, form.name)
    buddy = await _named_buddy(conn, context.policy, form.buddy) if form.buddy else None
    buddy = buddy or await find_buddy(conn, context.policy, form.team or (known.team if known else None))
    token, expires = await _give_token(conn, id, form.hours)
    seat = await find_seat(conn, id, context.policy, lock=True)
    if seat is None:
        raise not_found()
    unit = UnitOfWork(conn, now())
    seat = _invited(seat, form, buddy, form.team or await _team_of(conn, buddy))
    decided = {} if form.free_text is None else {"free_text": form.free_text}
    await tell_seat(unit, seat, pack=form.pack, team=seat.team, **decided, **buddy_columns(seat))
    code = await give_code(conn, id, expires)
    await unit.close()
    return HelperMade(
        token=token,
        id=id,
        name=form.name,
        expires_at=utc(expires),
        buddy=buddy,
        code=code,
        link=link_to(context.web, code),
    )


def _invited(seat: Seat, form: HelperIn, buddy: Person | None, team: str | None) -> Seat:
    return replace(
        seat,
        availability=Availability.ONLINE,
        pack=form.pack,
        buddy=buddy,
        alone=False,
        team=team or seat.team,
        free_text=seat.free_text if form.free_text is None else form.free_text,
    )


async def _add(conn: AsyncConnection, name: str) -> str:
    row = {"id": str(ULID()), "name": name, "role": Role.HELPER.value, "connected": False, "seen": 0.0}
    row |= {"availability": Availability.ONLINE.value, "load": 0, "replies": 0}
    await conn.execute(insert(t.people), row)
    return str(row["id"])


async def _give_token(conn: AsyncConnection, id: str, hours: float) -> tuple[str, float]:
    token, at = new_token(), time.time()
    expires = round(at + hours * 3600, 3)
    values = {"id": str(ULID()), "hash": hash_token(token), "person": id, "role": Role.HELPER.value}
    await conn.execute(insert(t.tokens), values | {"created": at, "expires": expires})
    return token, expires


async def _named_buddy(conn: AsyncConnection, policy: Policy, wanted: str) -> Person:
    """The core agent with this id or, as people know each other, this name."""
    people = t.people.c
    id = await conn.scalar(select(people.id).where(people.name == wanted))
    seat = await find_seat(conn, wanted, policy) or await find_seat(conn, id or "", policy)
    if seat is None or seat.role not in CORE:
        raise bad_field("buddy", "there is no such core agent")
    return Person(id=seat.id, name=seat.name)


async def _team_of(conn: AsyncConnection, buddy: Person | None) -> str | None:
    team: str | None = await conn.scalar(
        select(t.people.c.team).where(t.people.c.id == (buddy.id if buddy else ""))
    )
    return team


async def find_buddy(conn: AsyncConnection, policy: Policy, team: str | None = None) -> Person | None:
    """The core agent who is there and has the fewest helpers, at most as many as the policy says; one of
    `team` before all others."""
    people, helpers = t.people.c, t.people.alias("helpers").c
    count = select(func.count()).where(
        helpers.buddy == people.id,
        helpers.role == Role.HELPER.value,
        helpers.availability != Availability.OFFLINE.value,
    )
    helped = count.scalar_subquery()
    query = select(people.id, people.name).where(
        people.role == Role.AGENT.value,
        people.availability == Availability.ONLINE.value,
        people.connected.is_(True),
        helped < policy.helpers.helpers_per_buddy,
    )
    if team is not None:
        query = query.order_by(case((people.team == team, 0), else_=1))
    query = query.order_by(helped, people.id).limit(1).with_for_update(of=t.people)
    row = (await conn.execute(query)).first()
    return None if row is None else Person(id=row.id, name=row.name)


async def list_helpers(context: ServerContext) -> HelperList:
    """All helpers, by name."""
    async with context.database.reading() as conn:
        rows = (await conn.execute(_rows().order_by(t.people.c.name))).all()
    return HelperList(helpers=tuple(_row(row, context.policy) for row in rows))


def _rows() -> Any:
    people, tokens = t.people.c, t.tokens.c
    until = select(func.max(tokens.expires)).where(tokens.person == people.id, holds()).scalar_subquery()
    query = select(t.people, load_of(people.id).label("chats"), until.label("until"))
    return query.where(people.role == Role.HELPER.value)


def _row(row: Any, policy: Policy) -> HelperRow:
    seat = seat_of(row, policy, load=row.chats)
    return HelperRow(
        id=seat.id,
        name=seat.name,
        availability=seat.availability,
        connected=seat.connected,
        load=seat.load,
        pack=seat.pack,
        buddy=seat.buddy,
        team=seat.team,
        replies=seat.replies,
        free_text=seat.free_text,
        expires_at=utc(row.until) if row.until else None,
    )


async def revoke_helper(context: ServerContext, id: str) -> HelperRow:
    """End a helper's shift from outside: their tokens end, their customers go back to the queue."""

    async def write(conn: AsyncConnection) -> HelperRow:
        seat = await find_seat(conn, id, context.policy, lock=True)
        if seat is None or seat.role is not Role.HELPER:
            raise not_found("unknown-person")
        unit = UnitOfWork(conn, now())
        await end_shift(unit, seat, REVOKED, await floor_of(conn), context.policy)
        row = (await conn.execute(_rows().where(t.people.c.id == id))).one()
        await unit.close()
        return _row(row, context.policy)

    gone = await context.database.write(write)
    context.committed()
    return gone


async def end_shift(unit: UnitOfWork, seat: Seat, label: str, floor: Floor, policy: Policy) -> None:
    """End a helper's access, and give back what they have open."""
    await end_access(unit.conn, seat.id)
    rows, chats = await open_chats(unit.conn, seat.id)
    events = ended(seat, chats, label, Moment(unit.at, floor, policy))
    await store(unit, events, Locked(floor=floor, tickets=rows, seats=(seat,)))


async def end_access(conn: AsyncConnection, helper: str) -> None:
    """End a helper's tokens and codes."""
    mine = update(t.tokens).where(t.tokens.c.person == helper, t.tokens.c.revoked.is_(None))
    await conn.execute(mine.values(revoked=time.time()))
    mark(conn, TOKENS_ENDED)
    await end_codes(conn, helper)


def is_expired() -> Any:
    """Whether a row of `people` is a helper whose last token has run out, as a column."""
    people, tokens = t.people.c, t.tokens.c
    theirs = tokens.person == people.id
    ended = select(tokens.id).where(theirs, tokens.expires <= time.time(), tokens.revoked.is_(None))
    living = select(tokens.id).where(theirs, holds())
    return (
        (people.role == Role.HELPER.value)
        & (people.availability != Availability.OFFLINE.value)
        & ended.exists()
        & ~living.exists()
    )
