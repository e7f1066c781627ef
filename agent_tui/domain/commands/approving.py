"""Approval: a helper's reply that awaits it goes out, or is returned with a word."""

from msgspec.structs import replace

from agent_tui.domain.calls import looked_at
from agent_tui.domain.commands.base import MESSAGES, Confirmed, Named, Need, Reason, TicketCommand
from agent_tui.domain.commands.helping import by_actor, whispered
from agent_tui.domain.commands.replying import replied
from agent_tui.domain.events import MessageChanged
from agent_tui.domain.models import Author, Id, Message, MessageState, Part, Ticket
from agent_tui.domain.ruling import Applied, Refused, Ruling, Scene, with_event
from agent_tui.domain.shifts import counted


class Approve(TicketCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Let a helper's reply that awaits approval go out; `confirmed` as in `SendReply`, by the approver."""

    message: Id
    confirmed: Confirmed = ()

    needs = frozenset({Need.AUTHOR})
    touches = MESSAGES

    def names(self, ticket: Ticket | None) -> Named:
        """The reply."""
        return Named(message=self.message)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The customer is answered now.

        It must be the reply of the helper who has the ticket: what an older version left awaiting on one
        that went to somebody else would come on top of their answer.
        """
        message = scene.message
        if not _awaits(message, ticket) or message is None or not _has(message.author, ticket):
            return Refused("nothing-awaits")
        sent = replace(message, state=MessageState.SENT, at=scene.now)
        after = replied(looked_at(ticket, message.id), sent)
        ruling = with_event(self.id, after, scene, "approved", by_actor(scene))
        return Applied((MessageChanged(message=sent), *ruling.events, *counted(scene.author, sent)))


class ReturnReply(TicketCommand, frozen=True, kw_only=True):
    """Give a helper's reply back with a word."""

    message: Id
    text: Reason

    touches = MESSAGES

    @property
    def words(self) -> tuple[Part, ...]:
        """The word it is given back with."""
        return (Part(type="text", text=self.text),)

    def names(self, ticket: Ticket | None) -> Named:
        """The reply."""
        return Named(message=self.message)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The customer never sees it."""
        message = scene.message
        if not _awaits(message, ticket) or message is None:
            return Refused("nothing-awaits")
        back = replace(message, state=MessageState.RETURNED)
        ruling = whispered(self.id, self.words, looked_at(ticket, message.id), scene)
        return Applied((MessageChanged(message=back), *ruling.events))


def _has(author: Author, ticket: Ticket) -> bool:
    return ticket.assignee is not None and ticket.assignee.id == author.id


def _awaits(message: Message | None, ticket: Ticket) -> bool:
    return message is not None and message.ticket == ticket.id and message.state is MessageState.AWAITING
