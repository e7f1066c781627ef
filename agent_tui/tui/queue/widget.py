"""The queue: the list of tickets, most urgent first, in an order that never changes under a moving hand."""

import time
from collections.abc import Callable
from typing import Self

from textual.events import Click, MouseMove, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_tui.desk import Change, Desk
from agent_tui.domain.views import View
from agent_tui.tui.messages import TicketChosen, TicketRested
from agent_tui.tui.queue.hand import MovingHand
from agent_tui.tui.queue.order import TicketOrder
from agent_tui.tui.queue.painting import RowPainter
from agent_tui.tui.queue.sight import RowsInSight
from agent_tui.tui.widgets.tones import Toned

_WHEEL = 3


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
        self._hand = MovingHand(hand, self._order_when_running, self._tell_rest)
        self._order = TicketOrder()
        self._rows = RowPainter(self, desk, clock)
        self._sight = RowsInSight(self, self._order, self._rows)
        self.view = View.WAITING
        self.words = ""
        self._rested: str | None = None

    # -- what is listed

    @property
    def ids(self) -> list[str]:
        """The listed tickets, the most urgent first."""
        return self._order.ids

    @property
    def ticket(self) -> str | None:
        """The ticket under the cursor."""
        return self._order.ticket

    def show(self, view: View, query: str = "") -> None:
        """List another view, or the same one filtered, from its most urgent ticket."""
        changed = view is not self.view or query != self.words
        self.view, self.words = view, query
        self._rows.choose_columns(self.size.width or 80, view)
        if changed:
            self._rows.forget()
            self._order.clear()
            self._sight.scroll(0)
        self.reorder()
        self._hand.settled()

    def reorder(self) -> None:
        """Put the rows in order now; the cursor keeps its ticket, and its place on the screen."""
        began = time.perf_counter()
        order, before, seen = self._order, self.ticket, self._sight.lines()
        place = order.index - self._sight.top
        order.replace(self._desk.queue.ids(self.view, self.words))
        self._hand.ordered(time.perf_counter() - began)
        self.virtual_size = Size(self.size.width, len(order.ids))
        if before is not None and self.ticket != before:
            self._hand.switched()
        if self._sight.top:
            self._sight.scroll(order.index - place)
        self._sight.follow_cursor()
        self._sight.repaint_since(seen)
        if self.ticket != self._rested:
            self._hand.rest_soon()

    def refresh_from_desk(self, change: Change) -> None:
        """Repaint rows in sight that differ at once; put all in order when the hand rests."""
        self._sight.repaint_changed(change.tickets)
        if self.is_running:
            self._hand.order_soon()

    def tick(self) -> None:
        """Repaint the clocks in sight that read differently now."""
        self._sight.repaint_clocks(self._clock())

    def _order_when_running(self) -> None:
        if self.is_running:
            self.reorder()

    def _tell_rest(self) -> None:
        if self.is_running and self.ticket != self._rested:
            self._rested = self.ticket
            self.post_message(TicketRested(self.ticket))

    def on_unmount(self) -> None:
        """Let go of what was to come."""
        self._hand.stop()

    # -- the hand

    def move(self, by: int) -> None:
        """The cursor up or down."""
        self._go(self._order.index + by)

    def page(self, by: int) -> None:
        """A screen up or down."""
        step = by * max(1, self.size.height - 1)
        if 0 <= self._order.index + step < len(self.ids):
            self._sight.scroll(self._sight.top + step)
        self._go(self._order.index + step)

    def move_to_row(self, index: int) -> None:
        """To the first row, or the last for -1."""
        self._go(index % len(self.ids) if self.ids else 0)

    def open(self) -> None:
        """Say that the person wants to answer this one; not in the instant after it changed by itself."""
        self._hand.moved()
        if self.ticket is not None and self._hand.knows:
            self.post_message(TicketChosen(self.ticket))

    def move_to(self, ticket: str) -> None:
        """Put the cursor on `ticket` when it is listed here."""
        if ticket in self.ids:
            self._go(self.ids.index(ticket))
            self._rested = ticket

    def _go(self, index: int) -> None:
        self._hand.moved()
        before = self._order.go(index)
        if before != self._order.index:
            self._sight.repaint(before)
            self._sight.repaint(self._order.index)
            self._sight.follow_cursor()
            self._hand.rest_soon()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there, a second one opens."""
        self.focus()
        index = event.y + self._sight.top
        if index >= len(self.ids):
            return
        again = index == self._order.index
        self._go(index)
        if again:
            self.open()

    def on_mouse_move(self, event: MouseMove) -> None:
        """A moving pointer is a hand about to press."""
        self._hand.moved()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel shows what is further down; the cursor stays on its ticket."""
        self._wheel(_WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel shows what is further up."""
        self._wheel(-_WHEEL)

    def _wheel(self, lines: int) -> None:
        self._hand.moved()
        self._sight.scroll(self._sight.top + lines)

    # -- painting

    def on_resize(self, event: Resize) -> None:
        """Choose the columns that fit now."""
        self._rows.choose_columns(event.size.width, self.view)
        self._rows.forget()
        self.virtual_size = Size(event.size.width, len(self.ids))
        self._sight.follow_cursor()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget what was painted in other colours."""
        super().notify_style_update()
        self._rows.forget()
        self._sight.forget_lines()

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Forget the lines that are to be painted anew; the others are kept as they are."""
        self._sight.forget_lines(*regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, straight from what is painted.

        The compositor asks for all of them however little has changed, and nothing here has a border or a
        padding: Textual's own way through its style cache costs more than the rest of a frame.
        """
        lines = self._sight.strips(crop.y, crop.bottom)
        if crop.x or crop.width != self.size.width:
            return [line.crop(crop.x, crop.right) for line in lines]
        return lines

    def render_line(self, y: int) -> Strip:
        """One of these lines, for whoever asks for no more."""
        return self._sight.strips(y, y + 1)[0]

    def on_focus(self) -> None:
        """The cursor's mark is bright while keys come here."""
        self._sight.repaint(self._order.index)

    def on_blur(self) -> None:
        """The cursor's mark is calm while keys go elsewhere."""
        self._sight.repaint(self._order.index)
