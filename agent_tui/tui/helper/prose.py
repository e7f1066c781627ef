"""Prose: words in tones, broken into lines as Chinese and Latin text want it, as high as they need."""

from collections.abc import Iterable, Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import Static

from agent_tui.tui.widgets.message_lines import wrap
from agent_tui.tui.widgets.tones import Toned

Span = tuple[str, str]


class Rule(Static):
    """A thin line across."""

    def __init__(self) -> None:
        super().__init__("─" * 400, classes="helper--rule", markup=False)


class Prose(Toned):
    """Shows runs of (text, tone); a run may hold line breaks."""

    DEFAULT_CSS = """
    Prose { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self.runs: tuple[Span, ...] = ()
        self._lines: list[list[Span]] = []
        self._width = 0

    def tell(self, runs: Iterable[Span]) -> None:
        """Show other words."""
        told = tuple(runs)
        if told == self.runs:
            return
        self.runs = told
        before = len(self._lines)
        self._lines = laid_out(self.runs, self._width) if self._width else []
        self.refresh(layout=len(self._lines) != before or not self._width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the words need."""
        self._width = width
        self._lines = laid_out(self.runs, width)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """The line at `y`."""
        if self.content_size.width != self._width:
            self._width = self.content_size.width
            self._lines = laid_out(self.runs, self._width)
        spans = self._lines[y] if y < len(self._lines) else []
        return self.painted(spans, self.content_size.width, self.rich_style)


def laid_out(runs: Sequence[Span], width: int) -> list[list[Span]]:
    """The lines of `runs` in `width` cells; a line that begins with blanks goes on below its first word."""
    text = "".join(words for words, _ in runs)
    tones = [tone for words, tone in runs for _ in words]
    lines: list[list[Span]] = []
    at = 0
    for paragraph in text.split("\n"):
        indent = len(paragraph) - len(paragraph.lstrip(" "))
        room = max(1, width - indent)
        for line in wrap(paragraph[indent:], room) or [""]:
            at = text.find(line[:1], at) if line else at
            lines.append([(" " * indent, "text"), *_toned(line, tones[at : at + len(line)])])
            at += len(line)
        at = text.find("\n", at) + 1
    return lines


def _toned(line: str, tones: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    for character, tone in zip(line, tones, strict=False):
        if spans and spans[-1][1] == tone:
            spans[-1] = (spans[-1][0] + character, tone)
        else:
            spans.append((character, tone))
    return spans
