"""Storing events: the rows, the feed lines and the channel's post that the domain's events become."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import update

from agent_tui.domain.events import (
    DrillReported,
    Event,
    FloorChanged,
    MessageAdded,
    MessageChanged,
    SeatChanged,
    TicketChanged,
)
from agent_tui.domain.models import Floor, Message, Seat, Ticket
from agent_tui.domain.shifts import goes_out
from agent_tui.server.store import tables as t
from agent_tui.server.store.deliveries import post_recall, post_reply
from agent_tui.server.store.files import link_files
from agent_tui.server.store.people import tell_seat, today
from agent_tui.server.store.ticket_rows import Held
from agent_tui.server.store.writing import LEADS, UnitOfWork
from agent_tui.wire import encode


class Locked(Struct, frozen=True, kw_only=True):
    """What events are stored against: rows as this transaction has read and locked them."""

    floor: Floor
    tickets: dict[str, Held] = {}
    seats: tuple[Seat, ...] = ()
    message: Message | None = None


async def store(
    unit: UnitOfWork, events: Iterable[Event], locked: Locked, touches: tuple[str, ...] | None = ()
) -> None:
    """Store `events` in their order; `touches` as a command has it."""
    events = tuple(events)
    after = {event.ticket.id: event.ticket for event in events if isinstance(event, TicketChanged)}
    seats = {seat.id: seat for seat in locked.seats}
    for event in events:
        match event:
            case TicketChanged(ticket=ticket):
                await unit.change_ticket(locked.tickets[ticket.id], ticket, locked.floor, touches)
            case MessageAdded(message=message):
                await _add_message(unit, message, after[message.ticket])
            case MessageChanged(message=message):
                await _change_message(unit, events, message, locked.message, after[message.ticket])
            case SeatChanged(seat=seat):
                await tell_seat(unit, seat, **_seat_columns(seats.get(seat.id, seat), seat))
            case FloorChanged(floor=floor):
                await unit.conn.execute(update(t.house).values(floor=encode(floor)))
                unit.tell(encode(event))
            case DrillReported():
                unit.tell(encode(event), LEADS)
            case _:
                raise AssertionError(type(event).__name__)


async def _add_message(unit: UnitOfWork, message: Message, after: Ticket) -> None:
    message = await link_files(unit.conn, message)
    await unit.add_message(message, after)
    if goes_out(message):
        await post_reply(unit, message, after)


async def _change_message(
    unit: UnitOfWork, events: tuple[Event, ...], message: Message, before: Message | None, after: Ticket
) -> None:
    await unit.change_message(message, after)
    if goes_out(message):
        await post_reply(unit, message, after)
    elif message.recalled and before is not None:
        told = next(event.message.id for event in events if isinstance(event, MessageAdded))
        await post_recall(unit, told, before, after)


def _seat_columns(before: Seat, after: Seat) -> dict[str, Any]:
    """What a row of `people` keeps of a seat besides what is always told of it."""
    differs = {name for name, value in asdict(after).items() if getattr(before, name) != value}
    columns: dict[str, Any] = {}
    if differs & {"buddy", "alone"}:
        columns |= buddy_columns(after)
    if "replies" in differs:
        columns |= {"replies": after.replies, "replies_on": today()}
    if "free_text" in differs:
        columns |= {"free_text": after.free_text}
    return columns


def buddy_columns(seat: Seat) -> dict[str, str | None]:
    """The buddy in a row of `people`; null lets the server look for one later, empty wants nobody."""
    if seat.buddy is not None:
        return {"buddy": seat.buddy.id, "buddy_name": seat.buddy.name}
    return {"buddy": "" if seat.alone else None, "buddy_name": None}
