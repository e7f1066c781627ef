"""The messages of one ticket: who said what when, what became of our replies, and what is unread."""

from collections.abc import Callable

from textual import work
from textual.events import Click, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_tui.desk import BackendError, Change, Conversation, Desk, SendState
from agent_tui.i18n import texts
from agent_tui.tui.conversation import events
from agent_tui.tui.conversation.choice import ChosenMessage
from agent_tui.tui.conversation.layout import MessageLayout, first_unread
from agent_tui.tui.conversation.painting import paint_hint, paint_line
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.widgets.tones import Toned


class ConversationView(Toned, ScrollView, can_focus=True, inherit_bindings=False):
    """A ticket's messages. Arrows choose a message, digits open what is numbered, Enter confirms.

    `painted_at` says when each message first reached the screen, on the given clock.
    """

    DEFAULT_CSS = """
    ConversationView { height: 1fr; overflow: hidden auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self, desk: Desk, clock: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock
        self.ticket: str | None = None
        self.painted_at: dict[str, float] = {}
        self._conversation = Conversation()
        self._layout = MessageLayout(None, "")
        self._chosen = ChosenMessage()
        self._strips: dict[int, Strip] = {}
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
        self._layout = MessageLayout(ticket, first_unread(self._desk, ticket))
        self._chosen = ChosenMessage()
        self._reread(to_end=True)

    def refresh_from_desk(self, change: Change) -> None:
        """Show what is new of the ticket on the screen; where the person reads stays where it is."""
        if self.ticket is not None and self.ticket in change.conversations:
            self._reread(to_end=self.is_at_end)

    @property
    def is_at_end(self) -> bool:
        """Whether the newest message is in sight."""
        return self.scroll_offset.y >= self.max_scroll_y - 1

    def _tick(self) -> None:
        if any(s.state is SendState.HELD for s in self._conversation.shown[-8:]):
            self._reread(to_end=self.is_at_end)

    def _reread(self, *, to_end: bool) -> None:
        before = self.max_scroll_y - self.scroll_offset.y
        ticket = self.ticket
        self._conversation = self._desk.conversations.get(ticket) if ticket else Conversation()
        if ticket and not self._layout.unread_from and not self.painted_at:
            self._layout.unread_from = first_unread(self._desk, ticket)
        self._layout.lay_out(self._conversation, self.size.width, self._clock())
        self._strips = {}
        self.virtual_size = Size(self.size.width, len(self._layout.rows))
        at = self.max_scroll_y if to_end else max(0, self.max_scroll_y - before)
        self.scroll_to(y=at, animate=False, immediate=True)
        self._end = self.max_scroll_y
        self.refresh()

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
        for _, id in self._layout.rows[top + crop.y : top + crop.bottom]:
            if id and id not in self.painted_at:
                self.painted_at[id] = now
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen; the last one says what Enter would do, while there is something to say."""
        hint = self._chosen.hint(self._conversation.shown) if y == self.size.height - 1 else ""
        if hint:
            return paint_hint(self, hint)
        index = y + self.scroll_offset.y
        strip = self._strips.get(index)
        if strip is None:
            strip = self._strips[index] = self._paint(index)
        return strip

    def _paint(self, index: int) -> Strip:
        if not 0 <= index < len(self._layout.rows):
            return Strip.blank(self.size.width, self.base())
        line, id = self._layout.rows[index]
        return paint_line(self, line, is_chosen=bool(id) and id == self._chosen.id)

    # -- the hand

    def take_words_back(self) -> bool:
        """Ask for the words of the chosen message when it failed; False when it did not."""
        if self._chosen.failed(self._conversation.shown) is None:
            return False
        self.post_message(events.MendAsked(self._chosen.id, again=False))
        return True

    def on_click(self, event: Click) -> None:
        """Choose the message under the pointer."""
        message = self._layout.id_at(int(event.y + self.scroll_offset.y))
        if message:
            self.select(message)

    def select(self, message: str) -> None:
        """Choose a message, bring it into sight, and say what can be done with it."""
        self._chosen.choose(message)
        self._strips = {}
        rows = self._layout.lines_of(message)
        if rows:
            self.scroll_to_region(Region(0, rows[0], 1, len(rows)), animate=False)
        self.refresh()

    def copy_selected(self) -> None:
        """Ask for the chosen message's words, or the newest one's, on the clipboard."""
        words = self._chosen.words(self._conversation.shown)
        if words:
            self.post_message(events.CopyAsked(words))

    def ask_to_open(self, number: int) -> None:
        """Show where number `number` leads; a second Enter opens it."""
        target = self._layout.numbers.target(number)
        if target is not None:
            self.focus()
            self._chosen.ask(target, self._desk.files.host)
            self.refresh()

    def open_newest(self) -> None:
        """Show where the newest link or file leads."""
        self.ask_to_open(self._layout.numbers.newest)

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

    def step(self, by: int) -> None:
        """Choose the message `by` further; past the newest the hand goes back to writing."""
        ids = self._layout.ids
        if not ids:
            return
        at = self._chosen.after(by, ids)
        if at >= len(ids):
            self._chosen.id = ""
            self.to_newest()
            self.post_message(events.ConversationLeft())
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
        self.post_message(self._chosen.confirmed(self._conversation.shown))
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
