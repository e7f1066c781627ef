"""What a ruling is made of: the scene it is made on, the three answers, and the facts that follow from it."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.calls import new_call
from agent_tui.domain.events import Event, MessageAdded, MessageChanged, TicketChanged
from agent_tui.domain.models import (
    Author,
    Floor,
    HelpCall,
    LastMessage,
    Message,
    MessageKind,
    MessageState,
    Part,
    Person,
    Seat,
    Ticket,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.text import one_line
from agent_tui.domain.urgency import ranked


class Chat(Struct, frozen=True, kw_only=True):
    """A ticket that somebody has open; `event` is the id of the message that will say it left them."""

    ticket: Ticket
    event: str
    awaiting: tuple[Message, ...] = ()


class Scene(Struct, frozen=True, kw_only=True):
    """What a command is decided on.

    `ticket`, `message` and `target` are null when unknown to the decider or not named by the command.
    `buddy` is the seat that a pairing names; `author` the helper who wrote `message`; `awaiting` are the
    replies on the ticket that await approval, `chats` is what a helper has open. `pack_entries` are the ids
    they answer from, those of the emergency cards included, null for none; `pack_cards` are the cards' words
    by their ids. `guard` is the ticket's version at its last change that a person must have seen (deliveries
    do not count) and `changed` names what changed after the command's version.
    """

    actor: Seat
    now: datetime
    policy: Policy = Policy()
    floor: Floor = Floor()
    ticket: Ticket | None = None
    message: Message | None = None
    target: Seat | None = None
    buddy: Seat | None = None
    author: Seat | None = None
    awaiting: tuple[Message, ...] = ()
    chats: tuple[Chat, ...] = ()
    pack_entries: frozenset[str] | None = None
    pack_cards: dict[str, str] = {}
    guard: int = 0
    changed: tuple[str, ...] = ()


class Moment(Struct, frozen=True):
    """When something happens by itself, on which floor and under which rules."""

    now: datetime
    floor: Floor
    policy: Policy


class Applied(Struct, frozen=True):
    """The command holds: these events follow, in this order."""

    events: tuple[Event, ...]


class Refused(Struct, frozen=True):
    """The command does not hold and never will; `code` is the last word of the problem's type."""

    code: str
    detail: str = ""


class Conflict(Struct, frozen=True):
    """What the sender saw is no longer so; `changed` names what is different."""

    changed: tuple[str, ...]


Ruling = Applied | Refused | Conflict


def person_of(seat: Seat) -> Person:
    return Person(id=seat.id, name=seat.name)


def moment_of(scene: Scene) -> Moment:
    """The scene without who acts in it."""
    return Moment(scene.now, scene.floor, scene.policy)


def call_of(scene: Scene, reason: str, text: str = "") -> HelpCall:
    """The call for help that the actor makes."""
    actor = scene.actor
    return new_call(person_of(actor), actor.buddy, reason, scene.now, scene.policy, text)


def returned(awaiting: tuple[Message, ...]) -> tuple[MessageChanged, ...]:
    """What awaits on a ticket that leaves its helper comes back: approved later, it would come on top of what
    the next one has answered."""
    return tuple(MessageChanged(message=replace(one, state=MessageState.RETURNED)) for one in awaiting)


def message_of(
    id: str, ticket: Ticket, scene: Scene, kind: MessageKind, state: MessageState, parts: tuple[Part, ...]
) -> Message:
    author = Author(kind="agent", id=scene.actor.id, name=scene.actor.name)
    return Message(id=id, ticket=ticket.id, kind=kind, author=author, parts=parts, at=scene.now, state=state)


def last_of(message: Message) -> LastMessage:
    """What a list shows of `message`."""
    text = " ".join(p.text for p in message.parts if p.type == "text")
    part = "text" if text or not message.parts else message.parts[0].type
    return LastMessage(
        id=message.id,
        kind=message.kind,
        author=message.author,
        at=message.at,
        text=one_line(text),
        part=part,
    )


def event_message(
    id: str, ticket: str, author: Author, at: datetime, label: str, values: dict[str, str], text: str = ""
) -> Message:
    """The small line in a conversation that says what happened to its ticket."""
    part = Part(type="event", label=label, values=values, text=text)
    return Message(
        id=id,
        ticket=ticket,
        kind=MessageKind.EVENT,
        author=author,
        parts=(part,),
        at=at,
        state=MessageState.KEPT,
    )


def with_event(
    id: str, after: Ticket, scene: Scene, label: str, values: dict[str, str], text: str = "", *more: Event
) -> Applied:
    """`after` with the event message that says what the actor did to it."""
    author = Author(kind="agent", id=scene.actor.id, name=scene.actor.name)
    return applied(after, event_message(id, after.id, author, scene.now, label, values, text), scene, *more)


def applied(after: Ticket, message: Message, scene: Scene, *more: Event) -> Applied:
    """Every command makes one message and moves the version by exactly one: clients count on it."""
    moved = replace(after, version=after.version + 1, updated_at=scene.now)
    moved = ranked(moved, scene.floor, scene.policy)
    return Applied((MessageAdded(message=message), TicketChanged(ticket=moved), *more))


def by_system(
    id: str, after: Ticket, at: Moment, label: str, values: dict[str, str], text: str = ""
) -> tuple[MessageAdded, TicketChanged]:
    """`after` as what happened by itself, with the event message `id` that says so."""
    message = event_message(id, after.id, Author(kind="system"), at.now, label, values, text)
    moved = replace(after, version=after.version + 1, updated_at=at.now)
    moved = ranked(moved, at.floor, at.policy)
    return MessageAdded(message=message), TicketChanged(ticket=moved)
