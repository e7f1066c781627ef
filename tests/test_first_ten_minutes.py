"""The page a stranger follows, walked in a real terminal word for word: its key lines are the test."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

PAGE = Path(__file__).parents[1] / "docs" / "helper-first-ten-minutes.md"
_STEP = re.compile(r"^- (运行|看到|按|打字|run|see|press|type) `([^`]+)`$")
_DEEDS = {"运行": "run", "看到": "see", "按": "press", "打字": "type"}
_KEYS = {"Enter": "enter", "Esc": "esc", "Tab": "tab", "Ctrl+Q": "ctrl+q"}

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]


def steps_of(page: str) -> Iterator[tuple[str, str]]:
    """The lines of `page` that say what to do, and what is to be seen."""
    for line in page.splitlines():
        match = _STEP.match(line)
        assert match or not line.startswith("- "), f"not a step: {line}"
        if match:
            yield _DEEDS.get(match[1], match[1]), match[2]


def parts() -> dict[str, list[tuple[str, str]]]:
    """The page's two walks, by language."""
    _, chinese, english = re.split(r"^## .*$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {"zh": list(steps_of(chinese)), "en": list(steps_of(english))}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_true(language: str, tmp_path: Path) -> None:
    (_, command), *steps = parts()[language]
    program, *options = command.split()
    assert program == "agent-tui"
    arguments = [sys.executable, "-m", "agent_tui", *options, "--base", str(tmp_path)]
    environment = {**os.environ, "HOME": str(tmp_path)}
    with Terminal(arguments, env=environment, cwd=tmp_path, columns=80, rows=24) as terminal:
        for deed, words in steps:
            if deed == "see":
                terminal.wait_for(words)
                continue
            terminal.read()
            if deed == "type":
                terminal.type(words)
            else:
                terminal.press(_KEYS.get(words, words))
        terminal.wait_end()


def test_both_walks_use_every_way_out() -> None:
    for steps in parts().values():
        pressed = {words for deed, words in steps if deed == "press"}
        assert {"?", "1", "0", "9", "8", "Tab", "Enter", "Esc", "Ctrl+Q"} <= pressed
