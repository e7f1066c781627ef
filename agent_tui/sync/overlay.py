"""Optimistic updates: what the backend confirmed, and the rules over what is still in the outbox."""

from collections.abc import Callable, Iterable

import msgspec
from msgspec import Struct

from agent_tui.domain.events import FloorChanged, MessageAdded, MessageChanged, SeatChanged, TicketChanged
from agent_tui.domain.models import Floor, Message, Seat, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.rules import Applied, Conflict, Ruling, Scene, decide
from agent_tui.sync.command_queue import MOVING, OutboxEntry, at_version
from agent_tui.sync.rows import moment


class RuleContext(Struct, frozen=True, kw_only=True):
    """What the rules want to know besides the ticket."""

    me: Seat
    floor: Floor
    policy: Policy
    seat: Callable[[str], Seat | None]
    message: Callable[[str, str], Message | None]
    pack_entries: frozenset[str] | None = None
    pack_cards: dict[str, str] = {}


class OptimisticUpdate(Struct, frozen=True, kw_only=True):
    """A ticket with the outbox's effects, and the messages these make."""

    ticket: Ticket
    messages: dict[str, Message] = {}


def rule(entry: OutboxEntry, ticket: Ticket | None, around: RuleContext) -> Ruling:
    """The rules' word on an entry, as of the moment it was made."""
    command = entry.command
    named = command.names(ticket)
    message = around.message(command.ticket or "", named.message) if named.message else None
    scene = Scene(
        actor=around.me,
        now=moment(entry.created_at),
        policy=around.policy,
        floor=around.floor,
        ticket=ticket,
        target=around.seat(named.target) if named.target else None,
        buddy=around.seat(named.buddy) if named.buddy else None,
        message=message,
        author=around.seat(message.author.id) if message else None,
        awaiting=_awaiting(ticket, around) if ticket else (),
        pack_entries=around.pack_entries,
        pack_cards=around.pack_cards,
    )
    return decide(command, scene)


def _awaiting(ticket: Ticket, around: RuleContext) -> tuple[Message, ...]:
    """The replies that await approval, as far as the conversation is here."""
    named = (call.message for call in ticket.calls if call.message is not None)
    found = (around.message(ticket.id, id) for id in named)
    return tuple(message for message in found if message is not None)


def lay_over(ticket: Ticket, entries: Iterable[OutboxEntry], around: RuleContext) -> OptimisticUpdate:
    """`ticket` after every moving entry that the rules let through, in order.

    The version each was based on is the server's to check: here it would only hide an effect for the moment
    between two events of one command.
    """
    messages: dict[str, Message] = {}
    for entry in entries:
        if entry.state not in MOVING:
            continue
        shifted = OutboxEntry(
            command=at_version(entry.command, ticket.version),
            seq=entry.seq,
            state=entry.state,
            created_at=entry.created_at,
        )
        ruling = rule(shifted, ticket, around)
        if isinstance(ruling, Applied):
            ticket = _after(ruling, ticket, messages)
    return OptimisticUpdate(ticket=ticket, messages=messages)


def _after(ruling: Applied, ticket: Ticket, messages: dict[str, Message]) -> Ticket:
    for event in ruling.events:
        if isinstance(event, TicketChanged):
            ticket = event.ticket
        elif isinstance(event, MessageAdded | MessageChanged):
            messages[event.message.id] = event.message
    return ticket


def floor_over(
    me: Seat, floor: Floor, entries: Iterable[OutboxEntry], around: RuleContext
) -> tuple[Seat, Floor]:
    """The person's own seat and the floor with the outbox's effects."""
    for entry in entries:
        if entry.state not in MOVING:
            continue
        here = msgspec.structs.replace(around, me=me, floor=floor)
        ruling = rule(entry, None, here)
        for event in ruling.events if isinstance(ruling, Applied) else ():
            if isinstance(event, SeatChanged) and event.seat.id == me.id:
                me = event.seat
            elif isinstance(event, FloorChanged):
                floor = event.floor
    return me, floor


def why_not(ruling: Ruling) -> tuple[str, str] | None:
    """The code and detail of a ruling that is not for the command."""
    if isinstance(ruling, Applied):
        return None
    if isinstance(ruling, Conflict):
        return "conflict", ", ".join(ruling.changed)
    return ruling.code, ruling.detail
