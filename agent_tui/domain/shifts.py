"""Helpers' shifts: tickets are given back when they end, watched while they last; replies are counted."""

from collections.abc import Iterable

from msgspec.structs import replace

from agent_tui.domain.calls import CARD, called, new_call, without_calls
from agent_tui.domain.clockwork import waits_for_answer
from agent_tui.domain.events import Event, SeatChanged
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import Availability, Message, MessageKind, MessageState, Role, Seat, Ticket
from agent_tui.domain.ruling import Chat, Moment, by_system, person_of, returned

FINISHED, ON_BREAK, REVOKED = "helper-finished", "helper-on-break", "helper-revoked"
# What a helper's ticket is given back for when they say that they take no chats.
AWAY = {Availability.BREAK: ON_BREAK, Availability.OFFLINE: FINISHED}


def given_back(chat: Chat, label: str, at: Moment) -> tuple[Event, ...]:
    """A ticket that goes back to the queue from who had it: `label` says why."""
    after = without_calls(replace(chat.ticket, assignee=None, helper=None))
    told = by_system(chat.event, after, at, label, _by(chat.ticket))
    return *told, *returned(chat.awaiting)


def all_given_back(chats: Iterable[Chat], label: str, at: Moment) -> tuple[Event, ...]:
    """Every ticket of a helper who leaves, back in the queue."""
    return tuple(event for chat in chats for event in given_back(chat, label, at))


def ended(seat: Seat, chats: Iterable[Chat], label: str, at: Moment) -> tuple[Event, ...]:
    """A shift that is over: nothing stays open, nobody sits there."""
    gone = replace(seat, availability=Availability.OFFLINE, connected=False, load=0)
    return *all_given_back(chats, label, at), SeatChanged(seat=gone)


def seat_lost(seat: Seat, chats: Iterable[Chat], at: Moment) -> tuple[Event, ...]:
    """Somebody's connection is lost: the chats in which a customer waits for words go back to the queue."""
    waiting = (chat for chat in chats if waits_for_answer(chat.ticket))
    gone = SeatChanged(seat=replace(seat, connected=False))
    return *(event for chat in waiting for event in released(chat, at)), gone


def released(chat: Chat, at: Moment) -> tuple[Event, ...]:
    """A ticket back in the queue because its seat lost the connection."""
    after = without_calls(replace(chat.ticket, assignee=None))
    told = by_system(chat.event, after, at, "seat-released", _by(chat.ticket))
    return *told, *returned(chat.awaiting)


def passed_on(chat: Chat, reason: str, at: Moment) -> tuple[Event, ...]:
    """A helper's ticket that turned out to be more than they settle; core agents take it from here."""
    after = without_calls(replace(chat.ticket, assignee=None, helper=None, core_only=True))
    told = by_system(chat.event, after, at, "handed-over", _by(chat.ticket) | {"reason": reason})
    return *told, *returned(chat.awaiting)


def card_called(chat: Chat, helper: Seat, card: tuple[str, str], at: Moment) -> tuple[Event, ...]:
    """A helper's ticket whose customer's words call for an emergency card, given by its id and title."""
    id, title = card
    call = new_call(person_of(helper), helper.buddy, CARD, at.now, at.policy, title)
    values = _by(chat.ticket) | {"card": id}
    return by_system(chat.event, called(chat.ticket, call), at, "card-called", values, title)


def watched(
    before: Ticket, chat: Chat, helper: Seat, pack: PackRules, said: str, at: Moment
) -> tuple[Event, ...]:
    """What follows for a helper's ticket that has just changed from `before`.

    An emergency word in what was `said` brings the card and calls the lead, and the helper keeps the ticket:
    the card says what to do. Otherwise a ticket that has become more than they settle is passed on. What a
    lead gave them although it did not fit stays theirs until it gets worse.
    """
    card = pack.calls(said) if said else None
    if card is not None:
        return card_called(chat, helper, card, at)
    known = pack.against(before, at.policy)
    worse = [reason for reason in pack.against(chat.ticket, at.policy) if reason not in known]
    return passed_on(chat, worse[0], at) if worse else ()


def counted(author: Seat | None, message: Message) -> tuple[SeatChanged, ...]:
    """A helper's reply that goes out counts, whether it was approved first or not."""
    if author is None or author.role is not Role.HELPER or not goes_out(message):
        return ()
    return (SeatChanged(seat=replace(author, replies=author.replies + 1)),)


def goes_out(message: Message) -> bool:
    """Whether the customer is told: a reply that awaits approval is not for them yet."""
    is_reply = message.kind is MessageKind.REPLY and not message.recalled
    return is_reply and message.state is MessageState.SENT


def _by(ticket: Ticket) -> dict[str, str]:
    return {"by": ticket.assignee.name if ticket.assignee else ""}
