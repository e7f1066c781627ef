"""A terminal's eyes see the same however the bytes are cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.eyes import Eyes

PAINTED = (
    "\x1b[2J\x1b[1;1H客服工作台\x1b[?2026$p\x1b[1;1H|\x1b[>1u\x1b[2;1H退款 1:05\x1b[?2026l\x1b[6n"
).encode()


def seen(*pieces: bytes) -> tuple[str, list[tuple[int, int]], list[bytes]]:
    eyes = Eyes(20, 3)
    asked = [answer for piece in pieces for answer in eyes.take(piece)]
    return eyes.text, eyes.frames, asked


def test_half_of_a_wide_character_that_was_painted_over_is_no_error() -> None:
    text, frames, asked = seen(PAINTED)
    assert text.split("\n") == ["|服工作台", "退款 1:05", ""]
    assert len(frames) == 1
    assert asked == [b"\x1b[?2026;2$y", b"\x1b[1;1R"]


@given(st.sets(st.integers(1, len(PAINTED) - 1)))
def test_where_reads_end_changes_nothing(cuts: set[int]) -> None:
    """Within a character, a control sequence, a question or the end of a frame."""
    places = [0, *sorted(cuts), len(PAINTED)]
    pieces = [PAINTED[a:b] for a, b in pairwise(places)]
    assert seen(*pieces) == seen(PAINTED)


def test_a_frame_is_seen_when_it_is_whole() -> None:
    eyes = Eyes(20, 2)
    eyes.take(b"\x1b[?2026h\x1b[1;1Hbefore\x1b[?2026l")
    eyes.take(b"\x1b[?2026h\x1b[1;1Hafter \x1b[2;5H")
    assert (eyes.text, eyes.cursor) == ("before\n", (0, 6))
    eyes.take(b"more\x1b[?2026l")
    assert (eyes.text, eyes.cursor) == ("after\n    more", (1, 8))
    assert eyes.frames == [(0, 6), (1, 8)]
