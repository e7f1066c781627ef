"""What is typed on the helper's screen, told to the desk as it stands, so that the buddy reads along."""

from collections.abc import Callable
from typing import Any

from agent_tui.desk import Desk
from agent_tui.tui.helper.items import OWN, PackItem
from agent_tui.tui.helper.preview import Preview


class Typed:
    """A reply in its preview, or the helper's own words; what is typed to search is nobody's business."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ticket: str | None = None
        self._page = ""
        self._own = ""

    def at(self, ticket: str | None) -> None:
        """Another customer is on the screen, or nobody."""
        self._ticket, self._page, self._own = ticket, "", ""
        self._tell()

    def along(self, page: object, then: Callable[[Any], None]) -> Callable[[Any], None]:
        """Read along on a page over the screen; answers what to call when it is left, which calls `then`."""
        if isinstance(page, Preview):
            page.tell = self._on_page

        def left(answer: Any) -> None:
            self._on_page("")
            then(answer)

        return left

    def _on_page(self, words: str) -> None:
        self._page = words
        self._tell()

    def under_cursor(self, item: PackItem | None) -> None:
        """The list's cursor is on `item`: on the last row, what was typed is meant for the customer."""
        self._own = item.title if item is not None and item.kind == OWN else ""
        self._tell()

    def _tell(self) -> None:
        self._desk.presence.look(self._ticket, self._page or self._own)
