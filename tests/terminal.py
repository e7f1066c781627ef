"""A real terminal for tests: a program on a pseudo-terminal whose screen is read and whose keys pressed."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from agent_tui.tui.helper.cover import GUARD_SECONDS
from tests.eyes import Eyes
from tests.patience import WAIT

KEYS = {
    "enter": "\r",
    # Not the bare byte: that is Esc only once nothing follows it for a while.
    "esc": "\x1b[27u",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "backspace": "\x7f",
}


class Terminal:
    """`with Terminal([...]) as t: t.wait_for("队列"); t.press("n"); print(t.text)`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self._command = list(command)
        told = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        # pytest imports readline, which sets both for its workers; a program believes them before its tty.
        self._env = {name: value for name, value in told.items() if name not in ("COLUMNS", "LINES")}
        self._cwd = cwd
        self._eyes = Eyes(columns, rows)
        self._size = (rows, columns)
        self.output = b""

    def __enter__(self) -> "Terminal":
        self._fd, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", *self._size, 0, 0))
        self._process = subprocess.Popen(
            self._command,
            stdin=child,
            stdout=child,
            stderr=child,
            env=self._env,
            cwd=self._cwd,
            start_new_session=True,
            close_fds=True,
        )
        os.close(child)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(timeout=WAIT)
        except subprocess.TimeoutExpired:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._fd)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    @property
    def text(self) -> str:
        """The screen as it stands, line by line; a wide character's second cell is left out."""
        self.take_in()
        return self._eyes.text

    @property
    def frames(self) -> list[tuple[int, int]]:
        """Where each whole frame left the cursor."""
        return self._eyes.frames

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the terminal's cursor, counted from 0."""
        return self._eyes.cursor

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size under the running program."""
        self._eyes.resize(columns, rows)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.killpg(self._process.pid, signal.SIGWINCH)

    def press(self, *keys: str) -> None:
        """Press named keys (`enter`, `ctrl+s`) or single characters, each once the last is dealt with."""
        for key in keys:
            data = chr(ord(key[5:].upper()) & 31) if key.startswith("ctrl+") else KEYS.get(key, key)
            self.type(data)

    def type(self, text: str) -> None:
        """Type `text` as an input method commits it: in one piece."""
        os.write(self._fd, text.encode())
        self.rest()

    def rest(self) -> None:
        """Wait until the program sleeps: every key has been dealt with, and nothing more is painted."""
        deadline, still = time.monotonic() + WAIT, 0
        while still < 4 and self._process.poll() is None:
            assert time.monotonic() < deadline, f"never at rest:\n{self._eyes.text}"
            still = 0 if self.take_in(0.01) or not self._sleeps() else still + 1

    def _sleeps(self) -> bool:
        """Whether no thread of the program runs or wants to; where nobody can say, that it paints nothing."""
        for thread in Path(f"/proc/{self.pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):
                if thread.read_text().rpartition(") ")[2][:1] in ("R", "D"):
                    return False
        return True

    def read(self) -> None:
        """Look at a page until it takes Enter: its time began before it could be seen."""
        deadline = time.monotonic() + GUARD_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            self.take_in(left)

    def take_in(self, seconds: float = 0.0) -> bool:
        """Whether the program has painted something, or does within `seconds`; taken in with it."""
        taken = False
        while select.select([self._fd], [], [], 0 if taken else seconds)[0]:
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                break
            taken = True
            self.output += data
            for answer in self._eyes.take(data):
                os.write(self._fd, answer)
        return taken

    def wait_until(self, holds: Callable[[str], bool], seconds: float = WAIT, what: str = "") -> str:
        """Wait until the screen satisfies `holds` and answer it. Raises AssertionError with the screen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds(self.text):
                return self._eyes.text
            self.take_in(0.1)
        raise AssertionError(f"waited {seconds} s for {what or holds}:\n{self.text}")

    def wait_for(self, text: str, seconds: float = WAIT) -> str:
        """Wait until `text` is on the screen."""
        return self.wait_until(lambda screen: text in screen, seconds, repr(text))

    def wait_gone(self, text: str, seconds: float = WAIT) -> str:
        """Wait until `text` is no longer on the screen."""
        return self.wait_until(lambda screen: text not in screen, seconds, f"no {text!r}")

    def wait_end(self, seconds: float = WAIT) -> int:
        """Wait until the program has ended and answer its exit code."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            self.take_in(0.1)
        self.take_in()  # what it said last
        assert self._process.returncode is not None, f"still running:\n{self.text}"
        return self._process.returncode
