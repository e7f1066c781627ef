"""A pseudo-terminal that measures: a key's CPU and bytes, a program's first text, its memory (Linux)."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

KEYS = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "enter": b"\r",
    "esc": b"\x1b",
}
_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p|\x1b\[\??c|\x1b\[6n|\x1b\[\?u")
_CONTROL = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Pressed(Struct, frozen=True):
    """What one key cost: milliseconds of CPU over all threads, and bytes painted."""

    cpu_ms: float
    bytes: int


class Measured:
    """A program on a pseudo-terminal of its own, with its cost read from the kernel."""

    def __init__(self, command: Sequence[str], *, columns: int = 120, rows: int = 36) -> None:
        parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        # What runs is what is installed: modules compiled once, not at every start.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=child, stdout=child, stderr=child, env=env, start_new_session=True
        )
        os.close(child)
        self._fd = parent
        self.painted = b""

    def read(self, quiet: float, limit: float) -> bytes:
        """What is painted until `quiet` seconds of silence, for at most `limit`."""
        got, end = b"", time.perf_counter() + limit
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self._fd], [], [], min(left, quiet if got else left))[0]:
                break
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:
                break
            self._answer(data)
            got += data
        self.painted += got
        return got

    def _answer(self, data: bytes) -> None:
        for match in _QUERY.finditer(data):
            asked = match.group()
            if match.group(1):
                value = b"2" if match.group(1) == b"2026" else b"0"
                os.write(self._fd, b"\x1b[?" + match.group(1) + b";" + value + b"$y")
            elif asked.endswith(b"c"):
                os.write(self._fd, b"\x1b[?62;22c")
            elif asked.endswith(b"6n"):
                os.write(self._fd, b"\x1b[1;1R")

    def wait_for(self, text: str, limit: float = 180.0) -> float:
        """Seconds from the start until `text` was painted. Raises TimeoutError with what was."""
        wanted, end = text.encode(), self.began + limit
        while time.perf_counter() < end:
            self.read(0.002, 0.05)
            if wanted in _CONTROL.sub(b"", self.painted[-400_000:]):
                return time.perf_counter() - self.began
            if self._process.poll() is not None:
                break
        raise TimeoutError(_CONTROL.sub(b"", self.painted)[-2000:].decode("utf-8", "replace"))

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def settle(self) -> None:
        """Wait until nothing but clocks is painted and the CPU rests."""
        before = -1.0
        while self.cpu_ms() - before > 20:
            before = self.cpu_ms()
            self.read(0.3, 0.5)

    def press(self, key: str, quiet: float = 0.03) -> Pressed:
        """Press a key and wait for its frame."""
        before = self.cpu_ms()
        os.write(self._fd, KEYS.get(key, key.encode()))
        painted = self.read(quiet, 2.0)
        return Pressed(self.cpu_ms() - before, len(painted))

    def cpu_ms(self) -> float:
        """CPU milliseconds of the program so far, all threads."""
        total = 0
        tasks = Path(f"/proc/{self._process.pid}/task")
        for task in tasks.iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                continue
        return total / 1e6

    def memory_mib(self) -> tuple[float, float]:
        """Resident memory now and at its highest."""
        words = Path(f"/proc/{self._process.pid}/status").read_text()
        found = {k: int(v) / 1024 for k, v in re.findall(r"(VmRSS|VmHWM):\s+(\d+)", words)}
        return found["VmRSS"], found["VmHWM"]

    def close(self) -> None:
        """End the program."""
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._fd)
