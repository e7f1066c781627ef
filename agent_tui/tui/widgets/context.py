"""The context: customer, order, parcels and promises of the ticket on the screen, with running clocks."""

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from agent_tui.desk import Change, Desk
from agent_tui.tui.widgets.context_words import Words, context_of
from agent_tui.tui.widgets.tones import Toned


class ContextPane(Toned, VerticalScroll, can_focus=True):
    """Reads the desk whenever it may differ, and paints only when it does."""

    DEFAULT_CSS = """
    ContextPane { width: 1fr; height: 1fr; layout: vertical; overflow: hidden auto; padding: 0 1;
                  scrollbar-size-vertical: 1; }
    ContextPane > Static { height: auto; }
    """

    def __init__(self, desk: Desk, clock: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock
        self._body = Static("", markup=False)
        self._lines: list[Words] = []
        self.ticket: str | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._body

    def show(self, ticket: str | None) -> None:
        """Speak of another ticket, from the top."""
        self.ticket = ticket
        self.scroll_home(animate=False)
        self._reread()

    def refresh_from_desk(self, change: Change) -> None:
        """Read again what may differ."""
        if self.ticket in change.tickets:
            self._reread()

    def tick(self) -> None:
        """Let the clocks run."""
        self._reread(ticking=True)

    def notify_style_update(self) -> None:
        """Paint in the new theme's colours."""
        super().notify_style_update()
        self._lines = []

    def _reread(self, *, ticking: bool = False) -> None:
        if not self.is_attached or not self.display:
            return
        lines = self._words()
        if lines != self._lines:
            moved = len(lines) != len(self._lines)
            self._lines = lines
            self._body.update(self._text(lines), layout=moved or not ticking)

    def _words(self) -> list[Words]:
        ticket = self._desk.tickets.get(self.ticket) if self.ticket else None
        if ticket is None or self.ticket is None:
            return []
        return list(context_of(ticket, self._desk.tickets.detail(self.ticket), self._clock()))

    def _text(self, lines: list[Words]) -> Text:
        text = Text()
        for line in lines:
            for words, tone in line:
                text.append(words, self.tone(tone))
            text.append("\n")
        return text
