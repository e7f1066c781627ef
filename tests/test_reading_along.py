"""Two terminals and a server process: what a helper types is on the buddy's screen while it is typed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.server.driver import Person, Server
from tests.server.floor import Floor
from tests.terminal import Terminal

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    server = Server(tmp_path / "server", None, "--port", str(free_port())).start()
    yield Floor(server)
    server.end()


def terminal(floor: Floor, person: Person, folder: Path, columns: int, rows: int) -> Terminal:
    command = [sys.executable, "-m", "agent_tui", "--server", floor.server.url, "--lang", "zh"]
    command += ["--profile", person.id, "--base", str(folder)]
    environment = {**os.environ, "AGENT_TUI_TOKEN": person.token, "HOME": str(folder)}
    return Terminal(command, env=environment, cwd=folder, columns=columns, rows=rows)


def wait(here: Terminal, there: Terminal, words: str, *, gone: bool = False) -> None:
    """Wait for words on one screen, or until they have gone, and let the other one paint meanwhile."""

    def holds(text: str) -> bool:
        there.take_in()
        return (words in text) is not gone

    here.wait_until(holds, what=words)


def test_the_buddy_reads_along(floor: Floor, tmp_path: Path) -> None:
    """Key by key, through a server that goes and comes back; the buddy's cursor stays in the composer."""
    helper = floor.invite("小赵")
    floor.routed(helper, "快递三天没动了")
    with (
        terminal(floor, helper, tmp_path, 80, 24) as theirs,
        terminal(floor, floor.buddy, tmp_path, 80, 24) as mine,
    ):
        wait(theirs, mine, "客户想知道")
        wait(mine, theirs, "小赵 接待中")
        theirs.press("0")
        wait(mine, theirs, "小赵 求助")
        mine.press("\x1d")
        wait(mine, theirs, "悄悄话给 小赵")
        cursor = mine.cursor
        wait(theirs, mine, "正在看")
        # Nothing is sure while no order is known: they find it by a word, and its number is theirs to type.
        theirs.type("物流停滞")
        wait(theirs, mine, "找到")
        theirs.press("enter")
        wait(theirs, mine, "这样发给")
        wait(mine, theirs, "小赵 正在写：")
        assert "▁" in mine.text
        theirs.type("YT8831")
        wait(mine, theirs, "YT8831")
        assert mine.cursor == cursor
        floor.server.end()
        wait(mine, theirs, "断线")
        wait(mine, theirs, "YT8831", gone=True)
        theirs.type("0077")
        floor.server.start()
        wait(mine, theirs, "YT88310077")
        assert mine.cursor == cursor
        theirs.press("esc")
        wait(mine, theirs, "正在写：", gone=True)
