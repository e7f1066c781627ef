"""A helper in a real terminal: packs that come, change, go and stay without a network; a drill that is told."""

import os
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui.knowledge.pack_read import load_pack
from agent_tui.knowledge.pack_write import write_pack
from tests.cli.conftest import Shell
from tests.server.driver import Person, ulid, until
from tests.terminal import Terminal

pytestmark = pytest.mark.timeout(240)
NOWHERE = "http://127.0.0.1:9"


def invited(shell: Shell, lead: Person, pack: str) -> Person:
    """Somebody with a helper's token."""
    form = {"name": f"赵{ulid()[-5:]}", "pack": pack}
    answer = lead.http.post("/v1/helpers", json=form)
    assert answer.status_code == 201, answer.text
    return shell.server.known(answer.json())


def terminal(who: Person, home: Path, *words: str) -> Terminal:
    command = [sys.executable, "-m", "agent_tui", *words, "--base", str(home / "desk"), "--lang", "zh"]
    environment = {**os.environ, "AGENT_TUI_TOKEN": who.token, "HOME": str(home)}
    return Terminal(command, env=environment, cwd=home, columns=100, rows=30)


def leave(screen: Terminal) -> None:
    screen.press("ctrl+q")
    screen.wait_end()


def test_a_pack_changes_under_a_helper_and_stays_without_a_network(
    shell: Shell, lead: Person, tmp_path: Path
) -> None:
    file, pack = tmp_path / "floor.yaml", replace(load_pack("live"), id="floor", title="今天的包")
    file.write_text(write_pack(pack), "utf-8")
    assert shell("pack", "publish", file, who=lead).code == 0
    helper = invited(shell, lead, "floor")
    kept = tmp_path / "desk" / "default" / "data" / "pack.kept"
    with terminal(helper, tmp_path, "--server", shell.server.url) as screen:
        screen.wait_for("今天的包 v1")
        first = replace(pack.answers[0], when="换了一句话")
        file.write_text(write_pack(replace(pack, answers=(first, *pack.answers[1:]))), "utf-8")
        assert shell("pack", "publish", file, who=lead).code == 0
        screen.wait_for("知识包有新版本")
        screen.wait_for("换了一句话")
        screen.wait_for("今天的包 v2")
        screen.wait_gone("换了一句话")
        until(lambda: "换了一句话" in kept.read_bytes().decode("utf-8", "replace"), "the kept pack")
        leave(screen)
    with terminal(helper, tmp_path, "--server", NOWHERE) as screen:
        screen.wait_for("今天的包 v")
        leave(screen)
    kept.write_bytes(kept.read_bytes()[:-7])
    with terminal(helper, tmp_path, "--server", NOWHERE) as screen:
        screen.wait_for("物流与发货")  # our own, where nothing better is left
        assert not kept.exists(), "what is damaged is thrown away"
        leave(screen)
    with terminal(helper, tmp_path, "--server", shell.server.url) as screen:
        screen.wait_for("今天的包 v2")
        assert shell("pack", "revoke", "floor", "--yes", who=lead).code == 0
        screen.wait_for("撤下了你的知识包")
        until(lambda: not kept.exists(), "the kept pack to go")
        leave(screen)


def play(screen: Terminal) -> None:
    """Go through a drill as fast as hands can: every customer is handed over."""
    while "把结果告诉组长" not in screen.text:
        screen.press("enter" if "Enter" in screen.text and "9" not in screen.text else "9")
        screen.pump(0.1)
        screen.press("1")
        screen.pump(0.1)


def test_a_drill_is_told_to_the_lead_once_and_kept_until_then(
    shell: Shell, lead: Person, tmp_path: Path
) -> None:
    helper = invited(shell, lead, "logistics")
    config = tmp_path / "desk" / "default" / "config"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'server = "{NOWHERE}"\n')
    kept = tmp_path / "desk" / "default" / "data" / "drill-results.json"
    cursor = lead.cursor()

    def told() -> list[dict[str, object]]:
        events = [change["event"] for change in lead.changes(cursor)]
        return [one for one in events if one["type"] == "drill-reported"]

    with terminal(helper, tmp_path, "drill", "--pack", "logistics") as screen:
        play(screen)
        screen.press("1")
        screen.wait_for("没能告诉组长：连不上服务器")
        assert kept.exists()
        screen.wait_for("把结果告诉组长")
        screen.press("ctrl+c", "esc")
        screen.wait_end()
    (config / "config.toml").write_text(f'server = "{shell.server.url}"\n')
    with terminal(helper, tmp_path, "drill", "--pack", "logistics") as screen:
        play(screen)
        screen.press("1")
        screen.wait_for("连同之前没发出的 1 次")
        screen.press("esc")
        screen.wait_end()
    assert [one["pack"] for one in until(told, "the lead to be told")] == ["logistics"] * 2
    assert [one["helper"]["name"] for one in told()] == [helper.name] * 2  # type: ignore[index]
    assert not kept.exists()
