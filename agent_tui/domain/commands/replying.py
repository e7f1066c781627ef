"""Replies to the customer, private notes, and taking either back."""

from msgspec.structs import replace

from agent_tui.domain.approval import awaiting, may_write, needs_approval, spelled_out
from agent_tui.domain.calls import APPROVAL, ASKED, CARD, answered, awaits_approval, calls_of
from agent_tui.domain.commands.base import (
    MESSAGES,
    Confirmed,
    Entries,
    Named,
    Need,
    Parts,
    TicketCommand,
)
from agent_tui.domain.events import MessageChanged
from agent_tui.domain.models import Id, Message, MessageKind, MessageState, Status, Ticket
from agent_tui.domain.roles import CORE, STAFF
from agent_tui.domain.ruling import (
    Applied,
    Refused,
    Ruling,
    Scene,
    applied,
    last_of,
    message_of,
    person_of,
    returned,
    with_event,
)
from agent_tui.domain.shifts import counted
from agent_tui.domain.urgency import promise_on_reply


class SendReply(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Send a public reply to the customer; `draft` is the handed draft that a helper sends with it.

    `confirmed` are the outgoing rules whose question the sender has answered with yes.
    """

    parts: Parts
    entries: Entries = ()
    draft: Id | None = None
    confirmed: Confirmed = ()

    roles = STAFF
    needs = frozenset({Need.PACK, Need.TALLY})
    touches = MESSAGES
    says = MessageKind.REPLY

    def names(self, ticket: Ticket | None) -> Named:
        """The draft it follows, the entries it was made of."""
        return Named(message=self.draft, entries=self.entries)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """It goes out at once unless a helper's words may not be written, or wait for the buddy."""
        if not may_write(self, scene):
            return Refused("free-text")
        if needs_approval(self, ticket, scene):
            return awaiting(self, ticket, scene)
        parts = spelled_out(self, scene)
        message = message_of(self.id, ticket, scene, MessageKind.REPLY, MessageState.SENT, parts)
        # Approved later, what awaits would come on top of a colleague's answer or of the draft they handed.
        replaces = scene.actor.role in CORE or self.draft is not None
        back = returned(scene.awaiting) if replaces else ()
        left = answered(ticket, APPROVAL) if replaces else ticket
        owner = ticket.assignee or person_of(scene.actor)
        after = replace(replied(_answered(left, scene), message), assignee=owner)
        return applied(after, message, scene, *back, *counted(scene.actor, message))


def replied(ticket: Ticket, message: Message) -> Ticket:
    """`ticket` once a reply has gone out, sent or approved: open and awake, its promises kept or broken.

    Its customer waits no longer, unless another reply awaits approval that answers the rest.
    """
    return replace(
        promise_on_reply(ticket, message.at),
        status=Status.OPEN if ticket.status in (Status.NEW, Status.SOLVED) else ticket.status,
        last_message=last_of(message),
        unread=0,
        waiting_since=ticket.waiting_since if awaits_approval(ticket) else None,
        snoozed_until=None,
    )


def _answered(ticket: Ticket, scene: Scene) -> Ticket:
    """An answer ends a question; a card calls until somebody else has come, since the safety words that the
    helper sends promise just that."""
    own = {call.reason for call in calls_of(ticket) if call.by.id == scene.actor.id}
    return answered(ticket, ASKED, *(() if CARD in own else (CARD,)))


class AddNote(TicketCommand, frozen=True, kw_only=True):
    """Keep a private note that the customer never sees."""

    parts: Parts

    touches = MESSAGES
    says = MessageKind.NOTE

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """A note changes nothing for the customer."""
        message = message_of(self.id, ticket, scene, MessageKind.NOTE, MessageState.KEPT, self.parts)
        return applied(ticket, message, scene)


class Recall(TicketCommand, frozen=True, kw_only=True):
    """Take back one's own message; the original stays for the lead."""

    message: Id

    touches = MESSAGES

    def names(self, ticket: Ticket | None) -> Named:
        """The message that is taken back."""
        return Named(message=self.message)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """Only one's own reply or note, and only once."""
        message = scene.message
        if message is None or message.ticket != ticket.id:
            return Refused("unknown-message")
        own = message.author.kind == "agent" and message.author.id == scene.actor.id
        if not own or message.kind not in (MessageKind.REPLY, MessageKind.NOTE):
            return Refused("not-allowed")
        if message.recalled:
            return Refused("already-recalled")
        recalled = replace(message, recalled=True, parts=())
        last = ticket.last_message
        if last is not None and last.id == message.id:
            # The list must not go on showing words that were taken back.
            ticket = replace(ticket, last_message=last_of(recalled))
        ruling = with_event(self.id, ticket, scene, "recalled", {"message": message.id})
        return Applied((MessageChanged(message=recalled), *ruling.events))
