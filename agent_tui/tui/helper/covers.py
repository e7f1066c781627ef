"""The pages over the helper's screen: put there, read along on, and found again."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from agent_tui.tui.helper.cover import Chooser, Cover
from agent_tui.tui.helper.typed import Typed

Page = Cover[Any] | Chooser


class Covers:
    """Every page can call the buddy, and the buddy reads along on it."""

    def __init__(self, screen: Screen[None], typed: Typed, ask: Callable[[], None]) -> None:
        self._screen = screen
        self._typed = typed
        self._ask = ask

    def put(self, page: Page, then: Callable[[Any], None]) -> None:
        """Put a page over the screen; `then` is told its answer."""
        page.ask = self._ask
        self._screen.app.push_screen(page, self._typed.along(page, then))

    @property
    def pages(self) -> list[Page]:
        """The pages over the screen, the topmost last."""
        return [one for one in self._screen.app.screen_stack if isinstance(one, Cover | Chooser)]
