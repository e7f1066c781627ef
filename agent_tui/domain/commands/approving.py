"""Approval: a helper's reply that awaits it goes out, or is returned with a word."""

from msgspec.structs import replace

from agent_tui.domain.commands.base import MESSAGES, Named, Reason, TicketCommand
from agent_tui.domain.commands.helping import by_actor, whispered
from agent_tui.domain.events import MessageChanged
from agent_tui.domain.models import Id, Message, MessageState, Part, Status, Ticket
from agent_tui.domain.ruling import Applied, Refused, Ruling, Scene, last_of, with_event
from agent_tui.domain.urgency import promise_on_reply


class Approve(TicketCommand, frozen=True, kw_only=True):
    """Let a helper's reply that awaits approval go out."""

    message: Id

    touches = MESSAGES

    def names(self, ticket: Ticket | None) -> Named:
        """The reply."""
        return Named(message=self.message)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The customer is answered now."""
        message = scene.message
        if not _awaits(message, ticket) or message is None:
            return Refused("nothing-awaits")
        answered = promise_on_reply(ticket, scene.now)
        status = Status.OPEN if ticket.status in (Status.NEW, Status.SOLVED) else ticket.status
        sent = replace(message, state=MessageState.SENT, at=scene.now)
        after = replace(
            answered, status=status, last_message=last_of(sent), unread=0, waiting_since=None, help=None
        )
        ruling = with_event(self.id, after, scene, "approved", by_actor(scene))
        return Applied((MessageChanged(message=sent), *ruling.events))


class ReturnReply(TicketCommand, frozen=True, kw_only=True):
    """Give a helper's reply back with a word."""

    message: Id
    text: Reason

    touches = MESSAGES

    def names(self, ticket: Ticket | None) -> Named:
        """The reply."""
        return Named(message=self.message)

    def decide(self, ticket: Ticket, scene: Scene) -> Ruling:
        """The customer never sees it."""
        message = scene.message
        if not _awaits(message, ticket) or message is None:
            return Refused("nothing-awaits")
        back = replace(message, state=MessageState.RETURNED)
        parts = (Part(type="text", text=self.text),)
        ruling = whispered(self.id, parts, replace(ticket, help=None), scene)
        return Applied((MessageChanged(message=back), *ruling.events))


def _awaits(message: Message | None, ticket: Ticket) -> bool:
    return message is not None and message.ticket == ticket.id and message.state is MessageState.AWAITING
