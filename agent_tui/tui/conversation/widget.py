"""The messages of one ticket: who said what when, what became of our replies, and what is unread."""

from collections.abc import Callable
from itertools import pairwise

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.events import Click, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.message import Message as UiMessage
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_tui.desk import BackendError, Change, Conversation, Desk, SendState, Shown
from agent_tui.domain.models import MessageKind
from agent_tui.i18n import texts
from agent_tui.tui.widgets.message_lines import (
    Line,
    Lines,
    Numbers,
    Target,
    fill,
    human_size,
    plain,
    today_of,
    wrap,
)
from agent_tui.tui.widgets.tones import Toned

_TONES = {
    "customer": "text", "customer-name": "strong", "agent": "muted", "agent-name": "name", "note": "note",
    "note-name": "note-name", "event": "quiet", "meta": "quiet", "day": "quiet", "unread": "name",
    "link": "link", "good": "quiet", "bad": "late", "waiting": "warn", "selected": "selected",
}  # fmt: skip
_MENDABLE = (SendState.REFUSED, SendState.UNSURE, SendState.UNDELIVERED)


class _Block(Struct):
    """The lines of one message and whose they are."""

    id: str
    lines: list[Line]


class ConversationView(Toned, ScrollView, can_focus=True, inherit_bindings=False):
    """A ticket's messages. Arrows choose a message, digits open what is numbered, Enter confirms.

    `painted_at` says when each message first reached the screen, on the given clock.
    """

    DEFAULT_CSS = """
    ConversationView {
        height: 1fr;
        overflow: hidden auto;
        scrollbar-size-vertical: 1;
    }
    """

    class LeaveAsked(UiMessage):
        """The person wants back to where they write: `down` says they moved past the newest message."""

    class CopyRequested(UiMessage):
        """The person wants `text` on the clipboard."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class OpenRequested(UiMessage):
        """The person has seen where `target` leads and wants it open."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    class MendAsked(UiMessage):
        """The person wants a failed reply sent again, or its text back."""

        def __init__(self, command: str, *, again: bool) -> None:
            super().__init__()
            self.command = command
            self.again = again

    def __init__(self, desk: Desk, clock: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock
        self.ticket: str | None = None
        self.painted_at: dict[str, float] = {}
        self._numbers = Numbers()
        self._conversation = Conversation()
        self._unread_from = ""
        self._blocks: list[_Block] = []
        self._rows: list[tuple[Line, str]] = []
        self._selected = ""
        self._pending: Target | None = None
        self._strips: dict[int, Strip] = {}
        self._hint = ""
        self._fetching = False
        self._end = 0

    # -- what is shown

    def on_mount(self) -> None:
        """Count held replies down."""
        self.set_interval(0.5, self._tick)

    def show(self, ticket: str | None) -> None:
        """Show `ticket` from its newest message; None shows the hint that says how to choose one."""
        self.ticket = ticket
        self.painted_at = {}
        self._numbers = Numbers()
        self._selected = ""
        self._ask(None)
        self._unread_from = self._first_unread(ticket)
        self._reread(to_end=True)

    def refresh_from_desk(self, change: Change) -> None:
        """Show what is new of the ticket on the screen; where the person reads stays where it is."""
        if self.ticket is not None and self.ticket in change.conversations:
            self._reread(to_end=self.is_at_end)

    @property
    def is_at_end(self) -> bool:
        """Whether the newest message is in sight."""
        return self.scroll_offset.y >= self.max_scroll_y - 1

    def shown_messages(self) -> tuple[Shown, ...]:
        """What is on the screen or above it, oldest first."""
        return self._conversation.shown

    def _first_unread(self, ticket: str | None) -> str:
        row = self._desk.queue.row(ticket) if ticket else None
        if ticket is None or row is None or not row.unread:
            return ""
        said = [
            s.message.id
            for s in self._desk.conversations.get(ticket).shown
            if s.message.kind is MessageKind.CUSTOMER
        ]
        return said[-row.unread] if len(said) >= row.unread else (said[0] if said else "")

    def _tick(self) -> None:
        if any(s.state is SendState.HELD for s in self._conversation.shown[-8:]):
            self._reread(to_end=self.is_at_end)

    def _reread(self, *, to_end: bool) -> None:
        before = self.max_scroll_y - self.scroll_offset.y
        ticket = self.ticket
        self._conversation = self._desk.conversations.get(ticket) if ticket else Conversation()
        if ticket and not self._unread_from and not self.painted_at:
            self._unread_from = self._first_unread(ticket)
        self._lay_out()
        at = self.max_scroll_y if to_end else max(0, self.max_scroll_y - before)
        self.scroll_to(y=at, animate=False, immediate=True)
        self._end = self.max_scroll_y
        self.refresh()

    def _lay_out(self) -> None:
        width = max(8, self.size.width - 2)
        lines = Lines(texts().conversation, width, self._numbers)
        self._blocks = self._make_blocks(lines)
        self._rows = [(line, block.id) for block in self._blocks for line in block.lines]
        self._strips = {}
        self.virtual_size = Size(self.size.width, len(self._rows))

    def _make_blocks(self, lines: Lines) -> list[_Block]:
        shown = self._conversation.shown
        if not shown:
            told = wrap(self._empty_text(), max(8, self.size.width - 4))
            return [_Block("", [(("  ", ""), (line, "event")) for line in told])]
        now, blocks = self._clock(), []
        if self._conversation.more:
            blocks.append(_Block("", [lines.older()]))
        today = today_of(now, None)
        blocks.append(_Block("", [lines.day(shown[0].message.at, today)]))
        blocks.append(self._block(lines, shown[0], None, now))
        for before, after in pairwise(shown):
            if lines.local(before.message.at).date() != lines.local(after.message.at).date():
                blocks.append(_Block("", [lines.day(after.message.at, today)]))
            blocks.append(self._block(lines, after, before, now))
        return blocks

    def _block(self, lines: Lines, shown: Shown, before: Shown | None, now: float) -> _Block:
        id = shown.message.id
        is_first_unread = id == self._unread_from
        after = None if before is None or is_first_unread else before.message
        made = lines.of(shown, after, now)
        return _Block(id, [lines.unread(), *made] if is_first_unread else made)

    def _empty_text(self) -> str:
        words = texts().conversation
        if self.ticket is None:
            return words.no_ticket
        return words.empty if self._conversation.loaded else words.loading

    # -- painting

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out anew; who read the newest message still does when there is less room."""
        self._reread(to_end=self.scroll_offset.y >= min(self._end, self.max_scroll_y) - 1)

    def notify_style_update(self) -> None:
        """Forget styles that belong to another theme."""
        super().notify_style_update()
        self._strips = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint, and note when each message was first in sight."""
        top = self.scroll_offset.y
        now = self._clock()
        for _, id in self._rows[top + crop.y : top + crop.bottom]:
            if id and id not in self.painted_at:
                self.painted_at[id] = now
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen; the last one says what Enter would do, while there is something to say."""
        if self._hint and y == self.size.height - 1:
            bar = Strip([Segment(f" {self._hint}", self._style("selected") + self._style("agent-name"))])
            return bar.adjust_cell_length(self.size.width, self._style("selected"))
        index = y + self.scroll_offset.y
        strip = self._strips.get(index)
        if strip is None:
            strip = self._strips[index] = self._paint(index)
        return strip

    def _paint(self, index: int) -> Strip:
        width = self.size.width
        if not 0 <= index < len(self._rows):
            return Strip.blank(width, self.base())
        line, id = self._rows[index]
        base = self._style("selected") if id and id == self._selected else self.base()
        segments = [Segment(text, base + self._style(role) if role else base) for text, role in line]
        if id and id == self._selected and segments:
            bar = self.base() + self._style("agent-name") + base
            segments = [Segment("▌", bar), *Strip(segments).crop(1)]
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, role: str) -> Style:
        return self.tone(_TONES[role])

    # -- the hand

    def take_words_back(self) -> bool:
        """Ask for the words of the chosen message when it failed; False when it did not."""
        if self._chosen_failed() is None:
            return False
        self.post_message(self.MendAsked(self._selected, again=False))
        return True

    def on_click(self, event: Click) -> None:
        """Choose the message under the pointer."""
        index = int(event.y + self.scroll_offset.y)
        if 0 <= index < len(self._rows) and self._rows[index][1]:
            self.select(self._rows[index][1])

    def select(self, message: str) -> None:
        """Choose a message, bring it into sight, and say what can be done with it."""
        self._selected = message
        self._ask(None)
        self._strips = {}
        rows = [i for i, (_, id) in enumerate(self._rows) if id == message]
        if rows:
            self.scroll_to_region(Region(0, rows[0], 1, len(rows)), animate=False)
        if self._chosen_failed() is not None:
            self._hint = texts().conversation.retry_hint
        self.refresh()

    def copy_selected(self) -> None:
        """Ask for the chosen message's words, or the newest one's, on the clipboard."""
        wanted = [s.message for s in self._conversation.shown if s.message.id == self._selected]
        newest = [s.message for s in self._conversation.shown if s.message.kind is not MessageKind.EVENT]
        words = plain((wanted or newest)[-1]) if wanted or newest else ""
        if words:
            self.post_message(self.CopyRequested(words))

    def ask_to_open(self, number: int) -> None:
        """Show where number `number` leads; a second Enter opens it."""
        target = self._numbers.target(number)
        if target is not None:
            self.focus()
            self._ask(target)

    def open_newest(self) -> None:
        """Show where the newest link or file leads."""
        shown = [n for n in range(1, 1000) if self._numbers.target(n) is not None]
        if shown:
            self.ask_to_open(shown[-1])

    def page_up(self) -> None:
        """A screen of older messages; at the top, older ones are fetched."""
        self.scroll_relative(y=-max(1, self.size.height - 2), animate=False)
        self._fetch_older_at_top()

    def page_down(self) -> None:
        """A screen of newer messages."""
        self.scroll_relative(y=max(1, self.size.height - 2), animate=False)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel reaches older messages too."""
        self._fetch_older_at_top()

    def _chosen_failed(self) -> Shown | None:
        chosen = [s for s in self._conversation.shown if s.message.id == self._selected]
        return next((s for s in chosen if s.state in _MENDABLE), None)

    def step(self, by: int) -> None:
        """Choose the message `by` further; past the newest the hand goes back to writing."""
        ids = [b.id for b in self._blocks if b.id]
        if not ids:
            return
        at = ids.index(self._selected) + by if self._selected in ids else len(ids) - 1
        if at >= len(ids):
            self._selected = ""
            self.to_newest()
            self.post_message(self.LeaveAsked())
            return
        self.select(ids[max(0, at)])
        if at <= 0:
            self._fetch_older()

    def to_oldest(self) -> None:
        """The oldest there is; older ones are fetched."""
        self.scroll_home(animate=False)
        self._fetch_older()

    def to_newest(self) -> None:
        """Back to the newest."""
        self.scroll_end(animate=False)
        self._strips = {}
        self.refresh()

    def confirm(self) -> None:
        """Open what was asked about, send a failed reply again, or go back to writing."""
        if self._pending is not None:
            self.post_message(self.OpenRequested(self._pending))
            self._ask(None)
        elif self._chosen_failed() is not None:
            self.post_message(self.MendAsked(self._selected, again=True))
        else:
            self.post_message(self.LeaveAsked())

    def _ask(self, target: Target | None) -> None:
        self._pending = target
        words = texts().conversation
        if target is None:
            self._hint = ""
        elif target.file is not None:
            size = human_size(target.file.size)
            values = {"name": target.file.name, "size": size, "host": self._desk.files.host}
            self._hint = fill(words.open_file, values)
        else:
            self._hint = fill(words.open_link, {"host": target.host})
        self.refresh()

    # -- older messages

    def _fetch_older_at_top(self) -> None:
        if self.scroll_offset.y <= 1:
            self._fetch_older()

    def _fetch_older(self) -> None:
        if self._conversation.more and not self._fetching and self.ticket:
            self._load(self.ticket)

    @work(exclusive=True, group="older")
    async def _load(self, ticket: str) -> None:
        self._fetching = True
        try:
            await self._desk.conversations.load_older(ticket)
        except BackendError as error:
            self.notify(fill(texts().conversation.open_failed, {"reason": error.code}), severity="warning")
        finally:
            self._fetching = False
        if ticket == self.ticket:
            self._reread(to_end=False)
