"""A line: one row of words in tones that repaints only when they change and says which part was clicked."""

from msgspec import Struct
from rich.cells import cell_len
from textual.events import Click, Resize
from textual.geometry import Region
from textual.strip import Strip

from agent_tui.tui.cells import cut
from agent_tui.tui.messages import PartPressed
from agent_tui.tui.widgets.tones import Toned

Span = tuple[str, str]
Part = tuple[str, list[Span]]


class Piece(Struct, frozen=True):
    """A part of a line that may have too little room: the higher `rank` the longer it stays whole; it is cut
    down to `least` cells before anything of a higher rank gives way, and goes altogether when that is 0."""

    part: Part
    rank: int
    least: int = 0


class Line(Toned):
    """One row of named pieces of (text, tone); a subclass answers those that fit a width."""

    DEFAULT_CSS = """
    Line { height: 1; width: 1fr; }
    """

    _shown: list[Part] | None = None
    _strip: Strip | None = None

    def parts(self, width: int) -> list[Part]:
        """What the line says now."""
        raise NotImplementedError

    def say(self) -> None:
        """Work out the words anew; paint only if they differ."""
        parts = self.parts(self.size.width)
        if parts != self._shown:
            self._shown, self._strip = parts, None
            self.refresh()

    def on_resize(self, event: Resize) -> None:
        """The words that fit depend on the width."""
        self.say()

    def notify_style_update(self) -> None:
        """Paint in the new theme's colours."""
        super().notify_style_update()
        self._strip = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The only row, as it was painted: the compositor asks for it whenever anything near it changes."""
        strip = self._painted()
        if crop.x or crop.width != self.size.width:
            strip = strip.crop(crop.x, crop.right)
        return [strip] * crop.height

    def _painted(self) -> Strip:
        if self._shown is None:
            self._shown = self.parts(self.size.width)
        if self._strip is None or self._strip.cell_length != self.size.width:
            spans = [span for _, part in self._shown for span in part]
            self._strip = self.filtered(self.painted(spans, self.size.width, self.base()))
        return self._strip

    def on_click(self, event: Click) -> None:
        """Say which part was meant."""
        at = 0
        for name, spans in self._shown or []:
            at += sum(cell_len(text) for text, _ in spans)
            if event.x < at:
                if name:
                    self.post_message(PartPressed(self.id or "", name))
                return


def width_of(part: Part) -> int:
    """The cells of a part."""
    return sum(cell_len(text) for text, _ in part[1])


def fitting(parts: list[Part], width: int) -> list[Part]:
    """As many of `parts` from the left as fit into `width` cells."""
    kept, used = [], 0
    for part in parts:
        used += width_of(part)
        if used > width:
            break
        kept.append(part)
    return kept


def spread(left: list[Part], right: list[Part], width: int) -> list[Part]:
    """`left` and `right` at the two ends of `width` cells; the left gives way."""
    room = width - sum(width_of(p) for p in right)
    kept = fitting(left, max(0, room - 1))
    gap = max(0, room - sum(width_of(p) for p in kept))
    return [*kept, ("", [(" " * gap, "calm")]), *right]


def squeezed(pieces: list[Piece], width: int) -> list[Part]:
    """`pieces` in `width` cells: what matters least is cut first, then what matters more; in the end what is
    still too long goes, again the least first."""
    widths = [width_of(one.part) for one in pieces]
    weakest_first = sorted(range(len(pieces)), key=lambda n: pieces[n].rank)
    for floors in ([one.least for one in pieces], [0] * len(pieces)):
        for n in weakest_first:
            over = sum(widths) - width
            if over > 0 and widths[n] > floors[n]:
                widths[n] = max(floors[n], widths[n] - over) if floors[n] else 0
    return [cut_part(one.part, room) for one, room in zip(pieces, widths, strict=True) if room]


def cut_part(part: Part, width: int) -> Part:
    """A part in at most `width` cells; what had to go is an ellipsis."""
    name, spans = part
    kept, left = [], width
    for n, (text, tone) in enumerate(spans):
        more = any(cell_len(one) for one, _ in spans[n + 1 :])
        if cell_len(text) + (1 if more else 0) <= left:
            kept.append((text, tone))
            left -= cell_len(text)
            continue
        kept.append((cut(text + ("…" if more else ""), left), tone))
        break
    return name, kept
