"""Signing in again: asks for a new token when the old one has expired."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App

from agent_tui.desk import Desk
from agent_tui.i18n import texts


class SigningIn:
    """Asks once however many requests found the old token expired.

    `keep` stores the new one where the next start finds it, or answers why it could not.
    """

    def __init__(self, app: App[Any], desk: Desk, keep: Callable[[str], str] | None) -> None:
        self._app = app
        self._desk = desk
        self._keep = keep
        self._asking = False

    async def ask(self) -> None:
        """Ask, and go on with what was typed."""
        if self._asking:
            return
        self._asking = True
        try:
            token = await self._asked()
        finally:
            self._asking = False
        if token:
            self._desk.use_token(token)
            self._app.notify(texts().toast.signed_in, timeout=2)
            # A token that is not kept is lost with this window.
            if self._keep and (words := await asyncio.to_thread(self._keep, token)):
                self._app.notify(words, severity="warning", timeout=10)

    async def _asked(self) -> str | None:
        from agent_tui.tui.dialogs.token import TokenDialog

        return await self._app.push_screen_wait(TokenDialog())
