"""What a command is decided on in a World: who asks, the ticket, and whom and what the command names."""

from typing import Protocol

from agent_tui.backends.world_lending import Lending, LendingFloor
from agent_tui.domain.commands import (
    AcceptDraft,
    Approve,
    Command,
    GiveBack,
    LetWrite,
    Pair,
    Recall,
    ReturnReply,
    SendReply,
    Transfer,
)
from agent_tui.domain.models import Message, Seat, Ticket
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
    version = getattr(command, "version", 0)
    pack = world.lending.pack_of(actor)
    return Scene(
        actor=actor,
        now=world.now,
        policy=world.policy,
        floor=world.floor,
        ticket=ticket,
        message=_message(world, command),
        target=_target(world, command, ticket),
        buddy=world.seats.get(command.buddy or "") if isinstance(command, Pair) else None,
        pack_entries=world.packs.get(actor.pack or ""),
        pack_cards=pack.cards if pack else {},
        guard=touched[-1][0] if touched else 0,
        changed=tuple(dict.fromkeys(n for at, names in touched if at > version for n in names)),
    )


def _message(world: RuledFloor, command: Command) -> Message | None:
    wanted = command.draft if isinstance(command, SendReply) else None
    if isinstance(command, Recall | AcceptDraft | Approve | ReturnReply):
        wanted = command.message
    return next((m for m in world.talks.get(command.ticket or "", []) if m.id == wanted), None)


def _target(world: RuledFloor, command: Command, ticket: Ticket | None) -> Seat | None:
    wanted = None
    if isinstance(command, Transfer):
        wanted = command.assignee
    elif isinstance(command, Pair | LetWrite):
        wanted = command.helper
    elif isinstance(command, GiveBack) and ticket is not None and ticket.helper is not None:
        wanted = ticket.helper.id
    return world.seats.get(wanted or "")
