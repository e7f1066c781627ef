"""A snapshot taken apart as it arrives: its tickets are handed on one by one, never all in memory."""

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from agent_tui.backends.base import Start, Unavailable
from agent_tui.backends.http.answers import understood
from agent_tui.domain.models import Floor, Seat, Ticket
from agent_tui.domain.policy import told_policy
from agent_tui.wire import Me

LARGEST_TICKET = 4 * 1024 * 1024
_BEGIN = re.compile(rb'"tickets"\s*:\s*\[')
_TOKEN = re.compile(rb'"(?:[^"\\]+|\\.)*"|["{}\[\]]', re.DOTALL)
_NEXT = b'},{"id":'
_BETWEEN = b" \t\r\n,"


class _Rest(Struct, frozen=True):
    """A snapshot with its tickets taken out."""

    cursor: str
    floor: Floor = Floor()
    seats: tuple[Seat, ...] = ()
    me: Me | None = None
    policy: dict[str, Any] | None = None


class SnapshotReader:
    """Feed it the body in pieces; every whole ticket goes to `take` at once.

    A ticket ends where the next one seems to begin, which costs one search; where that is not so (braces in a
    customer's words, an end of the list) its brackets are counted.
    """

    def __init__(self, take: Callable[[Ticket], None]) -> None:
        self._take = take
        self._buffer = bytearray()
        self._rest = bytearray()
        self._is_inside = False
        self._is_after = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises Unavailable when it is no snapshot."""
        self._buffer += piece
        if not self._is_inside and not self._is_after:
            self._look_for_begin()
        if self._is_inside:
            self._hand_on()
        if len(self._buffer) > LARGEST_TICKET and not self._is_after:
            raise Unavailable("not-understood", detail="snapshot")

    def finish(self) -> Start:
        """All has come: the cursor and what else is no ticket."""
        if self._is_inside:
            self._hand_on(is_whole=True)
        if not self._is_after:
            raise Unavailable("not-understood", detail="snapshot")
        rest = understood(bytes(self._rest + b"[]" + self._buffer), _Rest)
        policy = told_policy(rest.policy)
        return Start(cursor=rest.cursor, floor=rest.floor, seats=rest.seats, me=rest.me, policy=policy)

    def _look_for_begin(self) -> None:
        begin = _BEGIN.search(self._buffer)
        if begin is not None:
            self._rest += self._buffer[: begin.end() - 1]
            del self._buffer[: begin.end()]
            self._is_inside = True

    def _hand_on(self, *, is_whole: bool = False) -> None:
        """Hand on every ticket that is whole, and forget its bytes."""
        at = 0
        while True:
            at = self._skip(at)
            if at < len(self._buffer) and self._buffer[at] == ord("]"):
                self._is_inside, self._is_after = False, True
                at += 1
                break
            end = self._one(at, is_whole)
            if end is None:
                break
            at = end
        del self._buffer[:at]

    def _skip(self, at: int) -> int:
        buffer, size = self._buffer, len(self._buffer)
        while at < size and buffer[at] in _BETWEEN:
            at += 1
        return at

    def _one(self, at: int, is_whole: bool) -> int | None:
        """Hand on the ticket at `at`; answers where it ends, None when more must come first."""
        near = self._buffer.find(_NEXT, at)
        if near < 0 and not is_whole:
            # The last ticket is counted out once, at the end, not anew with every piece.
            return None
        if near >= 0 and self._seems_whole(at, near + 1):
            return near + 1
        end = self._counted(at)
        if end is None:
            return None
        self._take(understood(bytes(self._buffer[at:end]), Ticket))
        return end

    def _seems_whole(self, at: int, end: int) -> bool:
        piece = bytes(self._buffer[at:end])
        if piece.count(b"{") != piece.count(b"}"):
            return False
        try:
            ticket = understood(piece, Ticket)
        except Unavailable:
            return False
        self._take(ticket)
        return True

    def _counted(self, at: int) -> int | None:
        """Where the object at `at` ends, by its brackets outside of strings."""
        depth = 0
        for token in _TOKEN.finditer(self._buffer, at):
            match token.group()[:1]:
                case b"{" | b"[":
                    depth += 1
                case b"}" | b"]":
                    depth -= 1
                case _ if len(token.group()) == 1:
                    return None
            if depth <= 0:
                return token.end() if depth == 0 and token.end() > at + 1 else None
        return None
