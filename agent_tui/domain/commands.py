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
    """Send a public reply to the customer; `draft` is the handed draft that a helper sends with it."""

    parts: Parts
    entries: Annotated[tuple[UsedEntry, ...], Meta(max_length=20)] = ()
    draft: Id | None = None


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


class AskBuddy(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Call the buddy to one's own ticket (helper)."""

    text: Annotated[str, Meta(max_length=500)] = ""


class Whisper(TicketCommand, frozen=True, kw_only=True):
    """Tell the ticket's helper something that the customer never sees."""

    parts: Parts


class HandDraft(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Hand the ticket's helper a reply to send."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]
    entries: Annotated[tuple[UsedEntry, ...], Meta(max_length=20)] = ()


class AcceptDraft(TicketCommand, frozen=True, kw_only=True):
    """Take a handed draft into one's composer (helper)."""

    message: Id


class Approve(TicketCommand, frozen=True, kw_only=True):
    """Let a helper's reply that awaits approval go out."""

    message: Id


class ReturnReply(TicketCommand, frozen=True, kw_only=True):
    """Give a helper's reply back with a word."""

    message: Id
    text: Reason


class TakeOver(TicketCommand, frozen=True, kw_only=True):
    """Take a helper's ticket; it can be given back."""

    version: Version


class GiveBack(TicketCommand, frozen=True, kw_only=True):
    """Give a taken ticket back to its helper."""

    version: Version


class HandOver(TicketCommand, frozen=True, kw_only=True):
    """Pass one's own ticket on to the core agents, with the reason (helper)."""

    reason: Reason


class TickSteps(TicketCommand, frozen=True, kw_only=True):
    """Keep what was done of a procedure as a note (helper)."""

    procedure: Id
    text: Annotated[str, Meta(min_length=1, max_length=4_000)]


class OpenCard(TicketCommand, frozen=True, kw_only=True):
    """Open an emergency card: the buddy and the lead are told (helper)."""

    card: Id
    title: Annotated[str, Meta(max_length=200)]


class Finish(BaseCommand, frozen=True, kw_only=True):
    """End one's shift: open customers go back to the queue, the token ends (helper)."""

    ticket: ClassVar[None] = None


class Pair(BaseCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Pair a helper with a core agent, or with nobody (lead)."""

    helper: Id
    buddy: Id | None = None
    ticket: ClassVar[None] = None


class LetWrite(BaseCommand, frozen=True, kw_only=True):
    """Let a helper send words of their own, or no longer (lead)."""

    helper: Id
    allowed: bool
    ticket: ClassVar[None] = None


class SendDrillResult(BaseCommand, frozen=True, kw_only=True):
    """Tell the lead how a drill went (helper)."""

    pack: Id
    right: Annotated[int, Meta(ge=0)]
    total: Annotated[int, Meta(ge=1, le=1000)]
    seconds: Annotated[float, Meta(ge=0)]
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
    | AskBuddy
    | Whisper
    | HandDraft
    | AcceptDraft
    | Approve
    | ReturnReply
    | TakeOver
    | GiveBack
    | HandOver
    | TickSteps
    | OpenCard
    | Finish
    | Pair
    | LetWrite
    | SendDrillResult
)


def type_of(command: Command) -> str:
    """The command's `type` on the wire, such as `send-reply`."""
    return _kebab(type(command).__name__)
