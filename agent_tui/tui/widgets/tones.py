"""Tones: the few voices in which the shell's own widgets speak, as theme colours looked up once a theme."""

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import ANSIToTruecolor
from textual.strip import Strip
from textual.widget import Widget

TONES: dict[str, str] = {
    "text": "$foreground",
    "calm": "$calm",
    "faint": "$faint",
    "accent": "$accent",
    "late": "bold $error",
    "warn": "$warning",
    "good": "$success",
    "strong": "bold $foreground",
    "under": "bold underline $accent",
    "line": "$line",
    "cursor": "on $cursor-row",
    "name": "bold $accent",
    "muted": "$text-muted",
    "quiet": "$text-disabled",
    "note": "$warning on $warning/12",
    "note-name": "bold italic $warning on $warning/12",
    "link": "underline $accent",
    "selected": "on $accent/20",
}


class Toned(Widget):
    """A widget that paints its own lines in tones.

    Tones are not component classes: Textual would match every rule of every sheet against each of them, for
    each widget, several times before the first frame.
    """

    _tones: dict[str, Style] | None = None
    _base: Style | None = None

    def tone(self, name: str) -> Style:
        """The style of a tone, without a background of its own."""
        if self._tones is None:
            self._tones = {name: _style(words, self.app.theme_variables) for name, words in TONES.items()}
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
            # Tones are never the terminal's own sixteen colours: nothing there to translate.
            if line_filter.enabled and not isinstance(line_filter, ANSIToTruecolor):
                strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def painted(self, spans: list[tuple[str, str]], width: int, base: Style) -> Strip:
        """`spans` of text and tone as one line of exactly `width` cells."""
        segments = [Segment(text, base + self.tone(name)) for text, name in spans if text]
        return Strip(segments).adjust_cell_length(width, base)


def _style(words: str, variables: Mapping[str, str]) -> Style:
    """A tone in the colours of a theme."""
    front, _, ground = words.partition("on ")
    *attributes, variable = front.split() or [""]
    made = Style.parse(" ".join(attributes))
    if variable:
        made += Style.from_color(color=_colour(variable, variables).rich_color)
    if ground:
        made += Style.from_color(bgcolor=_colour(ground, variables).rich_color)
    return made


def _colour(words: str, variables: Mapping[str, str]) -> Color:
    """`$name`, or `$name/12` for 12 percent of it over the background."""
    name, _, percent = words.removeprefix("$").partition("/")
    colour = Color.parse(variables[name])
    return Color.parse(variables["background"]).blend(colour, int(percent) / 100) if percent else colour
