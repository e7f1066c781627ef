"""What every command has, and what it says of itself for whoever carries it out."""

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from agent_tui.domain.models import Id, MessageKind, Part, Role, Status, Ticket
from agent_tui.domain.roles import CORE, LEADING, may_see
from agent_tui.domain.ruling import Conflict, Refused, Ruling, Scene
from agent_tui.domain.text import is_seen

Ulid = Annotated[str, Meta(pattern="^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$")]
Version = Annotated[int, Meta(ge=1)]
Parts = Annotated[tuple[Part, ...], Meta(min_length=1, max_length=20)]
Reason = Annotated[str, Meta(min_length=1, max_length=1000)]

# The outgoing rules whose question the sender has answered with yes.
Confirmed = Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=20)]

MESSAGES = ("messages",)


def kebab(name: str) -> str:
    """`SendReply` becomes `send-reply`."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class UsedEntry(Struct, frozen=True, kw_only=True):
    """A knowledge entry that went into a reply; `kept` is the share of it that was sent, 0 to 1."""

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    kept: Annotated[float, Meta(ge=0, le=1)] = 1.0


Entries = Annotated[tuple[UsedEntry, ...], Meta(max_length=20)]


class Need(StrEnum):
    """What a scene must hold besides the ticket and what the command names."""

    LOAD = "load"  # the actor's open tickets counted now, not as they were last told
    QUEUE = "queue"  # as its ticket the most urgent one that waits
    PACK = "pack"  # the entries and cards that a helper answers from
    TALLY = "tally"  # a helper's own replies of today, so that no other command counts at the same time
    AUTHOR = "author"  # the seat of the helper who wrote the named message
    CHATS = "chats"  # all that a helper has open, with what awaits approval there


class Named(Struct, frozen=True, kw_only=True):
    """What a command names besides its ticket: a message, the seat it is about, the buddy it pairs with, and
    the knowledge entries whose use it reports."""

    message: str | None = None
    target: str | None = None
    buddy: str | None = None
    entries: tuple[UsedEntry, ...] = ()


NOTHING = Named()


class BaseCommand(Struct, frozen=True, kw_only=True, tag_field="type", tag=kebab, forbid_unknown_fields=True):
    """What every command has; its `type` on the wire is the class name in kebab case.

    `roles` are those who may give it; `needs` what its scene must hold; `touches` what a person must have
    seen after it besides the ticket's own fields, None when it puts nobody else's command out of date; `says`
    the kind of message that its words become, None when no words would be lost with it; `tolerates` what may
    have changed on the ticket for it to be given again without asking a person; `ends_access` that its
    giver's token ends with it. The properties stand for fields that some commands have.
    """

    id: Ulid

    roles: ClassVar[frozenset[Role]] = CORE
    needs: ClassVar[frozenset[Need]] = frozenset()
    touches: ClassVar[tuple[str, ...] | None] = ()
    says: ClassVar[MessageKind | None] = None
    tolerates: ClassVar[frozenset[str]] = frozenset()
    ends_access: ClassVar[bool] = False

    @property
    def is_written(self) -> bool:
        """Whether it holds words that a person wrote and would have to write again."""
        return self.says is not None

    @property
    def is_reply(self) -> bool:
        """Whether it answers the customer."""
        return self.says is MessageKind.REPLY

    @property
    def ticket(self) -> str | None:
        """The ticket it speaks of; None when it speaks of none."""
        return None

    @property
    def version(self) -> int | None:
        """The ticket's version that the sender saw; None when it overwrites nothing."""
        return None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that the sender wrote."""
        return ()

    @property
    def text(self) -> str:
        """What the sender wrote, as text."""
        return "\n".join(part.text for part in self.parts if part.type == "text")

    @property
    def entries(self) -> tuple[UsedEntry, ...]:
        """The knowledge entries that it was made of."""
        return ()

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The outgoing rules whose question the sender has answered with yes."""
        return ()

    @property
    def words(self) -> tuple[Part, ...]:
        """The parts of the message that its words become; they may not say nothing."""
        return self.parts

    def names(self, ticket: Ticket | None) -> Named:
        """What it names, given the ticket it speaks of."""
        return NOTHING

    def rule(self, scene: Scene) -> Ruling:
        """Rule on it; its giver's role has been looked at."""
        raise NotImplementedError


class TicketCommand(BaseCommand, frozen=True, kw_only=True):
    """A command that speaks of one ticket."""

    ticket: Id

    def rule(self, scene: Scene) -> Ruling:
        """What holds for every ticket command, then its own decision."""
        ticket = scene.ticket
        if ticket is None or not may_see(scene.actor, ticket):
            return Refused("unknown-ticket")
        if ticket.status is Status.CLOSED:
            return Refused("ticket-closed")
        if self.words and not says_something(self.words):
            return Refused("empty-text")
        if self.version is not None and not scene.guard <= self.version <= ticket.version:
            return Conflict(scene.changed or ("version",))
        return self.decide(ticket, scene)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """Its own decision on a ticket that is open, seen and as the sender saw it."""
        raise NotImplementedError


def says_something(parts: tuple[Part, ...]) -> bool:
    """Whether a message of these parts says something, and no text in it is blank; a draft may be, beside
    what else it carries."""
    if not all(is_seen(part.text) for part in parts if part.type == "text"):
        return False
    return any(part.type != "draft" or is_seen(part.text) for part in parts)


class FloorCommand(BaseCommand, frozen=True, kw_only=True):
    """A command about a seat or the whole floor; a lead's unless it says otherwise."""

    roles = LEADING
