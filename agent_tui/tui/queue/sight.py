"""The rows of the queue that are in sight: their painted lines, and a repaint of those that differ."""

from collections.abc import Container

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_tui.tui.queue.order import TicketOrder
from agent_tui.tui.queue.painting import RowPainter
from agent_tui.tui.queue.row import CLOCK_AT, CLOCK_WIDTH


class RowsInSight:
    """The part of `order` that `widget` shows, painted by `rows`."""

    def __init__(self, widget: ScrollView, order: TicketOrder, rows: RowPainter) -> None:
        self._widget = widget
        self._order = order
        self._rows = rows
        self._strips: dict[int, Strip] = {}

    @property
    def top(self) -> int:
        """The index of the first one."""
        return self._widget.scroll_offset.y

    def scroll(self, top: int) -> None:
        """Show the rows from `top`."""
        self._widget.scroll_to(y=top, animate=False, force=True, immediate=True)

    def follow_cursor(self) -> None:
        """Scroll no further than it takes to see the cursor."""
        top = self.top
        wanted = self._order.top_for(top, self._widget.size.height)
        if wanted != top:
            self.scroll(wanted)

    def lines(self) -> list[tuple[str, bool]]:
        """The ticket of each row, and whether the cursor is on it."""
        cursor = self._order.ticket
        return [(id, id == cursor) for id in self._tickets()]

    def strips(self, start: int, end: int) -> list[Strip]:
        """The lines of the screen from `start` to before `end`, each as it was last painted."""
        kept = self._strips
        return [kept[y] if y in kept else self._paint(y) for y in range(start, end)]

    def forget_lines(self, *regions: Region) -> None:
        """Paint the lines of `regions` anew when they are asked for; all of them when none is given."""
        if not regions:
            self._strips.clear()
        for region in regions:
            for y in range(region.y, region.bottom):
                self._strips.pop(y, None)

    def repaint(self, index: int) -> None:
        """Paint the row at `index` anew when it is in sight."""
        y = index - self.top
        if 0 <= y < self._widget.size.height:
            self._widget.refresh(Region(0, y, self._widget.size.width, 1))

    def repaint_since(self, before: list[tuple[str, bool]]) -> None:
        """Paint the rows anew that differ from the `lines` of before."""
        now = self.lines()
        if len(now) != len(before):
            self._widget.refresh()
            return
        width = self._widget.size.width
        self._refresh([Region(0, y, width, 1) for y, line in enumerate(now) if line != before[y]])

    def repaint_changed(self, tickets: Container[str]) -> None:
        """Paint the rows of `tickets` anew that differ from the desk's."""
        for y, id in enumerate(self._tickets()):
            if id in tickets and self._rows.is_stale(id):
                self._widget.refresh(Region(0, y, self._widget.size.width, 1))
        self._rows.forget_stale(tickets)

    def repaint_clocks(self, now: float) -> None:
        """Paint the clocks anew that read differently `now`."""
        regions = []
        for y, id in enumerate(self._tickets()):
            if self._rows.clock_differs(id, now):
                self._rows.forget(id)
                regions.append(Region(0, y, CLOCK_AT + CLOCK_WIDTH, 1))
        self._refresh(regions)

    def _tickets(self) -> list[str]:
        top = self.top
        return self._order.ids[top : top + self._widget.size.height]

    def _paint(self, y: int) -> Strip:
        index, ids = y + self.top, self._order.ids
        id = ids[index] if index < len(ids) else None
        self._strips[y] = strip = self._rows.line(id, has_cursor=index == self._order.index)
        return strip

    def _refresh(self, regions: list[Region]) -> None:
        if regions:
            self._widget.refresh(*regions)
