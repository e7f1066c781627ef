"""What is shipped: the wheel alone, without extras, in a clean environment and from another folder."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.torture, pytest.mark.timeout(400), pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(out.glob("agent_tui_desk-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a clean environment that holds the wheel and what it needs, no extras."""
    env = tmp_path_factory.mktemp("env")
    subprocess.run([sys.executable, "-m", "venv", str(env)], check=True)
    programs = env / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [str(programs / "pip"), "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel)],
        check=True,
        capture_output=True,
    )
    return programs


def test_the_wheel_carries_what_it_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "agent_tui/content/snippets/",
        "agent_tui/content/kb/",
        "agent_tui/content/kb/packs/",
        "agent_tui/locales/zh.toml",
        "agent_tui/server/store/migrations/",
        "agent_tui/sim/bank/",
        "agent_tui/tui/workstation/screen.tcss",
        "agent_tui/web/page.html",
    ):
        assert any(name.startswith(wanted) for name in names), wanted


def test_the_shipped_content_is_found_from_anywhere(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(installed / "agent-tui"), "kb", "stats", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    counts = json.loads(done.stdout)
    assert counts["kinds"]["snippet"] >= 160
    assert counts["kinds"]["article"] >= 70


def test_the_first_screen_opens_without_the_servers_libraries(installed: Path, tmp_path: Path) -> None:
    missing = subprocess.run([str(installed / "python"), "-c", "import litestar"], capture_output=True)
    assert missing.returncode != 0
    environment = {"HOME": str(tmp_path), "AGENT_TUI_TOKEN": "none", "LANG": "zh_CN.UTF-8"}
    command = [str(installed / "agent-tui"), "--server", "http://127.0.0.1:9"]
    with Terminal(command, env=environment, cwd=tmp_path) as terminal:
        terminal.wait_for("连不上服务器")
