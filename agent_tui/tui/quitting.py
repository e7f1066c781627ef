"""Quitting: at once, or once it was asked what becomes of what is unsent and of the customers in hand."""

from typing import Any

from textual.app import App

from agent_tui.desk import Desk
from agent_tui.domain.views import View
from agent_tui.i18n import texts

DRAIN_SECONDS = 60.0


class Quitting:
    """Asks the person at `app`, and leaves in good order."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def ask(self, *, is_practice: bool) -> None:
        """Quit; with something unsent, or customers in hand, ask once what becomes of them. The customers of
        a practice are nobody's."""
        from agent_tui.tui.dialogs.leaving import LEAVE, WAIT, QuitDialog

        unsent = self._desk.outbox.unsent()
        held = 0 if is_practice else len(self._desk.queue.ids(View.MINE))
        if not unsent and (not held or isinstance(self._app.screen, QuitDialog)):
            self._app.exit()
            return
        answer = await self._app.push_screen_wait(QuitDialog(unsent, held))
        if answer == WAIT:
            await self._wait_for_outbox()
        elif answer == LEAVE:
            self._app.exit()

    async def _wait_for_outbox(self) -> None:
        self._app.notify(texts().dialog.quit_waiting, timeout=DRAIN_SECONDS)
        if await self._desk.outbox.drain(DRAIN_SECONDS):
            self._app.exit()
        else:
            left = self._desk.outbox.unsent()
            self._app.notify(texts().toast.unsent_left.format(n=left), severity="warning")
