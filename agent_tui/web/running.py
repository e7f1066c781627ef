"""A person's process as the host sees it: textual-serve's, but started without a shell."""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from typing import Any

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from agent_tui import handshake
from agent_tui.handshake import Hello

log = logging.getLogger(__name__)

MODULE = "agent_tui.tui.browser.child"
# Not handed on: what would show a debugger, write a log, or be taken for the person's own token.
_KEPT_BACK = ("AGENT_TUI_TOKEN", "TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "COLUMNS", "LINES", "ROWS")
# Together with what the sockets take, less than the five seconds a service has to stop in.
QUIT_SECONDS, KILL_SECONDS = 3.0, 0.5


class Running(AppService):
    """One process. `show` takes what it paints; `on_end` is told its exit status, once.

    The base class reads the packets and writes the input; what a screen cannot be asked for here (downloads,
    addresses to open) is passed over.
    """

    def __init__(self, told: Hello, show: Callable[[bytes], None], on_end: Callable[[int], None]) -> None:
        super().__init__(
            "", write_bytes=self._shown, write_str=_nothing, close=_closed, download_manager=DownloadManager()
        )
        self._told = told
        self._show = show
        self._on_end = on_end
        self._ended: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process's number, 0 before it runs."""
        return self._process.pid if self._process is not None else 0

    async def _shown(self, data: bytes) -> None:
        self._show(data)

    async def begin(self) -> None:
        """Start the process and tell it who sits down. Raises OSError when the system has no room for it."""
        await self._open_app_process(self._told.width, self._told.height)
        self.stdin.write(handshake.say(self._told))
        self._ended = asyncio.create_task(self._watch())

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", MODULE),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            # Ctrl+C at the host's terminal is the host's: it ends its processes in order.
            start_new_session=os.name != "nt",
        )
        self._stdin = process.stdin
        return process

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        """The base's, without secrets; half the frames, which a person cannot tell and the machine can."""
        built = super()._build_environment(width, height)
        kept = {name: value for name, value in built.items() if name not in _KEPT_BACK}
        return kept | {"TEXTUAL_FPS": "30", "PYTHONIOENCODING": "utf-8"}

    async def _watch(self) -> None:
        assert self._process is not None
        await self.run()
        self._on_end(await self._process.wait())

    async def on_meta(self, data: bytes) -> None:
        """The screen reports where it failed; everything else it might ask of a browser is passed over."""
        told: dict[str, Any] = json.loads(data)
        if told.get("type") == "crashed":
            log.error("the screen of %s failed: %s", self._told.profile, told.get("at"))

    async def on_packed(self, payload: bytes) -> None:
        """Nothing is downloaded from here."""

    async def attach(self, width: int, height: int) -> None:
        """A browser has just come: paint everything for it."""
        await self.send_meta({"type": "attach", "width": width, "height": height})

    async def stop(self) -> None:
        """Ask the process to leave, wait, and end it when it does not; its outbox is on disk all along."""
        if self._ended is None or self._process is None:
            return
        await self.send_meta({"type": "quit"})
        if not await self._gone_within(QUIT_SECONDS):
            self._process.kill()
            await self._gone_within(KILL_SECONDS)

    async def _gone_within(self, seconds: float) -> bool:
        assert self._ended is not None
        done, _ = await asyncio.wait({self._ended}, timeout=seconds)
        return bool(done)


async def _nothing(words: str) -> None:
    """The browser is told nothing in words."""


async def _closed() -> None:
    """The host closes the socket by itself, once the process has ended."""
