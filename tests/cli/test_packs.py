"""`agent-tui pack list|publish|diff|revoke` at a real server."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui.knowledge.packs.format import PackAnswer
from agent_tui.knowledge.packs.reading import load_pack
from agent_tui.knowledge.packs.writing import write_pack
from tests.cli.conftest import Shell
from tests.server.driver import Person


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pack of a team's own, as its file."""
    file = tmp_path / "own.yaml"
    file.write_text(write_pack(replace(load_pack("live"), id="own", title="我们的直播包")), "utf-8")
    return file


def first(file: Path, **changed: str) -> PackAnswer:
    """Write the pack with its first answer changed."""
    pack = load_pack(file)
    answer = replace(pack.answers[0], **changed)
    file.write_text(write_pack(replace(pack, answers=(answer, *pack.answers[1:]))), "utf-8")
    return answer


def test_a_pack_is_published_changed_compared_and_revoked(shell: Shell, lead: Person, own: Path) -> None:
    made = shell.process("pack", "publish", own, who=lead)
    assert made.code == 0, made.err
    assert made.out.splitlines() == [
        "服务器上现在没有生效的「我们的直播包」",
        "已发布「我们的直播包」第 1 版（own），支援人员的屏幕几秒内换上",
    ]
    assert "一模一样，不用发布" in shell("pack", "publish", own, who=lead).out
    first(own, when="换了一句话")
    compared = shell("pack", "diff", own, who=lead)
    assert compared.out.splitlines()[0] == "我们的直播包：第 1 版 → 第 1 版"
    assert "→ 换了一句话" in compared.out
    assert shell("pack", "diff", "server:own", own, who=lead).out == compared.out
    again = shell("pack", "publish", own, "--json", who=lead)
    assert (again.code, json.loads(again.out)["version"]) == (0, 2)

    listed = shell("pack", "list", who=lead).out.splitlines()
    assert listed[0].split() == ["编号", "版本", "标题", "来源", "发布人", "发布时间"]
    assert any(line.split()[:5] == ["own", "2", "我们的直播包", "已发布", "组长"] for line in listed)

    asked = shell.process("pack", "revoke", "own", who=lead)
    assert (asked.code, "加 --yes" in asked.err) == (1, True)
    gone = shell("pack", "revoke", "own", "--yes", who=lead)
    assert (gone.code, "已撤下「我们的直播包」第 2 版" in gone.out) == (0, True)
    assert not any(line.startswith("own ") for line in shell("pack", "list", who=lead).out.splitlines())


def test_a_pack_with_faults_is_not_published(shell: Shell, lead: Person, own: Path) -> None:
    first(own, entry="no-such-entry")
    ended = shell("pack", "publish", own, "--yes", who=lead)
    assert ended.code == 1
    assert "no-such-entry" in ended.err
    assert "有错误，没有发布" in ended.err
    own.write_text("id: [", "utf-8")
    assert shell("pack", "publish", own, who=lead).code == 2


def test_an_answer_that_helpers_may_not_have_is_asked_about(
    shell: Shell, lead: Person, agent: Person, own: Path, tmp_path: Path
) -> None:
    team = tmp_path / "team"
    team.mkdir()
    (team / "ours.yaml").write_text(
        "- id: our-answer\n  title: 我们的一条\n  body: 您好，在查了。\n", "utf-8"
    )
    first(own, entry="our-answer")
    asked = shell("pack", "publish", own, "--content", team, who=lead)
    assert asked.code == 1
    assert "服务器的内容里没有这 1 条" in asked.err
    assert "our-answer  我们的一条" in asked.err
    content = {"kind": "snippet", "title": "我们的一条", "body": "您好，在查了。"}
    assert agent.http.put("/v1/entries/our-answer", json=content).status_code == 200
    shared = shell("pack", "publish", own, who=lead)
    assert (shared.code, "服务器的内容里没有" in shared.err) == (0, False)
    shell("pack", "revoke", "own", "--yes", who=lead)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("publish", "nothing"), 2, "没有叫「nothing」的知识包"),
        (("publish", "gone.yaml"), 2, "gone.yaml"),
        (("revoke", "live", "--yes"), 2, "是自带的，没有发布过"),
        (("revoke", "nothing", "--yes"), 2, "没有发布过叫「nothing」的知识包"),
        (("diff", "server:nothing", "live"), 2, "没有生效的知识包「nothing」"),
        (("print", "server:nothing"), 2, "没有生效的知识包「nothing」"),
    ],
)
def test_what_is_not_there_is_said(
    shell: Shell, lead: Person, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = shell("pack", *words, who=lead)
    assert ended.code == code
    assert said in ended.err


def test_only_leads_publish_and_revoke_and_everyone_may_look(shell: Shell, agent: Person, own: Path) -> None:
    assert shell("pack", "list", who=agent).code == 0
    for words in (("publish", own), ("revoke", "live")):
        ended = shell("pack", *words, who=agent)
        assert (ended.code, "需要组长的令牌" in ended.err) == (4, True)
