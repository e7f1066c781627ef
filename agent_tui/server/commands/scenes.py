"""What a command is decided on, read in its own transaction: who asks, the ticket locked, what it names."""

from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.commands import Command, Need
from agent_tui.domain.models import Floor, Message, Role, Seat, Status
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Chat, Scene
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal
from agent_tui.server.lending.packs import PackWords, words_of_pack
from agent_tui.server.store import tables as t
from agent_tui.server.store.chats import awaiting_on, open_chats
from agent_tui.server.store.database.prepared import prepared
from agent_tui.server.store.events import Locked
from agent_tui.server.store.people import find_seat, load_of, seat_of
from agent_tui.server.store.ticket_rows import Held, hold, hold_ticket

_ROUNDS = 5
_FLOOR = select(t.house.c.floor).scalar_subquery().label("floor")
_ACTOR = prepared(
    select(t.people, _FLOOR, t.people.c.load.label("chats")).where(t.people.c.id == bindparam("this"))
)
# Two devices of one person must not both take the last free place.
_ACTOR_COUNTED = (
    select(t.people, _FLOOR, load_of(bindparam("this")).label("chats"))
    .where(t.people.c.id == bindparam("this"))
    .with_for_update(of=t.people)
)


class LockedScene(Struct, frozen=True):
    """What a command is decided on, with the rows that its events are stored against."""

    scene: Scene
    locked: Locked


async def look(
    conn: AsyncConnection, context: ServerContext, command: Command, reader: Principal, at: datetime
) -> LockedScene:
    """Read all that the ruling needs: the ticket locked first, then the seats that change with it."""
    policy = context.policy
    actor, floor = await _actor(conn, policy, command, reader)
    held = await _ticket(conn, command, actor, at)
    ticket = held.ticket if held else None
    if Need.TALLY in command.needs and reader.is_helper:
        actor = await find_seat(conn, actor.id, policy, reader.role.value, lock=True) or actor
    named = command.names(ticket)
    message = await _message(conn, named.message)
    writer = message.author.id if message and Need.AUTHOR in command.needs else None
    pack = await _pack(conn, command, actor)
    rows, chats = await _chats(conn, command, actor)
    scene = Scene(
        actor=actor,
        now=at,
        policy=policy,
        floor=floor,
        ticket=ticket,
        message=message,
        target=await _seat(conn, policy, named.target, lock=True),
        buddy=await _seat(conn, policy, named.buddy),
        author=await _seat(conn, policy, writer, lock=True),
        awaiting=await awaiting_on(conn, ticket) if ticket else (),
        chats=chats,
        pack_entries=pack.entries if pack else None,
        pack_cards=pack.cards if pack else {},
        guard=held.guard if held else 0,
        changed=held.changed_since(command.version) if held else (),
    )
    return LockedScene(scene, _locked(scene, rows | ({held.ticket.id: held} if held else {})))


def _locked(scene: Scene, rows: dict[str, Held]) -> Locked:
    seats = (scene.target, scene.author, scene.actor)
    known = tuple(seat for seat in seats if seat is not None)
    return Locked(floor=scene.floor, tickets=rows, seats=known, message=scene.message)


async def _chats(
    conn: AsyncConnection, command: Command, actor: Seat
) -> tuple[dict[str, Held], tuple[Chat, ...]]:
    if Need.CHATS not in command.needs or actor.role is not Role.HELPER:
        return {}, ()
    return await open_chats(conn, actor.id)


async def _actor(
    conn: AsyncConnection, policy: Policy, command: Command, reader: Principal
) -> tuple[Seat, Floor]:
    query = _ACTOR_COUNTED if Need.LOAD in command.needs else _ACTOR
    row = (await conn.execute(query, {"this": reader.id})).one()
    seat = seat_of(row, policy, reader.role.value, row.chats)
    return seat, msgspec.json.decode(row.floor, type=Floor)


async def _ticket(conn: AsyncConnection, command: Command, actor: Seat, at: datetime) -> Held | None:
    if Need.QUEUE in command.needs and actor.role in command.roles:
        return await _next_waiting(conn, at)
    if command.ticket is None:
        return None
    return await hold_ticket(conn, command.ticket)


async def _seat(conn: AsyncConnection, policy: Policy, who: str | None, lock: bool = False) -> Seat | None:
    return None if who is None else await find_seat(conn, who, policy, lock=lock)


async def _pack(conn: AsyncConnection, command: Command, actor: Seat) -> PackWords | None:
    if actor.role is not Role.HELPER or Need.PACK not in command.needs:
        return None
    return await words_of_pack(conn, actor.pack)


async def _message(conn: AsyncConnection, id: str | None) -> Message | None:
    if id is None:
        return None
    body = await conn.scalar(select(t.messages.c.body).where(t.messages.c.id == id))
    return None if body is None else msgspec.json.decode(body, type=Message)


async def _next_waiting(conn: AsyncConnection, at: datetime) -> Held | None:
    """The most urgent waiting ticket, locked.

    Tickets that another transaction holds are passed over; when nothing else is left, wait for them: one may
    come free unclaimed.
    """
    tickets = t.tickets.c
    where = (
        tickets.status.in_((Status.NEW.value, Status.OPEN.value)),
        tickets.assignee.is_(None),
        or_(tickets.snoozed.is_(None), tickets.snoozed <= at.timestamp()),
    )
    order = (func.coalesce(tickets.due, 1e15), tickets.created, tickets.number)
    for round_ in range(_ROUNDS):
        held = await hold(conn, *where, skip_locked=round_ % 2 == 0, order=order)
        if held is not None:
            return held
        if round_ % 2 and not await conn.scalar(select(func.count()).select_from(t.tickets).where(*where)):
            return None
    return None
