"""What a customer's words or a change around them do to a ticket that a helper has."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.intake import words_of
from agent_tui.domain.models import Floor, Message, Role, Seat, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Moment
from agent_tui.domain.shifts import watched
from agent_tui.knowledge.packs.triggers import rules_of
from agent_tui.server.lending.packs import find_pack
from agent_tui.server.store import tables as t
from agent_tui.server.store.chats import chat_of
from agent_tui.server.store.events import Locked, store
from agent_tui.server.store.people import seat_of
from agent_tui.server.store.ticket_rows import Held, owner
from agent_tui.server.store.writing import UnitOfWork


async def watch(
    unit: UnitOfWork, before: Ticket, held: Held, floor: Floor, policy: Policy, said: Message | None = None
) -> None:
    """Look at a helper's ticket that has just changed from `before`, by what the customer `said` or without
    words."""
    helper = await _helper_with(unit.conn, held.ticket, policy)
    pack = await find_pack(unit.conn, helper.pack) if helper else None
    if helper is None or pack is None:
        return
    chat = await chat_of(unit.conn, held.ticket)
    words = words_of(said) if said else ""
    events = watched(before, chat, helper, rules_of(pack), words, Moment(unit.at, floor, policy))
    await store(unit, events, Locked(floor=floor, tickets={held.ticket.id: held}))


async def _helper_with(conn: AsyncConnection, ticket: Ticket, policy: Policy) -> Seat | None:
    who, people = owner(ticket), t.people.c
    if who is None:
        return None
    query = select(t.people).where(
        people.id == who, people.role == Role.HELPER.value, people.pack.is_not(None)
    )
    row = (await conn.execute(query)).first()
    return None if row is None else seat_of(row, policy)
