"""A helper in a real terminal: packs that come, change, go and stay offline; a drill that is told."""

import os
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from agent_tui.domain.commands import SendDrillResult
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.writing import write_pack
from tests.cli.conftest import Shell
from tests.patience import until
from tests.ports import free_port
from tests.server.driver import Person, Server, ulid
from tests.terminal import Terminal

pytestmark = pytest.mark.timeout(400)
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
    while "把结果告诉组长" not in (seen := screen.text):
        keys = seen.splitlines()[-1]
        if "Enter 开始" in keys:
            screen.press("enter")
        elif "为什么转交" in seen:
            screen.press("1")
        elif "回到聊天" in seen:  # a slow machine: a key meant for the page before has sent an answer
            screen.press("4")
        elif "9 转交" in keys:
            screen.press("9")
        elif "Esc 返回" in keys:
            screen.press("esc")
        screen.rest()


@pytest.mark.torture
def test_a_drill_is_told_to_the_lead_once_and_kept_until_then(tmp_path: Path) -> None:
    port = free_port()
    server = Server(tmp_path / "server", None, "--port", str(port)).start()
    lead, helper = server.person("lead"), server.person("helper", "小赵")
    cursor = lead.cursor()
    server.end()
    folder = tmp_path / "desk" / "default"
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "config.toml").write_text(f'server = "http://127.0.0.1:{port}"\n')
    kept = folder / "data" / "drill-results.json"
    kept.parent.mkdir()
    earlier = SendDrillResult(id=ulid(), pack="returns", right=11, total=15, seconds=9.5)
    kept.write_bytes(msgspec.json.encode([earlier]))
    with terminal(helper, tmp_path, "drill", "--pack", "logistics") as screen:
        play(screen)
        screen.press("1")
        screen.wait_for("没能告诉组长：连不上服务器")
        assert len(msgspec.json.decode(kept.read_bytes())) == 2
        server.start()
        screen.press("1")
        screen.wait_for("连同之前没发出的 1 次")
        screen.press("esc")
        screen.wait_end()
    assert not kept.exists()
    events = [change["event"] for change in server.known(vars(lead)).changes(cursor)]
    told = [one for one in events if one["type"] == "drill-reported"]
    server.end()
    assert [(one["helper"]["name"], one["pack"]) for one in told] == [
        ("小赵", "returns"),
        ("小赵", "logistics"),
    ]
