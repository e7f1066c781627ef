"""A conversation as lines in order, each with the message it belongs to: days, unread mark, messages."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from agent_tui.desk import Conversation, Desk, Shown
from agent_tui.domain.models import MessageKind
from agent_tui.i18n import texts
from agent_tui.tui.widgets.message_lines import Line, Lines, Numbers, today_of, wrap

_NARROWEST = 8


class MessageBlock(Struct):
    """The lines of one message and whose they are; a day or a mark is nobody's."""

    id: str
    lines: list[Line]


class MessageLayout:
    """The lines of one ticket's messages. The numbers of links and files in it never change."""

    def __init__(self, ticket: str | None, unread_from: str) -> None:
        self._ticket = ticket
        self.unread_from = unread_from
        self.numbers = Numbers()
        self.rows: list[tuple[Line, str]] = []
        self.ids: list[str] = []

    def lay_out(self, conversation: Conversation, width: int, now: float) -> None:
        """Make the lines of `conversation` for a widget of `width` cells."""
        lines = Lines(texts().conversation, max(_NARROWEST, width - 2), self.numbers)
        blocks = [*(self._blocks(conversation, lines, now) or self._told(conversation, width))]
        self.rows = [(line, block.id) for block in blocks for line in block.lines]
        self.ids = [block.id for block in blocks if block.id]

    def id_at(self, index: int) -> str:
        """The message whose line is at `index`; empty when it is nobody's."""
        return self.rows[index][1] if 0 <= index < len(self.rows) else ""

    def lines_of(self, message: str) -> list[int]:
        """Where the lines of a message are."""
        return [i for i, (_, id) in enumerate(self.rows) if id == message]

    def _blocks(self, conversation: Conversation, lines: Lines, now: float) -> list[MessageBlock]:
        shown = conversation.shown
        if not shown:
            return []
        today = today_of(now, None)
        blocks = [MessageBlock("", [lines.older()])] if conversation.more else []
        blocks.append(MessageBlock("", [lines.day(shown[0].message.at, today)]))
        blocks.append(self._block(lines, shown[0], None, now))
        for before, after in pairwise(shown):
            if lines.local(before.message.at).date() != lines.local(after.message.at).date():
                blocks.append(MessageBlock("", [lines.day(after.message.at, today)]))
            blocks.append(self._block(lines, after, before, now))
        return blocks

    def _block(self, lines: Lines, shown: Shown, before: Shown | None, now: float) -> MessageBlock:
        id = shown.message.id
        is_first_unread = id == self.unread_from
        after = None if before is None or is_first_unread else before.message
        made = lines.of(shown, after, now)
        return MessageBlock(id, [lines.unread(), *made] if is_first_unread else made)

    def _told(self, conversation: Conversation, width: int) -> Iterator[MessageBlock]:
        words = texts().conversation
        if self._ticket is None:
            told = words.no_ticket
        else:
            told = words.empty if conversation.loaded else words.loading
        for line in wrap(told, max(_NARROWEST, width - 4)):
            yield MessageBlock("", [(("  ", ""), (line, "event"))])


def first_unread(desk: Desk, ticket: str | None) -> str:
    """The oldest of the customer's messages that nobody has read; empty when there is none."""
    row = desk.queue.row(ticket) if ticket else None
    if ticket is None or row is None or not row.unread:
        return ""
    said = _said_by_customer(desk.conversations.get(ticket).shown)
    return said[-row.unread] if len(said) >= row.unread else (said[0] if said else "")


def _said_by_customer(shown: Iterable[Shown]) -> list[str]:
    return [s.message.id for s in shown if s.message.kind is MessageKind.CUSTOMER]
