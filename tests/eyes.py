"""What a terminal shows: bytes in, however they are cut, the screen as people see it out."""

import re

import pyte

_QUERY = re.compile(rb"\x1b\[(?:\?(\d+)\$p|>?0?c|6n|\?u)")
# What pyte would print as text: kitty keyboard and modify-other-keys settings.
_UNREAD = re.compile(rb"\x1b\[[<>=][0-9;:]*[umn]|\x1b\[\?[0-9;]*u")
# A control sequence that has not come whole yet.
_BEGUN = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?$")
FRAME_BEGINS, FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"


class Eyes:
    """The screen of a terminal, frame by frame: what is half painted is not seen yet (synchronized output).
    `frames` are the cursor's places at the end of each whole frame."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._begun = b""
        self._before: tuple[list[str], tuple[int, int]] | None = None
        self.frames: list[tuple[int, int]] = []

    def take(self, data: bytes) -> list[bytes]:
        """Take in what is painted; answers what was asked of the terminal meanwhile."""
        data = self._begun + data
        begun = _BEGUN.search(data)
        self._begun = begun.group() if begun else b""
        data = data[: len(data) - len(self._begun)]
        for frame in re.split(rb"(?<=\x1b\[\?2026l)", data):
            if frame.endswith(FRAME_ENDS):
                self._feed(frame)
                self._before = None
                self.frames.append(self.cursor)
            else:
                self._feed_part(frame)
        return [answer for match in _QUERY.finditer(data) if (answer := _answer_to(match))]

    def _feed(self, data: bytes) -> None:
        self._stream.feed(_UNREAD.sub(b"", data))

    def _feed_part(self, data: bytes) -> None:
        """What follows the last whole frame: from where another begins, the screen stays as it was."""
        outside, begins, inside = data.partition(FRAME_BEGINS)
        self._feed(outside)
        if begins:
            self._before = self.lines, self.cursor
            self._feed(inside)

    @property
    def lines(self) -> list[str]:
        """The screen line by line; a wide character's second cell is left out."""
        if self._before is not None:
            return self._before[0]
        # Not pyte's own `display`: it fails on a wide character whose first cell was painted over.
        screen = self._screen
        rows = ("".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines))
        return [row.rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, counted from 0."""
        if self._before is not None:
            return self._before[1]
        return self._screen.cursor.y, self._screen.cursor.x

    def resize(self, columns: int, rows: int) -> None:
        """The window has another size."""
        self._screen.resize(rows, columns)

    def forget(self) -> None:
        """Look with fresh eyes."""
        self._begun, self._before = b"", None
        self._screen.reset()
        self._stream = pyte.ByteStream(self._screen)


def _answer_to(asked: re.Match[bytes]) -> bytes:
    """What a terminal says, so that no program waits for a silence."""
    if asked.group().endswith(b"$p"):
        value = b"2" if asked.group(1) == b"2026" else b"0"
        return b"\x1b[?" + asked.group(1) + b";" + value + b"$y"
    if asked.group().endswith(b"c"):
        return b"\x1b[?62;22c"
    return b"\x1b[1;1R" if asked.group().endswith(b"6n") else b""
