"""`agent-tui kb publish|versions|rollback|shop` at a real server."""

import json
from pathlib import Path

import pytest

from agent_tui.domain.team_content import KEPT_FILE
from agent_tui.settings import profile
from tests.cli.conftest import Shell
from tests.server.driver import Person, ulid

SHOP = '[shop]\nname = "云朵小店"\nhours = "9:00-24:00"\n\n[contact.warehouse]\nphone = "6001"\n'


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A team's folder with an entry that no other test has."""
    folder = tmp_path / "team"
    (folder / "snippets").mkdir(parents=True)
    write(folder, "您好，最晚今晚到。")
    return folder


def write(folder: Path, body: str, id: str = "") -> str:
    id = id or f"t-{ulid()}"
    text = f"- id: {id}\n  title: 今晚到的说法\n  body: {body}\n"
    (folder / "snippets" / "team.yaml").write_text(text, "utf-8")
    return id


def test_a_folder_is_compared_published_listed_and_taken_back(shell: Shell, lead: Person, team: Path) -> None:
    id = write(team, "您好，最晚今晚到。")
    first = shell.process("kb", "publish", team, "--yes", "--note", "双11", who=lead)
    assert first.code == 0, first.err
    assert f"+ 新增 {id}  今晚到的说法" in first.out
    assert "    +body: 您好，最晚今晚到。" in first.out
    version = lead.get("/v1/content")["version"]
    assert f"已发布第 {version} 版" in first.out.splitlines()[-1]
    assert "一模一样，不用发布" in shell("kb", "publish", team, who=lead).out

    write(team, "您好，明早到。", id)
    tried = shell("kb", "publish", team, "--dry-run", who=lead)
    assert (tried.code, tried.out.splitlines()[-1]) == (0, "只比较，没有发布")
    assert tried.out.splitlines()[1:5] == [
        f"~ 修改 {id}  今晚到的说法",
        "    @@ -1,3 +1,3 @@",
        f"     id: {id}",
        "     title: 今晚到的说法",
    ]
    asked = shell.process("kb", "publish", team, who=lead)
    assert (asked.code, "加 --yes" in asked.err) == (1, True)
    assert lead.get("/v1/content")["version"] == version
    made = json.loads(shell("kb", "publish", team, "--yes", "--json", who=lead).out)
    assert (made["version"], made["by"]["name"]) == (version + 1, lead.name)

    back = shell("kb", "rollback", "--yes", "--note", "写错了", who=lead)
    assert f"已退回第 {version} 版的内容（记为第 {version + 2} 版）" in back.out
    listed = shell("kb", "versions", who=lead).out.splitlines()
    assert listed[0].split() == ["版本", "时间", "谁", "文件", "大小", "说明"]
    assert f"退回第 {version} 版 · 写错了" in listed[1]
    assert "双11" in listed[3]
    assert "最晚今晚到" in lead.get("/v1/content")["files"][0]["text"]


def test_what_kb_check_refuses_is_refused_with_its_place(shell: Shell, lead: Person, team: Path) -> None:
    write(team, "'{{ nobody.knows }}'")
    before = lead.get("/v1/content")["version"]
    ended = shell("kb", "publish", team, "--yes", who=lead)
    assert ended.code == 1
    assert f"{team / 'snippets' / 'team.yaml'}:3" in ended.err
    assert "没有发布" in ended.err.splitlines()[-1]
    assert lead.get("/v1/content")["version"] == before


def test_a_wrong_shop_file_names_its_place(shell: Shell, lead: Person, team: Path) -> None:
    (team / "shop.toml").write_text("[shop]\ncolour = 'red'\n", "utf-8")
    ended = shell.process("kb", "publish", team, "--yes", who=lead)
    assert ended.code == 1
    assert f"{team / 'shop.toml'}:2: shop.colour" in ended.err
    checked = shell.local("kb", "check", team)
    assert (checked.code, "colour" in checked.out) == (1, True)


def test_only_a_lead_publishes_and_anybody_looks(
    shell: Shell, lead: Person, agent: Person, team: Path
) -> None:
    ended = shell("kb", "publish", team, "--yes", who=agent)
    assert (ended.code, "组长" in ended.err) == (4, True)
    assert shell("kb", "publish", team, "--dry-run", who=agent).code == 0
    assert shell("kb", "rollback", "--yes", who=agent).code == 4
    assert shell("kb", "versions", who=agent).code == 0


def test_it_says_which_shipped_entries_the_folder_overrides(shell: Shell, lead: Person, team: Path) -> None:
    write(team, "我们自己的说法。", "refund-progress")
    told = shell("kb", "publish", team, "--dry-run", who=lead).err
    assert f"[说明] {team / 'snippets' / 'team.yaml'}:1: id refund-progress 盖过了同号的" in told
    assert "（随产品）" in told


def test_it_says_which_shared_entries_stand_over_the_folders(shell: Shell, lead: Person, team: Path) -> None:
    id = write(team, "您好，最晚今晚到。")
    shared = lead.http.put(f"/v1/entries/{id}", json={"kind": "snippet", "title": "改过的", "body": "您好。"})
    assert shared.status_code == 200
    told = shell("kb", "publish", team, "--dry-run", who=lead).err
    assert f"[说明] 同事分享: id {id} 盖过了同号的「今晚到的说法」（团队）" in told


def test_a_folder_that_is_none_and_one_with_nothing_in_it(shell: Shell, lead: Person, tmp_path: Path) -> None:
    assert shell("kb", "publish", tmp_path / "nowhere", who=lead).code == 2
    (tmp_path / "empty").mkdir()
    ended = shell("kb", "publish", tmp_path / "empty", who=lead)
    assert ended.code != 0
    assert "没有可以发布的内容" in ended.err


def test_what_is_said_of_the_shop_stays_until_a_folder_says_otherwise(
    shell: Shell, lead: Person, agent: Person, team: Path
) -> None:
    (team / "shop.toml").write_text(SHOP, "utf-8")
    assert shell("kb", "publish", team, "--yes", who=lead).code == 0
    (team / "shop.toml").unlink()
    write(team, "换一条。")
    assert shell("kb", "publish", team, "--yes", who=lead).code == 0
    told = [line.split() for line in shell("kb", "shop", who=agent).out.splitlines()]
    version = lead.get("/v1/content")["version"]
    assert ["shop.name", "云朵小店", "团队", f"v{version}"] in told
    assert ["contact.warehouse.phone", "6001", "团队", f"v{version}"] in told
    assert any(row[0] == "shop.return_address" and "没有填" in row[1] for row in told)


def test_without_a_line_nothing_is_sent_and_it_is_said(shell: Shell, lead: Person, team: Path) -> None:
    ended = shell("kb", "publish", team, "--yes", who=lead, server="http://127.0.0.1:9")
    assert (ended.code, "127.0.0.1:9" in ended.err) == (3, True)


def test_commands_read_what_the_desk_of_this_machine_heard_last(
    shell: Shell, lead: Person, team: Path
) -> None:
    (team / "shop.toml").write_text(SHOP, "utf-8")
    body = "'{{ shop.name }}：最晚今晚到。'"
    id = write(team, body)
    assert shell("kb", "publish", team, "--yes", who=lead).code == 0
    keep(lead)
    found = json.loads(shell.local("kb", "search", "今晚到的说法", "--json").out)
    assert id in [hit["id"] for hit in found["hits"]]
    own = profile().data_dir / "knowledge" / "snippets"
    own.mkdir(parents=True)
    (own / "own.yaml").write_text(f"- id: {id}\n  title: 我的说法\n  body: 好\n", "utf-8")
    version = lead.get("/v1/content")["version"]
    assert f"{id} 盖过了同号的「今晚到的说法」（团队 v{version}）" in shell.local("kb", "check").out


def keep(who: Person) -> None:
    """The desk of this machine has taken what is published, and was closed."""
    folder = profile().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / KEPT_FILE).write_bytes(who.http.get("/v1/content").content)
