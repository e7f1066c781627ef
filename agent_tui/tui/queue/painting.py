"""The painted rows of the queue, by ticket: a row is painted once and again when it reads differently."""

from collections.abc import Callable, Container

from msgspec import Struct
from rich.style import Style
from textual.strip import Strip

from agent_tui.desk import Desk, Row
from agent_tui.domain.views import View
from agent_tui.tui.clocks import Tone, row_clock
from agent_tui.tui.queue.row import columns_for, spans_of
from agent_tui.tui.widgets.tones import Toned

_CACHED = 512


class PaintedRow(Struct):
    """A row as it stands on the screen."""

    row: Row
    clock: str
    tone: Tone
    strip: Strip


class RowPainter:
    """Paints rows of the desk in the colours of `ground` and keeps them."""

    def __init__(self, ground: Toned, desk: Desk, clock: Callable[[], float]) -> None:
        self._ground = ground
        self._desk = desk
        self._clock = clock
        self._columns = columns_for(80, View.WAITING)
        self._painted: dict[str, PaintedRow] = {}

    def choose_columns(self, width: int, view: View) -> None:
        """Paint the columns that fit `width` cells from now on."""
        self._columns = columns_for(width, view)

    def forget(self, ticket: str | None = None) -> None:
        """Paint the row of `ticket` anew when it is asked for, or every row."""
        if ticket is None:
            self._painted.clear()
        else:
            self._painted.pop(ticket, None)

    def forget_stale(self, tickets: Container[str]) -> None:
        """Forget those of `tickets` that differ from what was painted, in sight or not."""
        for id in [id for id in self._painted if id in tickets and self.is_stale(id)]:
            del self._painted[id]

    def is_stale(self, ticket: str) -> bool:
        """Whether the row differs from what was painted."""
        painted = self._painted.get(ticket)
        return painted is None or painted.row != self._desk.queue.row(ticket)

    def clock_differs(self, ticket: str, now: float) -> bool:
        """Whether the clock of a painted row reads differently `now`."""
        painted = self._painted.get(ticket)
        return painted is not None and row_clock(painted.row, now) != (painted.clock, painted.tone)

    def line(self, ticket: str | None, *, has_cursor: bool) -> Strip:
        """The row of `ticket`, with the cursor's mark when it is there; blank when there is no such row."""
        base = self._ground.base()
        painted = self._paint(ticket, base) if ticket is not None else None
        if painted is None:
            return self._ground.filtered(Strip.blank(self._ground.size.width, base))
        return self._under_cursor(painted, base) if has_cursor else painted.strip

    def _paint(self, id: str, base: Style) -> PaintedRow | None:
        painted = self._painted.get(id)
        if painted is not None:
            return painted
        row = self._desk.queue.row(id)
        if row is None:
            return None
        clock, tone = row_clock(row, self._clock())
        if len(self._painted) >= _CACHED:
            self._painted.clear()
        strip = self._strip((" ", "faint"), row, clock, tone, base)
        self._painted[id] = painted = PaintedRow(row, clock, tone, strip)
        return painted

    def _under_cursor(self, painted: PaintedRow, base: Style) -> Strip:
        mark = ("▌", "accent" if self._ground.has_focus else "faint")
        ground = base + self._ground.tone("cursor")
        return self._strip(mark, painted.row, painted.clock, painted.tone, ground)

    def _strip(self, mark: tuple[str, str], row: Row, clock: str, tone: Tone, base: Style) -> Strip:
        spans = [mark, *spans_of(row, clock, tone, self._columns, self._desk.team.me.id)]
        return self._ground.filtered(self._ground.painted(spans, self._ground.size.width, base))
