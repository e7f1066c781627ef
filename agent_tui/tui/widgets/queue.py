"""The queue: the list of tickets, most urgent first, in an order that never changes under a moving hand."""

import asyncio
import time
from collections.abc import Callable
from typing import Self

from msgspec import Struct
from rich.style import Style
from textual.events import Click, MouseMove, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_tui.desk import Change, Desk, Row
from agent_tui.domain.views import View
from agent_tui.tui.clocks import Tone, row_clock
from agent_tui.tui.messages import TicketChosen, TicketRested
from agent_tui.tui.widgets.queue_row import CLOCK_AT, CLOCK_WIDTH, columns_for, spans_of
from agent_tui.tui.widgets.tones import Toned

HAND_SECONDS = 0.8
REST_SECONDS = 0.08
SETTLE_SECONDS = 0.3
_CACHED = 512
_WHEEL = 3


class _Painted(Struct):
    """A row as it stands on the screen."""

    row: Row
    clock: str
    tone: Tone
    strip: Strip


class Queue(Toned, ScrollView, can_focus=True, inherit_bindings=False):
    """One line a ticket. It reads rows from the desk as they come into sight and keeps what it painted.

    `hand` is the clock of the hand (seconds that only grow), `clock` the one on the wall.
    """

    # No scrollbars, not even hidden ones: each scroll would make Textual map the whole screen anew.
    DEFAULT_CSS = """
    Queue { width: 1fr; height: 1fr; scrollbar-size: 0 0; overflow: hidden hidden; }
    Queue.-empty { height: 1; }
    """

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], float],
        hand: Callable[[], float] = time.monotonic,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock
        self._hand = hand
        self.view = View.WAITING
        self.words = ""
        self.ids: list[str] = []
        self.index = 0
        self._painted: dict[str, _Painted] = {}
        self._lines: dict[int, Strip] = {}
        self._columns = columns_for(80, self.view)
        self._hand_at = float("-inf")
        self._switched_at = float("-inf")
        self._ordering: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._order_cost = 0.0
        self._rested: str | None = None

    # -- what is listed

    @property
    def ticket(self) -> str | None:
        """The ticket under the cursor."""
        return self.ids[self.index] if 0 <= self.index < len(self.ids) else None

    def show(self, view: View, query: str = "") -> None:
        """List another view, or the same one filtered, from its most urgent ticket."""
        changed = view is not self.view or query != self.words
        self.view, self.words = view, query
        self._columns = columns_for(self.size.width or 80, view)
        if changed:
            self._painted.clear()
            self.ids, self.index = [], 0
            self._scroll(0)
        self.reorder()
        self._switched_at = float("-inf")

    def reorder(self) -> None:
        """Put the rows in order now; the cursor keeps its ticket, and its place on the screen."""
        self._cancel_ordering()
        began = time.perf_counter()
        before, place, seen = self.ticket, self.index - self.scroll_offset.y, self._seen()
        self.ids = self._desk.queue.ids(self.view, self.words)
        self.index = self._index_of(before)
        self._order_cost = time.perf_counter() - began
        self.virtual_size = Size(self.size.width, len(self.ids))
        if before is not None and self.ticket != before:
            self._switched_at = self._hand()
        if self.scroll_offset.y:
            self._scroll(self.index - place)
        self._into_sight()
        self._repaint_since(seen)
        if self.ticket != self._rested:
            self._rest_soon()

    def _seen(self) -> list[tuple[str, bool]]:
        return [(id, id == self.ticket) for _, id in self._in_sight()]

    def _repaint_since(self, seen: list[tuple[str, bool]]) -> None:
        now = self._seen()
        if len(now) != len(seen):
            self.refresh()
            return
        width = self.size.width
        moved = [Region(0, y, width, 1) for y, line in enumerate(now) if line != seen[y]]
        if moved:
            self.refresh(*moved)

    def _index_of(self, ticket: str | None) -> int:
        if ticket is not None:
            if self.index < len(self.ids) and self.ids[self.index] == ticket:
                return self.index
            try:
                return self.ids.index(ticket)
            except ValueError:
                pass
        return max(0, min(self.index, len(self.ids) - 1))

    def refresh_from_desk(self, change: Change) -> None:
        """Repaint rows in sight that differ at once; put all in order when the hand rests."""
        now = self._clock()
        for y, id in self._in_sight():
            if id in change.tickets and self._is_stale(id, now):
                self._painted.pop(id, None)
                self.refresh(Region(0, y, self.size.width, 1))
        self._order_soon()

    def tick(self) -> None:
        """Repaint the clocks in sight that read differently now."""
        now = self._clock()
        regions = []
        for y, id in self._in_sight():
            painted = self._painted.get(id)
            if painted is not None and row_clock(painted.row, now) != (painted.clock, painted.tone):
                del self._painted[id]
                regions.append(Region(0, y, CLOCK_AT + CLOCK_WIDTH, 1))
        if regions:
            self.refresh(*regions)

    def _in_sight(self) -> list[tuple[int, str]]:
        top = self.scroll_offset.y
        return list(enumerate(self.ids[top : top + self.size.height]))

    def _is_stale(self, id: str, now: float) -> bool:
        painted = self._painted.get(id)
        return painted is None or painted.row != self._desk.queue.row(id)

    # -- the order waits for the hand

    def _order_soon(self) -> None:
        if self._ordering is None and self.is_running:
            rest = self._hand_at + HAND_SECONDS - self._hand()
            wait = max(rest, 20 * self._order_cost, 0.02)
            self._ordering = asyncio.get_running_loop().call_later(wait, self._order_if_rests)

    def _order_if_rests(self) -> None:
        self._ordering = None
        if not self.is_running:
            return
        if self._hand() - self._hand_at < HAND_SECONDS:
            self._order_soon()
        else:
            self.reorder()

    def _cancel_ordering(self) -> None:
        if self._ordering is not None:
            self._ordering.cancel()
            self._ordering = None

    def _rest_soon(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(REST_SECONDS, self._hand_rests)

    def _hand_rests(self) -> None:
        self._resting = None
        if self.is_running and self.ticket != self._rested:
            self._rested = self.ticket
            self.post_message(TicketRested(self.ticket))

    def on_unmount(self) -> None:
        """Let go of what was to come."""
        self._cancel_ordering()
        if self._resting is not None:
            self._resting.cancel()

    # -- the hand

    def move(self, by: int) -> None:
        """The cursor up or down."""
        self._go(self.index + by)

    def page(self, by: int) -> None:
        """A screen up or down."""
        step = by * max(1, self.size.height - 1)
        if 0 <= self.index + step < len(self.ids):
            self._scroll(self.scroll_offset.y + step)
        self._go(self.index + step)

    def move_to_row(self, index: int) -> None:
        """To the first row, or the last for -1."""
        self._go(index % len(self.ids) if self.ids else 0)

    def open(self) -> None:
        """Say that the person wants to answer this one; not in the instant after it changed by itself."""
        self._hand_at = self._hand()
        if self.ticket is not None and self._hand() - self._switched_at >= SETTLE_SECONDS:
            self.post_message(TicketChosen(self.ticket))

    def move_to(self, ticket: str) -> None:
        """Put the cursor on `ticket` when it is listed here."""
        if ticket in self.ids:
            self._go(self.ids.index(ticket))
            self._rested = ticket

    def _go(self, index: int) -> None:
        self._hand_at = self._hand()
        before, self.index = self.index, max(0, min(index, len(self.ids) - 1))
        if before != self.index:
            self._repaint(before)
            self._repaint(self.index)
            self._into_sight()
            self._rest_soon()

    def _repaint(self, index: int) -> None:
        y = index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _into_sight(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.index < top:
            self._scroll(self.index)
        elif self.index >= top + height:
            self._scroll(self.index - height + 1)

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there, a second one opens."""
        self.focus()
        index = event.y + self.scroll_offset.y
        if index >= len(self.ids):
            return
        again = index == self.index
        self._go(index)
        if again:
            self.open()

    def on_mouse_move(self, event: MouseMove) -> None:
        """A moving pointer is a hand about to press."""
        self._hand_at = self._hand()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel shows what is further down; the cursor stays on its ticket."""
        self._wheel(_WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel shows what is further up."""
        self._wheel(-_WHEEL)

    def _wheel(self, lines: int) -> None:
        self._hand_at = self._hand()
        self._scroll(self.scroll_offset.y + lines)

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=y, animate=False, force=True, immediate=True)

    # -- painting

    def on_resize(self, event: Resize) -> None:
        """Choose the columns that fit now."""
        self._columns = columns_for(event.size.width, self.view)
        self._painted.clear()
        self.virtual_size = Size(event.size.width, len(self.ids))
        self._into_sight()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget what was painted in other colours."""
        super().notify_style_update()
        self._painted.clear()
        self._lines.clear()

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Forget the lines that are to be painted anew; the others are kept as they are."""
        if not regions:
            self._lines.clear()
        for region in regions:
            for y in range(region.y, region.bottom):
                self._lines.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, straight from what is painted.

        The compositor asks for all of them however little has changed, and nothing here has a border or a
        padding: Textual's own way through its style cache costs more than the rest of a frame.
        """
        lines = [self.render_line(y) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.width != self.size.width:
            return [line.crop(crop.x, crop.right) for line in lines]
        return lines

    def render_line(self, y: int) -> Strip:
        """The row at line `y` of the screen, with the cursor's mark when it is there."""
        line = self._lines.get(y)
        if line is None:
            line = self._lines[y] = self._line(y + self.scroll_offset.y)
        return line

    def _line(self, index: int) -> Strip:
        base = self.base()
        painted = self._paint(self.ids[index], base) if index < len(self.ids) else None
        if painted is None:
            return self.filtered(Strip.blank(self.size.width, base))
        return self._under_cursor(painted, base) if index == self.index else painted.strip

    def _paint(self, id: str, base: Style) -> _Painted | None:
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
        self._painted[id] = painted = _Painted(row, clock, tone, strip)
        return painted

    def _under_cursor(self, painted: _Painted, base: Style) -> Strip:
        mark = ("▌", "accent" if self.has_focus else "faint")
        return self._strip(mark, painted.row, painted.clock, painted.tone, base + self.tone("cursor"))

    def _strip(self, mark: tuple[str, str], row: Row, clock: str, tone: Tone, base: Style) -> Strip:
        spans = [mark, *spans_of(row, clock, tone, self._columns, self._desk.team.me.id)]
        return self.filtered(self.painted(spans, self.size.width, base))

    def on_focus(self) -> None:
        """The cursor's mark is bright while keys come here."""
        self._repaint(self.index)

    def on_blur(self) -> None:
        """The cursor's mark is calm while keys go elsewhere."""
        self._repaint(self.index)
