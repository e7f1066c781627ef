"""`agent-tui pack build --from-server`: a proposal from what a real server heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent_tui.cli.commands import app_for
from agent_tui.knowledge.packs.reading import load_pack
from tests.cli.conftest import Shell
from tests.patience import until
from tests.server.driver import Person, Server, text, ulid

TEAM = "物流"
ASKED = 22
MOST, SECOND = "parcel-eta", "parcel-where-now"


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which a team has answered and mostly solved, and another has solved nothing."""
    server = Server(tmp_path_factory.mktemp("heard")).start()
    team, other, channel = (
        server.person("agent", team=TEAM),
        server.person("agent", team="售后"),
        server.channel(),
    )
    for number in range(ASKED):
        _answer(channel.say(ulid(), "我的快递到哪了")["ticket"], team, MOST if number % 3 else SECOND)
    ticket = channel.say(ulid(), "快递几天到")["ticket"]
    other.applied("send-reply", ticket=ticket, parts=text("好的"), entries=[{"id": MOST}])
    until(lambda: len(team.get("/v1/usages", limit=1000)["usages"]) == ASKED + 1, "the usages")
    until(lambda: all(one["solved"] for one in team.get("/v1/usages", limit=1000, team=TEAM)["usages"]), "it")
    yield server
    server.end()


def _answer(ticket: str, who: Person, entry: str) -> None:
    who.applied("send-reply", ticket=ticket, parts=text("好的"), entries=[{"id": entry}])
    who.applied("set-status", ticket=ticket, status="solved", version=who.ticket(ticket)["version"])


@pytest.fixture
def typed(heard: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(heard, tmp_path / "home", monkeypatch)


def test_the_proposal_is_a_file_to_change_with_its_figures(
    typed: Shell, heard: Server, tmp_path: Path
) -> None:
    editor, out = heard.person("agent"), tmp_path / "next.yaml"
    ended = typed.process(
        "pack", "build", "--from-server", "--days", "7", "--team", TEAM, "--out", out, who=editor
    )
    assert ended.code == 0, ended.err
    assert "接着「物流与发货」" in ended.err, "the field that was asked for"
    assert f"{ASKED} 次咨询" in ended.err
    head = out.read_text("utf-8").splitlines()
    assert f"# 来源：服务器最近 7 天，{TEAM}" in head
    assert any(f"entry: {MOST}  # 用了 14 次，解决 14 次，占 63.6%" in line for line in head)
    pack = load_pack(out)
    assert [answer.entry for answer in pack.answers[:2]] == [MOST, SECOND]
    assert (pack.id, pack.version, len(pack.answers)) == ("logistics", 2, 20)
    assert CliRunner().invoke(app_for("pack"), ["pack", "check", str(out)]).exit_code == 0

    before = out.read_bytes()
    again = typed("pack", "build", "--from-server", "--out", out, who=editor)
    assert (again.code, "加 --force" in again.err, out.read_bytes()) == (2, True, before)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from-server", "--team", "没有"), 2, "没有团队「没有」；现有：售后, 物流"),
        (("--from-server", "--team", "售后", "--pack", "logistics"), 1, "还没有一次标为已解决"),
        (("--from-server", "--pack", "promotion"), 1, "没有一次是「活动规则与优惠券」的支援人员可以接待的"),
        (("--from-server", "--pack", "nothing"), 2, "没有叫「nothing」的知识包"),
        (("--from-server", "--days", "0"), 2, "--days"),
        ((), 2, "二选一"),
        (("--usages", "gone.jsonl", "--team", "物流"), 2, "--team 只能和 --from-server"),
    ],
)
def test_what_is_not_enough_is_said_and_nothing_written(
    typed: Shell, heard: Server, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    out = tmp_path / "next.yaml"
    ended = typed("pack", "build", *words, "--out", out, who=heard.person("agent"))
    assert (ended.code, out.exists()) == (code, False)
    assert said in ended.err


def test_few_and_none_are_told_apart(shell: Shell, agent: Person) -> None:
    none = shell("pack", "build", "--from-server", "--days", "1", "--team", TEAM, who=agent)
    assert (none.code, "没有依据可以推荐" in none.err) == (1, True)
    channel = shell.server.channel()
    _answer(channel.say(ulid(), "我的快递到哪了")["ticket"], agent, MOST)
    until(lambda: agent.get("/v1/usages", team=TEAM)["usages"], "the usage")
    build = ("pack", "build", "--from-server", "--pack", "logistics", "--team", TEAM)
    until(lambda: agent.get("/v1/usages", team=TEAM)["usages"][0]["solved"], "the solved usage")
    few = shell(*build, who=agent)
    assert (few.code, "少于 20 次" in few.err) == (1, True)
    assert "entry: parcel-eta" in shell(*build, "--anyway", who=agent).out


def test_helpers_and_strangers_learn_nothing(typed: Shell, heard: Server) -> None:
    ended = typed("pack", "build", "--from-server", who=heard.person("helper"))
    assert (ended.code, "需要核心客服或组长的令牌" in ended.err, ended.out) == (4, True, "")
    assert typed("pack", "build", "--from-server", who="", server="http://127.0.0.1:9").code in (3, 4)
