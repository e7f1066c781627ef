"""What a command is decided on in a World: who asks, the ticket, and whom and what the command names."""

from agent_tui.backends.memory.lending import WorldLending
from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.commands import Command, Need
from agent_tui.domain.models import Message, Role, Seat, Ticket
from agent_tui.domain.ruling import Scene


def scene_of(
    world: WorldState, lending: WorldLending, actor: Seat, command: Command, ticket: Ticket | None
) -> Scene:
    """The scene that `command` of `actor` is decided on."""
    touched = world.touched.get(ticket.id, []) if ticket else []
    version, named = command.version or 0, command.names(ticket)
    pack = lending.pack_of(actor)
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
        awaiting=lending.awaiting(ticket) if ticket else (),
        chats=lending.chats(actor.id) if has_chats else (),
        pack_entries=world.packs.get(actor.pack or ""),
        pack_cards=pack.cards if pack else {},
        guard=touched[-1][0] if touched else 0,
        changed=tuple(dict.fromkeys(n for at, names in touched if at > version for n in names)),
    )


def _message(world: WorldState, ticket: Ticket | None, wanted: str | None) -> Message | None:
    talk = world.talks.get(ticket.id, []) if ticket else []
    return next((m for m in talk if m.id == wanted), None)
