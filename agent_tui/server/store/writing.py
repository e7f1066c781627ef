"""The one way to change something: rows first, then the lines of the feed under the counter's lock."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import Gone, MessageAdded, TicketChanged
from agent_tui.domain.models import Floor, Message, MessageKind, Role, Ticket
from agent_tui.domain.text import fold
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.prepared import prepared
from agent_tui.server.store.ticket_rows import REMEMBERED, Held, Touched, columns_of, differences, owner
from agent_tui.wire import encode

PERSON, CORE, EVERYONE, LEADS = 0, 1, 2, 3
_HISTORY = 200

# Built once: making a statement costs more than running it.
_ADD_MESSAGE = prepared(insert(t.messages))
_ADD_TEXT = prepared(insert(t.texts))
_ADD_TICKET = prepared(insert(t.tickets))
_ADD_CHANGES = prepared(insert(t.changes))
_CHANGE_TICKET = prepared(update(t.tickets).where(t.tickets.c.id == bindparam("this")))
_ADVANCE = prepared(
    update(t.counters)
    .where(t.counters.c.name == bindparam("counter"))
    .values(value=t.counters.c.value + bindparam("by"))
    .returning(t.counters.c.value)
)
_FLOOR = prepared(select(t.house.c.floor))


async def floor_of(conn: AsyncConnection) -> Floor:
    """The state of the floor."""
    body = (await conn.scalars(_FLOOR)).one()
    return msgspec.json.decode(body, type=Floor)


def upsert(conn: AsyncConnection, table: Any) -> Any:
    """An INSERT of this database's kind, which has ON CONFLICT."""
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(table)


def utc(seconds: float) -> datetime:
    """The moment a row names."""
    return datetime.fromtimestamp(seconds, UTC)


def now() -> datetime:
    """The moment, to the millisecond: what is answered is what is stored."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class UnitOfWork:
    """What one transaction writes. Call `close` last: it takes the counter's lock and numbers the lines."""

    def __init__(self, conn: AsyncConnection, at: datetime) -> None:
        self.conn = conn
        self.at = at
        self._lines: list[tuple[int, str | None, bytes]] = []

    def tell(self, body: bytes, audience: int = EVERYONE, person: str | None = None) -> None:
        """Put a line into the feed."""
        self._lines.append((audience, person, body))

    async def add_message(self, message: Message, after: Ticket) -> None:
        """Keep a new message of `after`, which has the version that the message made."""
        body = encode(message)
        row = {"id": message.id, "ticket": after.id, "pos": after.version, "kind": message.kind.value}
        await self.conn.execute(_ADD_MESSAGE, {**row, "body": body})
        await self._index(message)
        self.tell(event_line("message-added", "message", body), CORE, owner(after))

    async def change_message(self, message: Message, ticket: Ticket) -> None:
        """Keep another state of a message; what was recalled stays readable for leads only."""
        body = encode(message)
        values: dict[str, Any] = {"body": body}
        if message.recalled:
            values["original"] = func.coalesce(t.messages.c.original, t.messages.c.body)
            await self.conn.execute(delete(t.texts).where(t.texts.c.message == message.id))
        await self.conn.execute(update(t.messages).where(t.messages.c.id == message.id).values(**values))
        self.tell(event_line("message-changed", "message", body), CORE, owner(ticket))

    async def _index(self, message: Message) -> None:
        if message.kind is MessageKind.EVENT:
            return
        text = fold("\n".join(p.text for p in message.parts if p.text))
        if text:
            row = {"message": message.id, "ticket": message.ticket, "text": text}
            await self.conn.execute(_ADD_TEXT, row)

    async def add_ticket(self, ticket: Ticket, floor: Floor) -> None:
        """Keep a new ticket."""
        touched: Touched = [(ticket.version, ("messages",))]
        values = columns_of(ticket, floor) | {"guard": ticket.version, "touched": encode(touched)}
        await self.conn.execute(_ADD_TICKET, values)
        self._tell_ticket(values["body"], ticket)

    async def change_ticket(
        self, held: Held, after: Ticket, floor: Floor, names: tuple[str, ...] | None = ()
    ) -> Held:
        """Keep a ticket's new state; `names` is what else changed, None when nobody needs to have seen it."""
        values = columns_of(after, floor)
        guard, touched = held.guard, held.touched
        if names is not None:
            guard = after.version
            touched = [*touched, (after.version, (*differences(held.ticket, after), *names))][-REMEMBERED:]
            values |= {"guard": guard, "touched": encode(touched)}
        await self.conn.execute(_CHANGE_TICKET, values | {"this": after.id})
        moved = owner(held.ticket) != owner(after)
        if moved:
            await self._hand_over(held.ticket, after)
        self._tell_ticket(values["body"], after)
        return Held(after, guard, touched)

    def _tell_ticket(self, body: bytes, ticket: Ticket) -> None:
        self.tell(event_line("ticket-changed", "ticket", body), CORE, owner(ticket))

    async def _hand_over(self, before: Ticket, after: Ticket) -> None:
        """Helpers see their own tickets only: for one it is gone, for another its past appears."""
        ids = [who for who in (owner(before), owner(after)) if who]
        query = select(t.people.c.id).where(t.people.c.id.in_(ids), t.people.c.role == Role.HELPER.value)
        helpers = set((await self.conn.scalars(query)).all())
        if owner(before) in helpers:
            self.tell(encode(Gone(ticket=before.id)), PERSON, owner(before))
        if owner(after) in helpers:
            await self._tell_history(after)

    async def _tell_history(self, after: Ticket) -> None:
        query = (
            select(t.messages.c.body)
            .where(t.messages.c.ticket == after.id, t.messages.c.pos < after.version)
            .order_by(t.messages.c.pos.desc())
            .limit(_HISTORY)
        )
        self.tell(event_line("ticket-changed", "ticket", encode(after)), PERSON, owner(after))
        for body in reversed((await self.conn.scalars(query)).all()):
            self.tell(event_line("message-added", "message", body), PERSON, owner(after))

    async def next_number(self) -> int:
        """The next ticket's number for people."""
        return await _advance(self.conn, "tickets", 1)

    async def close(self) -> int | None:
        """Number the lines and write them; the answer is the last number, None without lines.

        Nothing may follow it in the transaction that could wait: every other writer waits for this commit.
        """
        if not self._lines:
            return None
        last = await _advance(self.conn, "changes", len(self._lines))
        first = last - len(self._lines) + 1
        at = self.at.timestamp()
        rows = [
            {"seq": first + i, "at": at, "audience": audience, "person": person, "body": body}
            for i, (audience, person, body) in enumerate(self._lines)
        ]
        await self.conn.execute(_ADD_CHANGES, rows)
        return last


async def tell_all(
    unit: UnitOfWork, told: tuple[MessageAdded, TicketChanged], held: Held, floor: Floor
) -> None:
    """Write an event message and the ticket it changed."""
    added, changed = told
    await unit.add_message(added.message, changed.ticket)
    await unit.change_ticket(held, changed.ticket, floor)


async def _advance(conn: AsyncConnection, name: str, by: int) -> int:
    return int(await conn.scalar(_ADVANCE, {"counter": name, "by": by}) or 0)


def event_line(type: str, field: str, body: bytes) -> bytes:
    """An event around a body that is encoded already."""
    return b'{"type":"%s","%s":%s}' % (type.encode(), field.encode(), body)
