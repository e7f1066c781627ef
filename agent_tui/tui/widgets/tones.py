"""Tones: the few voices in which the shell's own widgets speak, as theme colours looked up once a theme."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

NAMES = ("text", "calm", "faint", "accent", "late", "warn", "good", "strong", "cursor", "under", "line")


class Toned(Widget):
    """A widget that paints its own lines in tones."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"tone--{name}" for name in NAMES}

    DEFAULT_CSS = """
    Toned {
        & > .tone--text { color: $foreground; }
        & > .tone--calm { color: $calm; }
        & > .tone--faint { color: $faint; }
        & > .tone--accent { color: $accent; }
        & > .tone--late { color: $error; text-style: bold; }
        & > .tone--warn { color: $warning; }
        & > .tone--good { color: $success; }
        & > .tone--strong { color: $foreground; text-style: bold; }
        & > .tone--cursor { background: $cursor-row; }
        & > .tone--line { color: $line; }
        & > .tone--under { color: $accent; text-style: bold underline; }
    }
    """

    _tones: dict[str, Style] | None = None
    _base: Style | None = None

    def tone(self, name: str) -> Style:
        """The style of a tone, without a background of its own."""
        if self._tones is None:
            self._tones = {n: self.get_component_rich_style(f"tone--{n}", partial=True) for n in NAMES}
        return self._tones[name]

    def base(self) -> Style:
        """The widget's own colours; Textual works them out anew at every look, which a row cannot afford."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def notify_style_update(self) -> None:
        """Forget the colours of another theme."""
        super().notify_style_update()
        self._tones = self._base = None

    def filtered(self, strip: Strip) -> Strip:
        """`strip` as the terminal can show it, without colours under NO_COLOR."""
        for line_filter in self.get_line_filters():
            if line_filter.enabled:
                strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def painted(self, spans: list[tuple[str, str]], width: int, base: Style) -> Strip:
        """`spans` of text and tone as one line of exactly `width` cells."""
        segments = [Segment(text, base + self.tone(name)) for text, name in spans if text]
        return Strip(segments).adjust_cell_length(width, base)
