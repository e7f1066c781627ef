"""The list below the search field: rows walked by arrows, opened by Enter or a click."""

from rich.cells import cell_len
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message as UiMessage
from textual.strip import Strip

from agent_tui.tui.cells import cut, fit
from agent_tui.tui.helper.items import HEADING, PROCEDURE, PackItem
from agent_tui.tui.widgets.tones import Toned

Span = tuple[str, str]
# How much of a row titles may take, in percent: the rest says when an answer is right.
TITLES_AT_MOST = 40
_DIGITS = {"0": "⓪", "1": "❶", "2": "❷", "3": "❸", "4": "④", "5": "⑤", "6": "⑥"}


class ItemList(Toned):
    """Shows items; the one under the cursor stays under it while the list around it changes."""

    class Opened(UiMessage):
        """An item was clicked."""

        def __init__(self, item: PackItem) -> None:
            super().__init__()
            self.item = item

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.items: tuple[PackItem, ...] = ()
        self.at = -1
        self.has_moved = False
        self._top = 0

    def show(self, items: tuple[PackItem, ...], *, first: bool) -> None:
        """Show other items; `first` puts the cursor on the best one, else it stays where it is."""
        if items == self.items and not first:
            return
        held = None if first else self.chosen
        if first:
            self._top, self.has_moved = 0, False
        self.items = items
        choices = [n for n, item in enumerate(items) if item.is_choice]
        same = [
            n for n in choices if held is not None and (items[n].kind, items[n].id) == (held.kind, held.id)
        ]
        self.at = (same or choices or [-1])[0]
        self._keep_in_sight()
        self.refresh()

    @property
    def chosen(self) -> PackItem | None:
        """The item under the cursor."""
        return self.items[self.at] if 0 <= self.at < len(self.items) else None

    def numbered(self, digit: str) -> PackItem | None:
        """The item that `digit` opens."""
        return next((item for item in self.items if item.digit == digit), None)

    def move(self, by: int) -> None:
        """To the next item that can be opened; at an end it stays."""
        self.has_moved = True
        at = self.at + by
        while 0 <= at < len(self.items) and not self.items[at].is_choice:
            at += by
        if 0 <= at < len(self.items):
            self.at = at
        self._keep_in_sight()
        self.refresh()

    def _keep_in_sight(self) -> None:
        """The headings above the cursor's row are seen too; before it has been laid out nothing is known."""
        if not self.size.height:
            return
        top = max(0, self.at)
        while top > 0 and not self.items[top - 1].is_choice:
            top -= 1
        self._top = max(min(self._top, top), self.at - self.size.height + 1, 0)

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """A row: the key, what it is, when it is right."""
        index = y + self._top
        base = self.rich_style
        if index >= len(self.items):
            return Strip.blank(self.size.width, base)
        item = self.items[index]
        if item.kind == HEADING:
            return self.painted(
                [(f" {cut(item.title, self.size.width - 2)}", "faint")], self.size.width, base
            )
        if index == self.at:
            base += self.tone("cursor")
        return self.painted(self._spans(item, index == self.at), self.size.width, base)

    def _spans(self, item: PackItem, is_chosen: bool) -> list[Span]:
        width = self.size.width
        longest = max((cell_len(one.title) for one in self.items if one.is_choice), default=0)
        titles = min(longest, width * TITLES_AT_MOST // 100)
        sign = _DIGITS.get(item.digit, " ")
        mark = "▌" if is_chosen else " "
        detail = cut(item.detail, max(0, width - titles - 8))
        title = "accent" if item.kind == PROCEDURE else "strong"
        return [
            (mark, "accent"),
            (fit(f"{sign} ", 3), "accent"),
            (fit(item.title, titles), title if is_chosen or item.digit else "text"),
            (f"   {detail}", "calm"),
        ]

    def on_click(self, event: Click) -> None:
        """A click opens."""
        index = int(event.y) + self._top
        if 0 <= index < len(self.items) and self.items[index].is_choice:
            self.at = index
            self.refresh()
            self.post_message(self.Opened(self.items[index]))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        self.move(-1)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        self.move(1)
