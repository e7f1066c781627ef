"""What a command is decided on in a World: who asks, the ticket, and whom and what the command names."""

from typing import Protocol

from agent_tui.backends.world_lending import Lending, LendingFloor
from agent_tui.domain.commands import Command, Need
from agent_tui.domain.models import Message, Role, Seat, Ticket
from agent_tui.domain.ruling import Scene

Touched = dict[str, list[tuple[int, tuple[str, ...]]]]


class RuledFloor(LendingFloor, Protocol):
    """What a scene is read from; `touched` is what changed of each ticket, by version."""

    packs: dict[str, frozenset[str]]
    lending: Lending
    touched: Touched


def scene_of(world: RuledFloor, actor: Seat, command: Command, ticket: Ticket | None) -> Scene:
    """The scene that `command` of `actor` is decided on."""
    touched = world.touched.get(ticket.id, []) if ticket else []
    version, named = command.version or 0, command.names(ticket)
    pack = world.lending.pack_of(actor)
    message = _message(world, ticket, named.message)
    has_chats = Need.CHATS in command.needs and actor.role is Role.HELPER
    return Scene(
        actor=actor,
        now=world.now,
        policy=world.policy,
        floor=world.floor,
        ticket=ticket,
        message=message,
        target=world.seats.get(named.target or ""),
        buddy=world.seats.get(named.buddy or ""),
        author=world.seats.get(message.author.id) if message else None,
        awaiting=world.lending.awaiting(ticket) if ticket else (),
        chats=world.lending.chats(actor.id) if has_chats else (),
        pack_entries=world.packs.get(actor.pack or ""),
        pack_cards=pack.cards if pack else {},
        guard=touched[-1][0] if touched else 0,
        changed=tuple(dict.fromkeys(n for at, names in touched if at > version for n in names)),
    )


def _message(world: RuledFloor, ticket: Ticket | None, wanted: str | None) -> Message | None:
    talk = world.talks.get(ticket.id, []) if ticket else []
    return next((m for m in talk if m.id == wanted), None)
