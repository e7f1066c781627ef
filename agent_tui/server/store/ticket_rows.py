"""A ticket as its row has it: locked, with what changed of it lately, and the columns of a new state."""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.calls import due_at
from agent_tui.domain.models import Floor, Ticket
from agent_tui.domain.text import fold
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.prepared import prepared
from agent_tui.server.store.kinds import kind_of
from agent_tui.wire import encode

REMEMBERED = 40
_SHOWN = (
    "status",
    "priority",
    "category",
    "class_",
    "order",
    "assignee",
    "team",
    "tags",
    "snoozed_until",
)

# Built once: making a statement costs more than running it.
_HELD = select(t.tickets.c.body, t.tickets.c.guard, t.tickets.c.touched)
_HELD_BY_ID = prepared(_HELD.where(t.tickets.c.id == bindparam("this")).with_for_update())

Touched = list[tuple[int, tuple[str, ...]]]


class Held(Struct, frozen=True):
    """A ticket as its row has it, locked by this transaction."""

    ticket: Ticket
    guard: int = 0
    touched: Touched = []

    @classmethod
    def of(cls, row: Any) -> "Held":
        """The ticket in a row."""
        touched = msgspec.json.decode(row.touched, type=Touched)
        return cls(msgspec.json.decode(row.body, type=Ticket), row.guard, touched)

    def changed_since(self, version: int | None) -> tuple[str, ...]:
        """Names of what changed after `version`; all that can, when that is too long ago to know."""
        if version is None:
            return ()
        if len(self.touched) == REMEMBERED and version < self.touched[0][0]:
            return (*(name.rstrip("_") for name in _SHOWN), "messages")
        names = [name for at, some in self.touched if at > version for name in some]
        return tuple(dict.fromkeys(names))


async def hold(
    conn: AsyncConnection, *where: Any, skip_locked: bool = False, order: Any = None
) -> Held | None:
    """The first ticket that fits, locked until the commit."""
    query = _HELD.where(*where)
    if order is not None:
        query = query.order_by(*order).limit(1)
    row = (await conn.execute(query.with_for_update(skip_locked=skip_locked))).first()
    if row is None:
        return None
    return Held.of(row)


async def hold_ticket(conn: AsyncConnection, id: str) -> Held | None:
    """A ticket by its id, locked until the commit."""
    row = (await conn.execute(_HELD_BY_ID, {"this": id})).first()
    return None if row is None else Held.of(row)


def owner(ticket: Ticket) -> str | None:
    """The id of the person who has `ticket`."""
    return ticket.assignee.id if ticket.assignee else None


def differences(before: Ticket, after: Ticket) -> tuple[str, ...]:
    """Names of the fields people see that differ."""
    names = [name for name in _SHOWN if getattr(before, name) != getattr(after, name)]
    return tuple(name.rstrip("_") for name in names)


def columns_of(ticket: Ticket, floor: Floor) -> dict[str, Any]:
    """What a row keeps of a ticket besides its body: what is looked for and ordered by."""
    due, snoozed, call = ticket.urgency.due_at, ticket.snoozed_until, due_at(ticket)
    names = "\n".join((ticket.customer.name, str(ticket.number), ticket.order or ""))
    return {
        "id": ticket.id,
        "number": ticket.number,
        "version": ticket.version,
        "status": ticket.status.value,
        "channel": ticket.channel,
        "customer": ticket.customer.id,
        "order_number": ticket.order,
        "assignee": owner(ticket),
        "due": due.timestamp() if due else None,
        "created": ticket.created_at.timestamp(),
        "updated": ticket.updated_at.timestamp(),
        "snoozed": snoozed.timestamp() if snoozed else None,
        "help_due": call.timestamp() if call else None,
        "ranked": floor.level,
        "names": fold(names),
        "kind": kind_of(ticket),
        "body": encode(ticket),
    }
