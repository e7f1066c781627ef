"""What a customer's words or a change around them do to a ticket that a helper has."""

from typing import Any

from msgspec import Struct
from sqlalchemy import select
from ulid import ULID

from agent_tui.domain.clockwork import carded, passed_on
from agent_tui.domain.models import Floor, HelpCall, Message, Person, Role, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.triggers import card_for
from agent_tui.server.lending.helpers import return_awaiting
from agent_tui.server.lending.kinds import skills_of
from agent_tui.server.lending.packs import find_pack
from agent_tui.server.store import tables as t
from agent_tui.server.store.writing import Entry, Held, owner, tell_all


class _Helper(Struct, frozen=True):
    """Who has the ticket, beside whom, and what they answer from."""

    me: Person
    buddy: Person | None
    pack: Pack


async def watch(
    entry: Entry, before: Ticket, held: Held, floor: Floor, policy: Policy, said: Message | None = None
) -> None:
    """Look at a helper's ticket that has just changed from `before`.

    An emergency word in what was `said` brings the card and calls the lead, and the helper keeps the ticket:
    the card says what to do. Otherwise a ticket that has become more than they settle is passed on. What a
    lead gave them although it did not fit stays theirs until it gets worse.
    """
    helper = await _helper_of(entry, held.ticket)
    if helper is None:
        return
    card = card_for(helper.pack, words_of(said)) if said is not None else None
    if card is not None:
        call = HelpCall(
            at=entry.at, by=helper.me, reason="card", stage="lead", to=helper.buddy, text=card.title
        )
        told = carded(held.ticket, card.id, call, str(ULID()), entry.at, floor, policy)
        await tell_all(entry, told, held, floor)
        return
    skills = skills_of(helper.pack)
    known = skills.against(before, policy)
    worse = [reason for reason in skills.against(held.ticket, policy) if reason not in known]
    if worse:
        told = passed_on(held.ticket, worse[0], str(ULID()), entry.at, floor, policy)
        await tell_all(entry, told, held, floor)
        await return_awaiting(entry, told[1].ticket)


async def _helper_of(entry: Entry, ticket: Ticket) -> _Helper | None:
    people = t.people.c
    who = owner(ticket)
    if who is None:
        return None
    query = select(people.id, people.name, people.buddy, people.buddy_name, people.pack)
    query = query.where(people.id == who, people.role == Role.HELPER.value, people.pack.is_not(None))
    row: Any = (await entry.conn.execute(query)).first()
    pack = await find_pack(entry.conn, row.pack) if row is not None else None
    if pack is None:
        return None
    buddy = Person(id=row.buddy, name=row.buddy_name or "") if row.buddy else None
    return _Helper(Person(id=row.id, name=row.name), buddy, pack)


def words_of(message: Message) -> str:
    """What a message says."""
    return "\n".join(part.text for part in message.parts if part.text)
