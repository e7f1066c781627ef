"""The palette's list and its preview: lines in tones that paint only themselves."""

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message as UiMessage
from textual.strip import Strip

from agent_tui.tui.palette.preview import Lines
from agent_tui.tui.palette.rows import PaletteRow, row_spans
from agent_tui.tui.widgets.tones import Toned


class Listing(Toned):
    """Rows of which one is chosen; keys are the palette's, the mouse is understood here."""

    DEFAULT_CSS = """
    Listing { height: 1fr; width: 1fr; }
    """

    class Chosen(UiMessage):
        """Another row is chosen."""

    class Clicked(UiMessage):
        """The chosen row was clicked once more."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[PaletteRow] = []
        self._at = 0
        self._top = 0

    @property
    def rows(self) -> list[PaletteRow]:
        """What is listed."""
        return self._rows

    @property
    def chosen(self) -> PaletteRow | None:
        """The row that Enter takes."""
        return self._rows[self._at] if self._rows else None

    def show(self, rows: list[PaletteRow], keep: str = "") -> None:
        """List `rows`; the first is chosen, or the one with the id `keep`."""
        if rows == self._rows and not keep:
            return
        places = [place for place, row in enumerate(rows) if row.id == keep]
        self._rows, self._at, self._top = rows, places[0] if places else 0, 0
        self._follow()
        self.refresh()

    def move(self, by: int) -> None:
        """Choose the row `by` further, as far as there are any."""
        self._choose(self._at + by)

    def page(self, direction: int) -> None:
        """Choose the row a screenful further."""
        self._choose(self._at + direction * max(1, self.size.height - 1))

    def _choose(self, place: int) -> None:
        place = max(0, min(place, len(self._rows) - 1))
        if place == self._at or not self._rows:
            return
        before, top = self._at, self._top
        self._at = place
        self._follow()
        if top == self._top:
            self.refresh(*(Region(0, row - top, self.size.width, 1) for row in (before, place)))
        else:
            self.refresh()
        self.post_message(self.Chosen())

    def _follow(self) -> None:
        height = max(1, self.size.height)
        self._top = max(0, min(max(self._top, self._at - height + 1), self._at))

    def on_resize(self, event: events.Resize) -> None:
        """Keep the chosen row in sight."""
        self._follow()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows that are asked for; without borders there is nothing else to work out for them."""
        lines = [self.filtered(self.render_line(y)) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.width != self.size.width:
            return [line.crop(crop.x, crop.right) for line in lines]
        return lines

    def render_line(self, y: int) -> Strip:
        """The row at `y`."""
        place = self._top + y
        base = self.base()
        if place >= len(self._rows):
            return Strip.blank(self.size.width, base)
        chosen = place == self._at
        if chosen:
            base = base + self.tone("cursor")
        return self.painted(
            row_spans(self._rows[place], self.size.width, is_chosen=chosen), self.size.width, base
        )

    def on_click(self, event: events.Click) -> None:
        """Choose a row, or take the one that is chosen."""
        event.stop()
        place = self._top + event.y
        if place == self._at and place < len(self._rows):
            self.post_message(self.Clicked())
        elif place < len(self._rows):
            self._choose(place)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the choice."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the choice."""
        event.stop()
        self.move(-1)


class EntryPreview(Toned):
    """The chosen entry as this customer would read it."""

    DEFAULT_CSS = """
    EntryPreview { height: 1fr; width: 1fr; padding: 0 1; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Lines = []

    @property
    def text(self) -> str:
        """The lines as plain text."""
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    def show(self, lines: Lines) -> None:
        """Show `lines`."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line at `y`."""
        width, base = self.size.width, self.base()
        line = self._lines[y] if y < len(self._lines) else []
        segments = [Segment(text, base + self.tone(tone)) for text, tone in line if text]
        return Strip(segments).adjust_cell_length(width, base)
