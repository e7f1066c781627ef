"""Usages: that an entry was sent, noted with the reply; what had been said, gathered a moment later."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.commands import Command, UsedEntry
from agent_tui.domain.events import Event, MessageChanged, TicketChanged
from agent_tui.domain.models import Customer, Message, MessageKind, MessageState, Order, Status, Ticket
from agent_tui.knowledge.recommend.trust import Lesson
from agent_tui.knowledge.recommend.usage_log import CONTEXT_MESSAGES, Said, Side, Usage, usage_of
from agent_tui.server.context import ServerContext
from agent_tui.server.problems import HttpProblem, bad_field
from agent_tui.server.store import knowledge_tables as k
from agent_tui.server.store import tables as t
from agent_tui.server.store.kinds import kind_of
from agent_tui.server.store.writing import utc
from agent_tui.wire import SharedUsage, UsagePage, UsedMessage, encode

BATCH = 100
LONGEST = 2_000
KEPT = 50_000
_SIDES: dict[str, Side] = {MessageKind.CUSTOMER.value: "customer", MessageKind.REPLY.value: "agent"}
_WAITING = select(k.usages.c.reply).where(k.usages.c.seq.is_(None)).limit(1)
_NOTE = insert(k.usages)
_SOLVED = (
    update(k.usages)
    .where(k.usages.c.ticket == bindparam("this"), k.usages.c.solved.is_(False))
    .values(solved=True, seq=None)
)
_TAKEN_BACK = delete(k.usages).where(k.usages.c.reply == bindparam("this"))
_GATHERED = (
    update(k.usages)
    .where(k.usages.c.reply == bindparam("this"), k.usages.c.entry == bindparam("that"))
    .values(messages=bindparam("words"), seq=bindparam("place"))
)


class Wanted(Struct, frozen=True, kw_only=True):
    """Which usages a page is of: those since a moment, those of a team."""

    since: datetime | None = None
    team: str | None = None


async def note_usages(
    conn: AsyncConnection, command: Command, events: Iterable[Event], team: str | None = None
) -> None:
    """Note, in the command's own transaction, which entries a reply used.

    A solved ticket makes its usages count more; words that are taken back teach nothing. `team` is that of
    the one who answered: it counts where the ticket was nobody's in particular.
    """
    used = command.names(None).entries
    for event in events:
        match event:
            case TicketChanged(ticket=after) if used:
                rows = {one.id: _row(command.id, one, after, team) for one in used}
                await conn.execute(_NOTE, list(rows.values()))
            case TicketChanged(ticket=after) if after.status is Status.SOLVED:
                await conn.execute(_SOLVED, {"this": after.id})
            case MessageChanged(message=message) if _is_taken_back(message):
                await conn.execute(_TAKEN_BACK, {"this": message.id})


def _is_taken_back(message: Message) -> bool:
    return message.recalled or message.state is MessageState.RETURNED


def _row(reply: str, used: UsedEntry, after: Ticket, team: str | None) -> dict[str, Any]:
    return {
        "reply": reply,
        "entry": used.id,
        "ticket": after.id,
        "pos": after.version,
        "kept": used.kept,
        "solved": False,
        "category": after.category.value,
        "at": after.updated_at.timestamp(),
        "team": after.team or team,
        "kind": kind_of(after),
    }


async def gather(context: ServerContext) -> bool:
    """Give a batch of noted usages their words and their places; says whether there may be more."""
    async with context.database.reading() as conn:
        waiting = await conn.scalar(_WAITING)
    return waiting is not None and await context.database.write(_gather) == BATCH


async def _gather(conn: AsyncConnection) -> int:
    query = select(k.usages).where(k.usages.c.seq.is_(None)).order_by(k.usages.c.at.desc())
    rows = (await conn.execute(query.limit(BATCH).with_for_update(skip_locked=True))).all()
    ready = [row for row in rows if await _is_out(conn, row.reply)]
    if not ready:
        return 0
    counter = t.counters.c
    counted = update(t.counters).where(counter.name == "usages")
    counted = counted.values(value=counter.value + len(ready)).returning(counter.value)
    last = (await conn.scalars(counted)).one()
    for place, row in enumerate(reversed(ready), last - len(ready) + 1):
        words = row.messages or encode(await _heard(conn, row))
        await conn.execute(_GATHERED, {"this": row.reply, "that": row.entry, "words": words, "place": place})
    if last // 1_000 > (last - len(ready)) // 1_000:
        await conn.execute(delete(k.usages).where(k.usages.c.seq <= last - KEPT))
    return len(ready)


async def _is_out(conn: AsyncConnection, reply: str) -> bool:
    """Whether the customer has been sent this reply; one that was returned has its usages dropped."""
    body = await conn.scalar(select(t.messages.c.body).where(t.messages.c.id == reply))
    state = msgspec.json.decode(body, type=Message).state if body else MessageState.RETURNED
    if state is MessageState.RETURNED:
        await conn.execute(_TAKEN_BACK, {"this": reply})
    return state not in (MessageState.AWAITING, MessageState.RETURNED)


async def _heard(conn: AsyncConnection, row: Any) -> list[UsedMessage]:
    """What both sides had said before the reply, oldest first, without personal data."""
    m = t.messages.c
    said = select(m.body).where(m.ticket == row.ticket, m.pos < row.pos, m.kind.in_(tuple(_SIDES)))
    bodies = (await conn.scalars(said.order_by(m.pos.desc()).limit(CONTEXT_MESSAGES))).all()
    messages = [msgspec.json.decode(body, type=Message) for body in reversed(bodies)]
    spoken = [
        Said(words[:LONGEST], _SIDES[message.kind.value])
        for message in messages
        if not message.recalled and (words := _words(message))
    ]
    usage = usage_of(row.entry, spoken, personal=await _personal(conn, row.ticket))
    return [UsedMessage(side=one.side, text=one.text) for one in usage.messages]


async def _personal(conn: AsyncConnection, id: str) -> tuple[str, ...]:
    """The names and numbers of a ticket that must not be learned."""
    body = await conn.scalar(select(t.tickets.c.body).where(t.tickets.c.id == id))
    if body is None:
        return ()
    ticket = msgspec.json.decode(body, type=Ticket)
    found = [ticket.customer.name, ticket.customer.id, ticket.order or ""]
    body = await conn.scalar(select(t.customers.c.body).where(t.customers.c.id == ticket.customer.id))
    if body:
        customer = msgspec.json.decode(body, type=Customer)
        found += [customer.phone or "", customer.address or ""]
    body = await conn.scalar(select(t.orders.c.body).where(t.orders.c.number == ticket.order))
    if body:
        found += [parcel.number for parcel in msgspec.json.decode(body, type=Order).parcels]
    return tuple(filter(None, found))


async def usage_page(
    context: ServerContext, after: str | None, limit: int, wanted: Wanted | None = None
) -> UsagePage:
    """The usages after a place, oldest first; one that was solved since comes again.

    Raises HttpProblem: 404 for a team that nobody is in and nothing was asked of.
    """
    if after is not None and not (after.isascii() and after.isdigit() and len(after) <= 15):
        raise bad_field("after", "not a place in the list")
    rows = await read_rows(context, int(after or 0), limit + 1, wanted)
    if not rows and wanted is not None and wanted.team:
        await _expect_team(context, wanted.team)
    shown = rows[:limit]
    following = str(shown[-1].seq) if shown else after or "0"
    return UsagePage(usages=tuple(map(_shown, shown)), next=following, more=len(rows) > limit)


async def _expect_team(context: ServerContext, team: str) -> None:
    """Raise HttpProblem unless there is such a team; the teams that people are in are named."""
    people = select(t.people.c.team).where(t.people.c.team.is_not(None)).distinct()
    asked = select(k.usages.c.reply).where(k.usages.c.team == team).limit(1)

    async def look(conn: AsyncConnection) -> tuple[list[Any], Any]:
        return list(await conn.scalars(people)), await conn.scalar(asked)

    known, found = await context.database.read(look)
    if team not in known and found is None:
        raise HttpProblem(404, "unknown-team", ", ".join(sorted(known)))


async def read_rows(
    context: ServerContext, after: int, limit: int, wanted: Wanted | None = None
) -> list[Any]:
    """Rows of gathered usages behind `after`, oldest first."""
    usages = k.usages.c
    query = select(k.usages).where(usages.seq > after, usages.messages.is_not(None))
    if wanted is not None and wanted.since is not None:
        query = query.where(usages.at >= wanted.since.timestamp())
    if wanted is not None and wanted.team is not None:
        query = query.where(usages.team == wanted.team)
    query = query.order_by(usages.seq).limit(limit)

    async def look(conn: AsyncConnection) -> list[Any]:
        return list((await conn.execute(query)).all())

    return await context.database.read(look)


async def read_lessons(context: ServerContext, after: int, limit: int) -> tuple[list[Lesson], int]:
    """Gathered usages behind `after`, oldest first, each with the reply that the server keeps of it; and the
    place of the last."""
    usages = k.usages.c
    reply = t.messages.c.body.label("reply_body")
    query = select(k.usages, reply).join(t.messages, t.messages.c.id == usages.reply, isouter=True)
    query = query.where(usages.seq > after, usages.messages.is_not(None)).order_by(usages.seq).limit(limit)

    async def look(conn: AsyncConnection) -> list[Any]:
        return list((await conn.execute(query)).all())

    rows = await context.database.read(look)
    return [_lesson(row) for row in rows], rows[-1].seq if rows else after


def _lesson(row: Any) -> Lesson:
    said = tuple(Said(one.text, one.side) for one in messages_of(row))
    usage = Usage(
        entry=row.entry,
        messages=said,
        kept=row.kept,
        solved=row.solved,
        at=utc(row.at),
        category=row.category,
    )
    if row.reply_body is None:
        return Lesson(usage=usage)
    reply = msgspec.json.decode(row.reply_body, type=Message)
    return Lesson(usage=usage, sent=_words(reply), person=reply.author.id or "")


def _words(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if part.text)


def messages_of(row: Any) -> tuple[UsedMessage, ...]:
    """What had been said, as a row keeps it."""
    return msgspec.json.decode(row.messages, type=tuple[UsedMessage, ...])


def _shown(row: Any) -> SharedUsage:
    return SharedUsage(
        reply=row.reply,
        entry=row.entry,
        kept=row.kept,
        solved=row.solved,
        category=row.category,
        at=utc(row.at),
        messages=messages_of(row),
        team=row.team,
        kind=row.kind,
    )
