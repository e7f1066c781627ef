"""Commands: durable wishes to change something; a command's id is its idempotency key."""

from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from agent_tui.domain.models import Availability, Id, Part, Phase, Status

Ulid = Annotated[str, Meta(pattern="^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$")]
Version = Annotated[int, Meta(ge=1)]
Parts = Annotated[tuple[Part, ...], Meta(min_length=1, max_length=20)]
Reason = Annotated[str, Meta(min_length=1, max_length=1000)]


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class UsedEntry(Struct, frozen=True, kw_only=True):
    """A knowledge entry that went into a reply; `kept` is the share of it that was sent, 0 to 1."""

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    kept: Annotated[float, Meta(ge=0, le=1)] = 1.0


class BaseCommand(
    Struct, frozen=True, kw_only=True, tag_field="type", tag=_kebab, forbid_unknown_fields=True
):
    """What every command has; its `type` on the wire is the class name in kebab case."""

    id: Ulid


class TicketCommand(BaseCommand, frozen=True, kw_only=True):
    """A command that speaks of one ticket."""

    ticket: Id


class SendReply(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Send a public reply to the customer."""

    parts: Parts
    entries: Annotated[tuple[UsedEntry, ...], Meta(max_length=20)] = ()


class AddNote(TicketCommand, frozen=True, kw_only=True):
    """Keep a private note that the customer never sees."""

    parts: Parts


class SetStatus(TicketCommand, frozen=True, kw_only=True):
    """Change a ticket's status, based on the version the sender saw."""

    status: Status
    version: Version


class Claim(TicketCommand, frozen=True, kw_only=True):
    """Take a waiting ticket."""

    version: Version


class ClaimNext(BaseCommand, frozen=True, kw_only=True):
    """Take the most urgent waiting ticket; the outcome names it."""

    ticket: ClassVar[None] = None


class Transfer(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Give a ticket to a person or a team, with the reason."""

    version: Version
    reason: Reason
    assignee: Id | None = None
    team: Id | None = None

    def __post_init__(self) -> None:
        if self.assignee is None and self.team is None:
            raise ValueError("name an assignee or a team")


class Snooze(TicketCommand, frozen=True, kw_only=True):
    """Put a ticket away until a moment; a customer's message wakes it earlier."""

    version: Version
    until: Annotated[datetime, Meta(tz=True)]


class Recall(TicketCommand, frozen=True, kw_only=True):
    """Take back one's own message; the original stays for the lead."""

    message: Id


class SetAvailability(BaseCommand, frozen=True, kw_only=True):
    """Say whether one takes chats."""

    availability: Availability
    ticket: ClassVar[None] = None


class SetPhase(BaseCommand, frozen=True, kw_only=True):
    """Say which part of the promotion day it is (lead)."""

    phase: Phase
    ticket: ClassVar[None] = None


class SetEmergency(BaseCommand, frozen=True, kw_only=True):
    """Set the emergency level of the floor, 0 to 4 (lead)."""

    level: Annotated[int, Meta(ge=0, le=4)]
    ticket: ClassVar[None] = None


Command = (
    SendReply
    | AddNote
    | SetStatus
    | Claim
    | ClaimNext
    | Transfer
    | Snooze
    | Recall
    | SetAvailability
    | SetPhase
    | SetEmergency
)


def type_of(command: Command) -> str:
    """The command's `type` on the wire, such as `send-reply`."""
    return _kebab(type(command).__name__)
