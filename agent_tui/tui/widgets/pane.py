"""A pane: a plain container that paints nothing but, perhaps, a thin line at its left, and paints it once."""

from rich.segment import Segment
from textual.containers import Horizontal, Vertical
from textual.geometry import Region, Size
from textual.strip import Strip

from agent_tui.tui.widgets.tones import Toned


class Plain(Toned):
    """A ground that keeps what it painted: the compositor asks every container again for every frame."""

    _ground: tuple[Size, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The ground; cut only when part of it is asked for, which is seldom."""
        if self._ground is None or self._ground[0] != self.size:
            self._ground = self.size, [self.filtered(self.ground())] * self.outer_size.height
        lines = self._ground[1][crop.y : crop.bottom]
        if crop.x or crop.width != self.outer_size.width:
            return [line.crop(crop.x, crop.right) for line in lines]
        return lines

    def ground(self) -> Strip:
        """One line of the ground."""
        return Strip.blank(self.outer_size.width, self.base())

    def notify_style_update(self) -> None:
        """Paint in the new theme's colours."""
        super().notify_style_update()
        self._ground = None


class PaneRow(Plain, Horizontal):
    """Panes side by side."""

    # Textual takes the style rules of the first base only.
    DEFAULT_CSS = """
    PaneRow { width: 1fr; height: 1fr; layout: horizontal; overflow: hidden hidden; }
    """


class Pane(Plain, Vertical):
    """Widgets below each other; with the class `-lined`, a line at the left in the column of its padding."""

    DEFAULT_CSS = """
    Pane { width: 1fr; height: 1fr; layout: vertical; overflow: hidden hidden; }
    Pane.-lined { padding: 0 0 0 1; }
    """

    def ground(self) -> Strip:
        """The line, then nothing."""
        if not self.has_class("-lined"):
            return super().ground()
        base = self.base()
        line = Segment("▏", base + self.tone("line"))
        return Strip([line, Segment(" " * max(0, self.outer_size.width - 1), base)])
