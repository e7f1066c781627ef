"""The first frame does not wait for heavy libraries."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from agent_tui.cli.workstation import StartOptions, options_of
from agent_tui.tui import collector

HEAVY = (
    "httpx",
    "numpy",
    "pypinyin",
    "opencc",
    "liquid",
    "litestar",
    "sqlalchemy",
    "keyring",
    "yaml",
    "rapidfuzz",
    "typer",
    "webbrowser",
)
PROGRAM = f"""
import sys
from agent_tui import i18n
i18n.choose("zh")
from agent_tui.cli.workstation import open_workstation
from agent_tui.desk import open_desk
from agent_tui.tui.app import AgentApp
print(*[m for m in {HEAVY!r} if m in sys.modules])
"""


def test_no_heavy_import_before_the_first_frame() -> None:
    """httpx alone costs as much as half a frame's time."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], StartOptions()),
        (["--theme", "light"], StartOptions(theme="light")),
        (
            ["--server=https://a.example", "--base", "x"],
            StartOptions(server="https://a.example", base=Path("x")),
        ),
        (["login"], None),
        (["--help"], None),
        (["--theme"], None),
        (["--theme", "--server"], None),
        (["--wrong", "x"], None),
    ],
)
def test_only_what_the_workstation_itself_takes_is_read_here(
    words: list[str], told: StartOptions | None
) -> None:
    assert options_of(words) == told


def test_the_collector_waits_for_the_first_frame_and_then_collects_again() -> None:
    """Without a hold nothing is frozen: a second screen of one process collects as it did."""
    before = gc.get_freeze_count()
    collector.release()
    assert gc.get_freeze_count() == before
    collector.hold()
    assert not gc.isenabled()
    collector.release()
    assert gc.isenabled()
    gc.unfreeze()
