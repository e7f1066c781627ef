"""The recommended answers: up to three beside the conversation, or one line each above the composer."""

from msgspec import Struct
from rich.cells import cell_len, chop_cells
from textual import events
from textual.geometry import Size
from textual.message import Message as UiMessage
from textual.strip import Strip

from agent_tui.i18n import texts
from agent_tui.tui.cells import cut, fit
from agent_tui.tui.widgets.tones import Toned

# From this height on an answer shows so many lines of its text.
_TALL, _TALL_LINES = 45, 4
Span = tuple[str, str]
Line = tuple[int, list[Span]]


class Offered(Struct, frozen=True, kw_only=True):
    """An answer on offer: the entry's id, its title, how it begins for this customer, and why it is here.

    `stars` (0 to 3) say how sure it is; `question` counts from 1 where the customer asked two things, else 0;
    `doubt` is what has to be known before it is true, in words.
    """

    id: str
    title: str
    text: str
    stars: int
    why: str
    question: int = 0
    doubt: str = ""


class Offers(Toned):
    """Shows what is on offer and says which was clicked; hidden while there is nothing."""

    DEFAULT_CSS = """
    Offers { height: auto; display: none; padding: 0 1; }
    Offers.-filled { display: block; }
    """

    class Picked(UiMessage):
        """The answer with this number was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.offered: tuple[Offered, ...] = ()
        self.says_why = False
        self._lines: list[Line] = []
        self._made_for = -1

    def offer(self, offered: tuple[Offered, ...]) -> None:
        """Show `offered`, none hides the pane."""
        if offered == self.offered:
            return
        self.offered = offered
        self._remake()
        self.set_class(bool(offered), "-filled")

    def toggle_why(self) -> None:
        """Say why these, or stop saying it."""
        self.says_why = not self.says_why
        self._remake()

    def lines(self, width: int) -> list[Line]:
        """The lines for `width` cells, each with the number of the answer it belongs to, 0 for none."""
        raise NotImplementedError

    def _remake(self) -> None:
        before = len(self._lines)
        self._lines = self.lines(self._made_for) if self._made_for > 0 else []
        self.refresh(layout=len(self._lines) != before or not self._lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        if width != self._made_for:
            self._made_for = width
        self._lines = self.lines(width)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """The line at `y`."""
        width = self.content_size.width
        spans = self._lines[y][1] if y < len(self._lines) else []
        return self.painted(spans, width, self.base())

    def on_click(self, event: events.Click) -> None:
        """A click on an answer takes it."""
        at = event.get_content_offset(self)
        if at is None or at.y >= len(self._lines):
            return
        number = self._lines[at.y][0]
        if number:
            self.post_message(self.Picked(number))


class RecommendPane(Offers):
    """The answers under the context: title, how it begins (more of it in a tall window), on request why."""

    DEFAULT_CSS = """
    RecommendPane { border-top: solid $line; }
    """

    text_lines = 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        self.text_lines = _TALL_LINES if viewport.height >= _TALL else 1
        return super().get_content_height(container, viewport, width)

    def lines(self, width: int) -> list[Line]:
        """A head, then a title and the beginning of its text for each answer."""
        words = texts().recommend
        keys = words.keys_two if _has_two(self.offered) else words.keys
        gap = max(1, width - cell_len(words.title) - cell_len(keys))
        head: list[Span] = [(words.title, "strong"), (" " * gap, "calm"), (keys, "faint")]
        lines: list[Line] = [(0, head)]
        for number, one in enumerate(self.offered, 1):
            asked = question_of(one)
            title = fit(one.title, max(1, width - 6 - cell_len(asked)))
            stars = (f" {stars_of(one.stars)}", "accent")
            lines.append((number, [(f"{number} ", "accent"), (asked, "warn"), (title, "text"), stars]))
            told = _folded(_flat(one.text), width - 2, self.text_lines)
            lines += [(number, [(f"  {line}", "calm")]) for line in told]
            if one.doubt:
                lines.append((number, [(cut(f"  {one.doubt}", width), "warn")]))
            if self.says_why:
                lines.append((number, [(cut(f"  {one.why}", width), "faint")]))
        return lines


class RecommendRows(Offers):
    """The answers where there is no room beside the conversation: a line each above the composer."""

    def lines(self, width: int) -> list[Line]:
        """One line an answer; on request its why takes the place of its text."""
        lines: list[Line] = []
        titles = min(max((cell_len(one.title) for one in self.offered), default=0), width // 3)
        for number, one in enumerate(self.offered, 1):
            said = one.why if self.says_why else " ".join(filter(None, (one.doubt, _flat(one.text))))
            asked = question_of(one)
            rest = cut(said, max(1, width - titles - 4 - cell_len(asked)))
            spans: list[Span] = [
                (f"{number} ", "accent"),
                (asked, "warn"),
                (fit(one.title, titles), "text"),
                (f"  {rest}", "faint" if self.says_why else "calm"),
            ]
            lines.append((number, spans))
        return lines


def stars_of(stars: int) -> str:
    """How sure a recommendation is, as stars in three cells."""
    return fit("★" * stars, 3)


def question_of(one: Offered) -> str:
    """Which of two questions it answers, nothing where there is one."""
    return f"{texts().recommend.question.format(n=one.question)} " if one.question else ""


def _has_two(offered: tuple[Offered, ...]) -> bool:
    return len({one.question for one in offered if one.question}) > 1


def _folded(text: str, width: int, most: int) -> list[str]:
    """`text` in at most `most` lines of `width` cells, the last one cut."""
    folded = chop_cells(text, max(1, width))
    if len(folded) <= most:
        return folded or [""]
    return [*folded[: most - 1], cut("".join(folded[most - 1 :]), width)]


def _flat(text: str) -> str:
    return " ".join(text.split())
