"""The 1+1: asking the buddy, whispering, handing drafts, opening cards, taking over, handing over."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agent_tui.domain.calls import ASKED, CARD, answered, called, without_calls
from agent_tui.domain.commands.base import Entries, Named, Parts, Reason, TicketCommand, Version
from agent_tui.domain.models import (
    Availability,
    Id,
    Message,
    MessageKind,
    MessageState,
    Part,
    Ticket,
)
from agent_tui.domain.roles import HELPERS
from agent_tui.domain.ruling import (
    Applied,
    Refused,
    Ruling,
    Scene,
    applied,
    call_of,
    message_of,
    person_of,
    returned,
    with_event,
)


class AskBuddy(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Call the buddy to one's own ticket (helper)."""

    text: Annotated[str, Meta(max_length=500)] = ""

    roles = HELPERS
    touches = None

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The question calls until somebody answers it."""
        after = called(ticket, call_of(scene, ASKED, self.text))
        return with_event(self.id, after, scene, "help-asked", by_actor(scene), self.text)


class Whisper(TicketCommand, frozen=True, kw_only=True):
    """Tell the ticket's helper something that the customer never sees."""

    parts: Parts

    touches = None
    says = MessageKind.WHISPER

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """A whisper answers a question."""
        return whispered(self.id, self.parts, answered(ticket, ASKED, CARD), scene)


class HandDraft(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Hand the ticket's helper a reply to send: words, or what else it carries in `parts`, or both."""

    text: Annotated[str, Meta(max_length=10_000)] = ""
    entries: Entries = ()
    parts: Annotated[tuple[Part, ...], Meta(max_length=19)] = ()

    touches = None
    says = MessageKind.WHISPER

    def __post_init__(self) -> None:
        if not self.text and not self.parts:
            raise ValueError("name a text or parts")

    @property
    def words(self) -> tuple[Part, ...]:
        """The draft; without words an empty one, by which it is known for what it is."""
        return (Part(type="draft", text=self.text), *self.parts)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """A draft answers a question."""
        return whispered(self.id, self.words, answered(ticket, ASKED, CARD), scene)


class AcceptDraft(TicketCommand, frozen=True, kw_only=True):
    """Take a handed draft into one's composer (helper)."""

    message: Id

    roles = HELPERS
    touches = None

    def names(self, ticket: Ticket | None) -> Named:
        """The draft."""
        return Named(message=self.message)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """A draft that was handed on this ticket."""
        if not _is_draft(scene.message, ticket, self.message):
            return Refused("unknown-message")
        return with_event(self.id, answered(ticket, ASKED), scene, "draft-accepted", by_actor(scene))


class TickSteps(TicketCommand, frozen=True, kw_only=True):
    """Keep what was done of a procedure as a note (helper)."""

    procedure: Id
    text: Annotated[str, Meta(min_length=1, max_length=4_000)]

    roles = HELPERS
    touches = None

    @property
    def words(self) -> tuple[Part, ...]:
        """The note."""
        return (Part(type="text", text=self.text),)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The steps are kept as a note."""
        note = message_of(self.id, ticket, scene, MessageKind.NOTE, MessageState.KEPT, self.words)
        return applied(ticket, note, scene)


class OpenCard(TicketCommand, frozen=True, kw_only=True):
    """Open an emergency card: the buddy and the lead are told (helper)."""

    card: Id
    title: Annotated[str, Meta(max_length=200)]

    roles = HELPERS
    touches = None

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The card calls the lead at once."""
        after = called(ticket, call_of(scene, CARD, self.title))
        return with_event(self.id, after, scene, "card-opened", by_actor(scene), self.title)


class TakeOver(TicketCommand, frozen=True, kw_only=True):
    """Take a helper's ticket; it can be given back."""

    version: Version

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """Somebody else's ticket."""
        if ticket.assignee is None or ticket.assignee.id == scene.actor.id:
            return Refused("nothing-to-take")
        after = replace(without_calls(ticket), assignee=person_of(scene.actor), helper=ticket.assignee)
        values = {**by_actor(scene), "from": ticket.assignee.name}
        back = returned(scene.awaiting)
        return with_event(self.id, after, scene, "taken-over", values, "", *back)


class GiveBack(TicketCommand, frozen=True, kw_only=True):
    """Give a taken ticket back to its helper."""

    version: Version

    def names(self, ticket: Ticket | None) -> Named:
        """The helper it is given back to."""
        helper = ticket.helper if ticket else None
        return Named(target=helper.id if helper else None)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """To a helper who is still there."""
        if ticket.helper is None:
            return Refused("nothing-to-give-back")
        if scene.target is not None and scene.target.availability is Availability.OFFLINE:
            return Refused("not-online", ticket.helper.name)
        after = replace(without_calls(ticket), assignee=ticket.helper, helper=None)
        values = {**by_actor(scene), "to": ticket.helper.name}
        back = returned(scene.awaiting)
        return with_event(self.id, after, scene, "given-back", values, "", *back)


class HandOver(TicketCommand, frozen=True, kw_only=True):
    """Pass one's own ticket on to the core agents, with the reason (helper)."""

    reason: Reason

    roles = HELPERS

    @property
    def words(self) -> tuple[Part, ...]:
        """The reason."""
        return (Part(type="text", text=self.reason),)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """It is not routed to helpers again."""
        after = replace(without_calls(ticket), assignee=None, helper=None, core_only=True)
        back = returned(scene.awaiting)
        return with_event(self.id, after, scene, "handed-over", by_actor(scene), self.reason, *back)


def whispered(id: str, parts: tuple[Part, ...], ticket: Ticket, scene: Scene) -> Applied:
    """`ticket` with a whisper of the actor's."""
    return applied(
        ticket, message_of(id, ticket, scene, MessageKind.WHISPER, MessageState.KEPT, parts), scene
    )


def by_actor(scene: Scene) -> dict[str, str]:
    """The value that an event message names the actor by."""
    return {"by": scene.actor.name}


def _is_draft(message: Message | None, ticket: Ticket, wanted: str) -> bool:
    if message is None or message.id != wanted or message.ticket != ticket.id:
        return False
    return any(p.type == "draft" for p in message.parts)
