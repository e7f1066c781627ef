"""Textual's web driver for a screen that outlives its browser: windows come back, and the host may die."""

import os
from functools import partial

from textual import events, messages
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size

# What a fresh terminal in the browser has to be told again; the first attach finds it told already.
MODES = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?2004h\x1b[?25l\x1b[2J\x1b[?2026$p"


class HelperDriver(WebDriver):
    """Ends the screen in good order when nobody is at the other end of the pipe any more."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._write = partial(self._put, self.fileno)

    def _put(self, fileno: int, data: bytes) -> int:
        """Write all of `data`; a host that is gone is noticed by the input thread."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(fileno, left) :]
        except OSError:
            return 0
        return len(data)

    def start_application_mode(self) -> None:
        """As the web driver does; but the screen has the focus from the start, and keeps it."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        """Read until the end; an end that nobody asked for is the host's death: leave, the outbox is kept."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(messages.ExitApp())

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """`attach` paints everything for a browser that has just come; a browser that looks elsewhere is no
        reason to take the cursor out of the field."""
        if packet_type in ("focus", "blur"):
            return
        if packet_type == "attach":
            self.write(MODES)
            packet_type = "resize"
        if packet_type == "resize":
            self._resize(payload)
        else:
            super().on_meta(packet_type, payload)

    def _resize(self, payload: dict[str, object]) -> None:
        width, height = int(str(payload["width"])), int(str(payload["height"]))
        self._size = (width, height)
        size = Size(width, height)
        self._app.post_message(events.Resize(size, size))
