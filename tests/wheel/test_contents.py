"""What is shipped: the wheel alone, without extras, in a clean environment and from another folder."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.torture, pytest.mark.timeout(400), pytest.mark.xdist_group("wheel")]


def test_the_wheel_carries_what_it_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "agent_tui/content/snippets/",
        "agent_tui/content/kb/",
        "agent_tui/content/kb/packs/",
        "agent_tui/knowledge/data/pack_sheet.css",
        "agent_tui/knowledge/data/tables.msgpack",
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


def test_it_needs_no_library_of_the_servers(installed: Path) -> None:
    missing = subprocess.run([str(installed / "python"), "-c", "import litestar"], capture_output=True)
    assert missing.returncode != 0
