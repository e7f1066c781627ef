"""Learning from replies that were sent: what they answered, without what belongs to this customer alone."""

from collections.abc import Sequence
from contextlib import suppress

from agent_tui.desk import Desk, Shown
from agent_tui.domain.commands import Command
from agent_tui.domain.models import MessageKind, MessageState, TicketDetail
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend.usage_log import CONTEXT_MESSAGES, Said, Side
from agent_tui.tui.widgets.message_lines import plain

_KINDS: dict[MessageKind, Side] = {MessageKind.CUSTOMER: "customer", MessageKind.REPLY: "agent"}


class SentLearner:
    """Keeps what every accepted reply answered, so that the same question finds it sooner."""

    def __init__(self, desk: Desk, library: Library) -> None:
        self._desk = desk
        self._library = library

    def learn(self, sent: Command) -> None:
        """A reply has been accepted: keep what it answered, so that the same question finds it sooner."""
        kept = {used.id: used.kept for used in sent.entries}
        if not kept:
            return
        ticket = sent.ticket or ""
        row = self._desk.queue.row(ticket)
        category = row.category.value if row else ""
        personal = personal_of(self._desk.tickets.detail(ticket))
        with suppress(OSError):  # a full disk must not stop the sending; the server learns it anyway
            self._library.advisor.record(kept, self._before(sent), category=category, personal=personal)

    def _before(self, sent: Command) -> tuple[Said, ...]:
        """What had been said when `sent` was written."""
        shown = self._desk.conversations.get(sent.ticket).shown if sent.ticket else ()
        at = next((place for place, one in enumerate(shown) if one.message.id == sent.id), len(shown))
        return said_in(shown[:at])


def said_in(shown: Sequence[Shown]) -> tuple[Said, ...]:
    """What customer and agents said to each other, the newest last; notes and events are not talk, nor is
    what the buddy returned: the customer has not been answered."""
    talk = (one.message for one in shown if one.message.kind in _KINDS and not one.message.recalled)
    talk = (message for message in talk if message.state is not MessageState.RETURNED)
    said = (Said(words, _KINDS[message.kind]) for message in talk if (words := plain(message)))
    return tuple(said)[-CONTEXT_MESSAGES:]


def personal_of(detail: TicketDetail | None) -> tuple[str, ...]:
    """The names and numbers of a ticket that must not be learned."""
    if detail is None:
        return ()
    found = [detail.customer.name, detail.customer.id, detail.order or ""]
    if detail.customer_detail is not None:
        found += [detail.customer_detail.phone or "", detail.customer_detail.address or ""]
    if detail.order_detail is not None:
        found += [parcel.number for parcel in detail.order_detail.parcels]
    return tuple(filter(None, found))
