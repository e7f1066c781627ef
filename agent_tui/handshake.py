"""Handshake of the page's host with a person's process: whose it is, in the first line; exit statuses."""

import os

import msgspec
from msgspec import Struct

LONGEST = 8192
# Exit statuses.
LEFT, CRASHED, SHIFT_OVER, BUSY, UNUSABLE = 0, 1, 10, 11, 12


class Hello(Struct, frozen=True, kw_only=True):
    """Who sits down, where, and how large the window is. Never shown: it has no repr."""

    server: str
    token: str
    base: str
    profile: str
    language: str = "zh"
    theme: str = ""
    width: int = 80
    height: int = 24

    def __repr__(self) -> str:
        return f"Hello(profile={self.profile!r})"


def say(hello: Hello) -> bytes:
    """The line."""
    return msgspec.json.encode(hello) + b"\n"


def read(fileno: int) -> Hello | None:
    """The line from `fileno`, byte by byte: what follows belongs to the screen. None at an end."""
    line = bytearray()
    while not line.endswith(b"\n"):
        one = os.read(fileno, 1)
        if not one or len(line) > LONGEST:
            return None
        line += one
    return msgspec.json.decode(line, type=Hello)
