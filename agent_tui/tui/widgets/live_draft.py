"""What a helper is writing, below their conversation, for the colleague who looks along."""

from textual.strip import Strip

from agent_tui.desk import Change, Desk, Topic
from agent_tui.domain.text import clean
from agent_tui.i18n import texts
from agent_tui.tui.cells import steady
from agent_tui.tui.composer.checks import BLANK
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.widgets.tones import Toned

_LINES = 6
_WATCHED = frozenset({Topic.PRESENCE, Topic.CONNECTION, Topic.SNAPSHOT})

Spans = list[tuple[str, str]]


class LiveDraft(Toned):
    """`小赵 正在写：` and the end of what they have; hidden while there is nothing.

    It takes its rows from the conversation above it, which keeps the newest message in sight, never from the
    composer; and it does not shrink while words are deleted, so that nothing jumps.
    """

    DEFAULT_CSS = """
    LiveDraft { display: none; max-height: 40%; width: 1fr; background: $raised; }
    LiveDraft.-shown { display: block; }
    """

    def __init__(self, desk: Desk, chat: ConversationView, *, id: str) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._chat = chat
        self._ticket: str | None = None
        self._said = ("", "")
        self._rows = self._height = 0
        self._laid: tuple[tuple[str, int], list[Spans]] = (("", 0), [])

    def show(self, ticket: str | None) -> None:
        """Read along at another ticket."""
        self._ticket, self._rows = ticket, 0
        self._reread()
        self._fit()

    def refresh_from_desk(self, change: Change) -> None:
        """Look again when presence has changed, or the line it comes over."""
        if change.topics & _WATCHED:
            self._reread()

    def on_resize(self) -> None:
        """Other lines fit."""
        self._rows = 0
        self._fit()

    @property
    def _width(self) -> int:
        return max(8, self._chat.size.width - 2)

    def _reread(self) -> None:
        draft = self._desk.presence.draft_of(self._ticket) if self._ticket else None
        said = (steady(draft.person.name), clean(draft.draft)) if draft is not None else ("", "")
        if said == self._said:
            return
        self._said = said
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        """As many rows as the words need, within reason: the newest message stays in sight."""
        needed = min(_LINES, len(self._lines())) + 1 if self._said[1] else 0
        self._rows = max(self._rows, needed) if needed else 0
        if self._rows != self._height:
            self._height = self.styles.height = self._rows
            self.set_class(bool(self._rows), "-shown")

    def _lines(self) -> list[Spans]:
        wanted = (self._said[1], self._width)
        if self._laid[0] != wanted:
            self._laid = wanted, self._lay_out(*wanted)
        return self._laid[1]

    def _lay_out(self, text: str, width: int) -> list[Spans]:
        from agent_tui.tui.helper.prose import laid_out

        runs, end = [], 0
        for blank in BLANK.finditer(text):
            runs += [(text[end : blank.start()], "text"), (blank.group(), "warn")]
            end = blank.end()
        return laid_out([*runs, (text[end:], "text")], width)

    def render_line(self, y: int) -> Strip:
        """The name, then the last lines."""
        lines = self._lines()
        head = fill(texts().buddy.drafting, {"helper": self._said[0]})
        shown: list[Spans] = [[(head, "name")], *lines[max(0, len(lines) - self.size.height + 1) :]]
        spans: Spans = [(" ", "text"), *shown[y]] if y < len(shown) else []
        return self.filtered(self.painted(spans, self.size.width, self.base()))
