"""What covers the helper's screen for a moment: a whole page, or a short list of answers in a box."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog
from agent_tui.tui.helper.strips import KeysLine
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import KeyedScreen

T = TypeVar("T")
# A page that has just come up takes no Enter for so long: it was meant for what stood there before.
GUARD_SECONDS = 0.35


class Cover(KeyedScreen[T], Generic[T]):
    """A page over the screen: a title, a body, and the line that says what the keys do.

    `ticket` is whom it is about: when they go elsewhere the page closes. `ask` calls the buddy from here.
    """

    CSS_PATH = Path(__file__).with_name("helper.tcss")
    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL)

    def __init__(self, ticket: str | None, title: str) -> None:
        super().__init__()
        self.ticket = ticket
        self.ask: Callable[[], None] = lambda: None
        self._title = title
        self.keys = KeysLine(id="cover-keys")

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        with Vertical(classes="cover--page"):
            yield Static(self._title, classes="cover--title", markup=False)
            yield from self.body()
        yield self.keys

    def body(self) -> Iterable[Widget]:
        """What the page is about."""
        return ()

    def reread(self) -> None:
        """The desk looks different: show it, if it is shown here."""

    def action_ask(self) -> None:
        """Call the buddy."""
        self.ask()

    def action_leave(self) -> None:
        """Back, nothing done."""
        self.dismiss(None)


class Chooser(ChoiceDialog):
    """A short list over the screen: by digit, by arrows and Enter, by a click. F1 calls the buddy."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.DIALOG, Place.CHOICE, Place.CALL)

    def __init__(self, ticket: str | None, title: str, choices: list[Choice]) -> None:
        super().__init__(title, choices, foot=texts().helper.keys_choose)
        self.ticket = ticket
        self.ask: Callable[[], None] = lambda: None

    def reread(self) -> None:
        """Nothing here changes."""

    def action_ask(self) -> None:
        """Call the buddy."""
        self.ask()
