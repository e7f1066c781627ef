"""A drill's result on its way to the lead: kept until it is there, told once, and why not in words."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from agent_tui.drill.coach import Reported
from agent_tui.drill.reporting import teller
from tests.cli.conftest import Shell
from tests.server.driver import Person, ulid

NOWHERE = "http://127.0.0.1:9"
OUTCOME = SimpleNamespace(pack="logistics", right=11, customers=15, seconds=9.5)
PRACTICE = SimpleNamespace(outcome=lambda: OUTCOME)


def tells(server: str, folder: Path) -> Reported:
    return asyncio.run(teller(server, folder, PRACTICE)())


def told(lead: Person, cursor: str) -> list[dict[str, Any]]:
    events = [change["event"] for change in lead.changes(cursor)]
    return [one for one in events if one["type"] == "drill-reported"]


def test_it_waits_for_the_server_and_arrives_once(
    shell: Shell, lead: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper, cursor = shell.server.person("helper"), lead.cursor()
    monkeypatch.setenv("AGENT_TUI_TOKEN", helper.token)
    kept = tmp_path / "drill-results.json"
    away = tells(NOWHERE, tmp_path)
    assert (away.is_told, away.words.splitlines()[0]) == (False, "没能告诉组长：连不上服务器")
    assert "结果存在这台电脑上" in away.words
    assert kept.exists()
    tell = teller(shell.server.url, tmp_path, PRACTICE)
    assert asyncio.run(tell()).words == "已经告诉组长，连同之前没发出的 1 次"
    assert asyncio.run(tell()).words == "已经告诉组长", "an answer that was lost, a key pressed twice"
    assert not kept.exists()
    heard = told(lead, cursor)
    assert [(one["helper"]["name"], one["pack"], one["right"], one["total"]) for one in heard] == [
        (helper.name, "logistics", 11, 15)
    ] * 2


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("", "这台电脑上没有令牌"),
        ("gone", "令牌无效（输错、被收回或已过期）"),
        ("agent", "只有支援人员的令牌能上报练习结果"),
    ],
)
def test_why_it_could_not_be_told_is_said_and_it_stays(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, why: str
) -> None:
    token = shell.server.person(role).token if role == "agent" else "att_gone" if role else ""
    monkeypatch.setenv("AGENT_TUI_TOKEN", token)
    result = tells(shell.server.url, tmp_path)
    assert not result.is_told
    assert why in result.words
    assert (tmp_path / "drill-results.json").exists()


def test_a_damaged_file_and_a_full_disk_cost_nothing_but_what_they_held(
    shell: Shell, lead: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_TUI_TOKEN", shell.server.person("helper").token)
    (tmp_path / "drill-results.json").write_bytes(b"{")
    assert tells(shell.server.url, tmp_path).is_told
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "below"
    assert tells(shell.server.url, folder).is_told
    assert "没能存到磁盘" in tells(NOWHERE, folder).words


def test_only_so_many_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_TUI_TOKEN", "att_x")
    row = {"type": "send-drill-result", "pack": "live", "right": 1, "total": 15, "seconds": 1.0}
    file = tmp_path / "drill-results.json"
    file.write_bytes(msgspec.json.encode([{**row, "id": ulid()} for _ in range(60)]))
    tells(NOWHERE, tmp_path)
    waiting = msgspec.json.decode(file.read_bytes())
    assert (len(waiting), waiting[-1]["pack"]) == (50, "logistics")
