"""The workstation on a real terminal of 80×24: what it shows, and where it leaves the cursor."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal

PROGRAM = """
import time
from agent_tui import i18n
i18n.choose("zh")
from agent_tui.desk import demo_desk
from agent_tui.tui.app import AgentApp
desk, line = demo_desk(60, 3)
AgentApp(desk).run()
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def terminal(tmp_path: Path):  # type: ignore[no-untyped-def]
    """The workstation on a promotion day, in a window of 80×24."""
    with Terminal([sys.executable, "-c", PROGRAM], cwd=ROOT, columns=80, rows=24) as opened:
        opened.wait_for("待接")
        yield opened


def test_the_queue_is_there(terminal: Terminal) -> None:
    """Views, clocks, tabs and keys on 24 lines."""
    terminal.wait_for("超时")
    terminal.wait_for("接下一位")
    screen = terminal.wait_for("全部按键")
    assert len(screen.splitlines()) <= 24


def test_every_frame_ends_with_the_cursor_in_the_composer(terminal: Terminal) -> None:
    """Input methods stay put while clocks tick, counts change and tabs are repainted."""
    terminal.wait_for("超时")
    terminal.press("enter")
    terminal.wait_for("回复 ")
    terminal.type("您好")
    terminal.wait_for("您好")
    terminal.frames.clear()
    terminal.wait_until(lambda screen: len(terminal.frames) >= 4, what="four frames of ticking clocks")
    places = set(terminal.frames)
    row = next(n for n, line in enumerate(terminal.text.splitlines()) if "您好" in line and "│" in line)
    assert len(places) == 1
    assert places.pop()[0] == row


def test_resizing_at_any_moment(terminal: Terminal) -> None:
    """Down to nothing and up again."""
    for columns, rows in ((120, 36), (59, 15), (20, 5), (200, 50), (80, 24)):
        terminal.resize(columns, rows)
        terminal.rest()
    terminal.wait_for("接下一位")


def test_a_window_that_came_back_while_the_program_stood_still(terminal: Terminal) -> None:
    """The size is as it was, what stood there is gone: everything is painted anew."""
    terminal.wait_for("接下一位")
    os.kill(terminal.pid, signal.SIGSTOP)
    terminal.resize(20, 5)
    terminal.resize(80, 24)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.wait_for("接下一位")


def test_quitting(terminal: Terminal) -> None:
    """Ctrl+Q asks once about the customers in hand, then leaves the terminal in order."""
    terminal.press("ctrl+q")
    terminal.wait_for("手上还有 2 位客户")
    terminal.press("ctrl+q")
    assert terminal.wait_end() == 0


def test_a_line_and_its_enter_in_one_write_are_sent(terminal: Terminal) -> None:
    """As a slow line delivers them: what was typed is what goes, and nothing is left behind."""
    terminal.press("n")
    terminal.wait_for("回复 ")
    # The composer asks before an answer to what was shown for less than a glance.
    terminal.wait_until(lambda screen: "回复 " in screen and "领取了会话" in screen)
    terminal.type("您好，我查一下\r")
    terminal.wait_until(lambda screen: "秒后发送" in screen or "再按一次" in screen, what="a held reply")
    if "再按一次" in terminal.text:
        terminal.press("\r")
    screen = terminal.wait_until(lambda screen: "秒后发送" in screen and "您好，我查一下" in screen)
    box = screen[screen.index("╭─ 回复") :]
    assert "您好，我查一下" not in box


def test_a_note_in_one_write_is_a_note_and_stays_one(terminal: Terminal) -> None:
    """Ctrl+O, words and Enter come together; the reply's own words are on the screen behind them."""
    terminal.press("n")
    terminal.wait_for("回复 ")
    terminal.type("写了一半\x0f只给同事看\r")
    terminal.wait_for("领取了会话")
    screen = terminal.wait_until(lambda screen: screen.count("只给同事看") == 1)
    assert "写了一半" in screen[screen.index("╭─ 回复") :]


def test_a_sentence_in_the_queue_is_no_row_of_keys(terminal: Terminal) -> None:
    """An input method commits it in one write; it is searched for."""
    terminal.wait_for("接下一位")
    terminal.type("s4 转给王敏")
    terminal.wait_for("s4 转给王敏")
    terminal.wait_for("没有")
