"""Clocks, moments and cells: the small words that every row is made of."""

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import Desk
from agent_tui.tui.cells import cut, fit, fit_right, steady
from agent_tui.tui.clocks import Tone, ago, due_text, due_tone, span
from agent_tui.tui.moments import read_moment, tomorrow_at
from agent_tui.tui.widgets.views import ORDER, Views

COUNTS = (8, 128, 42, 31, 12, 460)
NOW = datetime(2026, 11, 11, 14, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (38, "0:38"), (1570, "26:10"), (3599, "59:59"), (3600, "1h00"), (90_000, "1d1h")],
)
def test_a_length_of_time(seconds: float, words: str) -> None:
    """Short enough for the first column."""
    assert span(seconds) == words


def test_left_and_late() -> None:
    """A breached promise counts up, in words as well as in colour."""
    i18n.choose("zh")
    assert due_text(100, 62) == "0:38"
    assert due_text(100, 112) == "超时 0:12"
    assert due_tone(100, 50, 40) is Tone.CALM
    assert due_tone(100, 50, 60) is Tone.WARN
    assert due_tone(100, 50, 101) is Tone.LATE


def test_how_long_ago() -> None:
    """Fine at first, coarse later."""
    i18n.choose("zh")
    assert [ago(s) for s in (0.31, 42, 200, 8000)] == ["0.3 秒前", "42 秒前", "3 分钟前", "2 小时前"]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("30m", 30), ("2h", 120), ("1天", 1440), ("45 分钟".replace(" ", ""), 45), ("14:30", 30), ("9:00", 1140),
     ("明天 9:00", 1140), ("tomorrow 14:00", 1440), ("9点", 1140)],
)  # fmt: skip
def test_moments_people_type(words: str, minutes: int) -> None:
    """Lengths, times of day, tomorrow."""
    assert read_moment(words, NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("words", ["", "soon", "25:00", "9:75", "0m", "-5m"])
def test_no_moments(words: str) -> None:
    """Not understood is not guessed."""
    assert read_moment(words, NOW) is None


def test_tomorrow_morning() -> None:
    """At nine."""
    assert tomorrow_at(9, NOW) == datetime(2026, 11, 12, 9, 0, tzinfo=NOW.tzinfo)


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_cells_fit_exactly(text: str, width: int) -> None:
    """Whatever the text."""
    assert cell_len(cut(text, width)) <= width
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit_right(text, width)) == width


def test_unsteady_signs_go() -> None:
    """A family is three people wherever it is shown."""
    assert steady("👨\u200d👩\u200d👧❤\ufe0f") == "👨👩👧❤"


@pytest.mark.parametrize(("language", "width"), [("zh", 50), ("zh", 80), ("en", 56), ("en", 80)])
def test_every_count_can_be_read(monkeypatch: pytest.MonkeyPatch, language: str, width: int) -> None:
    i18n.choose(language)
    desk = Desk(MemoryBackend(World(time.time), "me"))
    monkeypatch.setattr(desk.queue, "counts", lambda: dict(zip(ORDER, COUNTS, strict=True)))
    parts = Views(desk).parts(width)
    said = "".join(text for _, part in parts for text, _ in part).rstrip()
    i18n.choose("zh")
    assert cell_len(said) <= width
    assert said.endswith("460")
    assert "8" in said
