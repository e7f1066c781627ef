"""The application of a person's process: the helper's screen and nothing else, gone with the shift."""

import traceback
from pathlib import Path

from textual.events import DescendantFocus
from textual.widgets import Input, TextArea

from agent_tui.desk import Change, Desk, Link
from agent_tui.domain.models import Availability, Role
from agent_tui.handshake import CRASHED, SHIFT_OVER
from agent_tui.settings import Settings
from agent_tui.tui.app import AgentApp
from agent_tui.tui.browser.driver import HelperDriver


class BrowserApp(AgentApp):
    """As in a terminal, but for what a browser cannot do: it asks for no token and opens no other screen."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk, settings)
        self._is_over = False

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A cursor that stands still: blinking is a frame twice a second, times fifty people."""
        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    def get_driver_class(self) -> type[HelperDriver]:
        """The browser's."""
        return HelperDriver

    def _pass_on(self, change: Change) -> None:
        """The end of the shift ends the screen; so does a token that was never a helper's."""
        if self._has_ended():
            self._shift_over()
        else:
            super()._pass_on(change)

    def _has_ended(self) -> bool:
        """The token no longer holds, or the feed has said already that this seat is empty. One's own wish to
        finish shows the same before the server has it: what is on its way goes first."""
        desk, me = self.desk, self.desk.team.me
        if desk.connection.state.link is Link.AUTH_EXPIRED or (me.id and me.role is not Role.HELPER):
            return True
        is_here = desk.connection.state.link is Link.ONLINE and desk.tickets.is_loaded
        return is_here and me.availability is Availability.OFFLINE and not desk.outbox.items()

    def _shift_over(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.exit(return_code=SHIFT_OVER)

    def action_ask_token(self) -> None:  # type: ignore[override]
        """There is nothing to type: whoever may go on gets a new link."""
        self._shift_over()

    def _handle_exception(self, error: Exception) -> None:
        """Textual would print a traceback with every local variable; the host is told the place alone."""
        self._return_code = CRASHED
        if self._exception is None and self._driver is not None:
            self._driver.write_meta({"type": "crashed", "at": place_of(error)})  # type: ignore[attr-defined]
        self._exception = error
        self._close_messages_no_wait()


def place_of(error: BaseException) -> str:
    """Where an error came from: its class and the places it passed, never a value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} {places}"
