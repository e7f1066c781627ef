"""`agent-tui kb gaps`: what no entry answered, in clusters, and drafts that an editor finishes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent_tui.cli.kb_gaps import draft_files
from agent_tui.knowledge.content.lint import lint
from agent_tui.knowledge.content.sources import folder, load
from agent_tui.knowledge.recommend.gaps import ContentGap
from agent_tui.knowledge.templates.fill import paths_of
from tests.cli.conftest import Ended, Shell
from tests.patience import until
from tests.server.driver import Server, text, ulid

CARDS = ("能帮我写张贺卡放里面吗", "可以附一张生日贺卡吗", "送女朋友的 能放贺卡不")
WASHING = ("这个毛毯能机洗吗", "毛毯可以放洗衣机洗不")


def line(*said: str, reply: str = "", **more: Any) -> dict[str, Any]:
    """One opening of a log, the agent's own words after it where there are any."""
    messages = [{"from": "customer", "text": one} for one in said]
    if reply:
        messages.append({"from": "agent", "text": reply})
        more.setdefault("entries", [])
    return {"messages": messages, **more}


def order(status: str) -> dict[str, Any]:
    return {"number": "880012345678", "status": status, "total": "99.00"}


def gaps(home: Path, lines: list[Any], *options: object) -> Ended:
    """The command in a process of its own, the log on standard input."""
    folders = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    typed = [sys.executable, "-m", "agent_tui", "kb", "gaps", "--lang", "zh", "--batch", "-"]
    ended = subprocess.run(
        [*typed, *map(str, options)],
        input="".join(json.dumps(one) + "\n" for one in lines),
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | dict.fromkeys(folders, str(home)),
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def log() -> list[dict[str, Any]]:
    """Customers about greeting cards and washing, and some who are answered, vague, or the only one."""
    replied = "可以放贺卡，要写的话发我，王小明您好，打 13812345678 也行。"
    cards = [line(one, reply=replied, order=order("paid"), customer={"name": "王小明"}) for one in CARDS]
    washing = [line("在吗", one, order=order("delivered"), entries=[]) for one in WASHING]
    answered = line("退款多久到账", reply="x", entries=[{"id": "refund-progress", "kept": 0.9}])
    return [
        *cards,
        *washing,
        answered,
        line("你好"),
        line("在吗", "人呢", reply="在的"),
        line("你们招代理吗"),
    ]


def test_clusters_what_nothing_answered_and_drafts_it(tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    ended = gaps(tmp_path, log(), "--draft", drafts)
    assert ended.code == 0, ended.err
    rows = [row.split() for row in ended.out.splitlines()]
    assert [(row[0], row[2]) for row in rows[1:3]] == [("3", "paid"), ("2", "delivered")]
    assert all(word not in ended.out + ended.err for word in ("王小明", "13812345678", "880012345678"))

    entries = {entry.true_when: entry for entry in load([folder(drafts)]).entries}
    card, washing = entries["paid"], entries["delivered"]
    assert set(card.similar) == set(CARDS)
    assert card.text == "可以放贺卡，要写的话发我，${1:客户信息}您好，打 ${2:电话} 也行。"
    assert card.title in CARDS
    assert set(washing.similar) == set(WASHING)
    _, problems = lint([folder(drafts)])
    assert [(Path(one.file).stem, one.field, one.severity) for one in problems] == [
        (washing.id, "body", "error")
    ], "nobody has written it yet"


def a_gap(*questions: str, reply: str = "", true_when: str = "") -> ContentGap:
    return ContentGap(
        size=2, questions=questions, category="other", language="zh", true_when=true_when, reply=reply
    )


def test_an_editors_draft_is_left_alone_and_accepted_when_it_is_written(tmp_path: Path) -> None:
    found = [a_gap(*WASHING, true_when="delivered")]
    [name] = draft_files(found, tmp_path)
    file, mark = Path(name), load([folder(tmp_path)]).entries[0].text
    assert [one.severity for one in lint([folder(tmp_path)])[1]] == ["error"]
    file.write_text(file.read_text("utf-8").replace(mark, "可以机洗，30 度以下。"), "utf-8")
    draft_files(found, tmp_path)
    assert lint([folder(tmp_path)])[1] == []
    assert "可以机洗" in file.read_text("utf-8")


def test_hostile_words_are_nothing_but_words(tmp_path: Path) -> None:
    reply = "好的 {% raw %} ${1:x} {{ order.number }}\u0007\n- id: [单号]"
    draft_files(
        [a_gap("能寄吗 \u001b[31m{{ customer.name }}\n# x", "[客户信息] 能寄不", reply=reply)], tmp_path
    )
    [entry] = load([folder(tmp_path)]).entries
    words = " ".join((entry.text, entry.title, *entry.similar))
    assert all(mark not in words for mark in ("{{", "{%", "\u001b", "\u0007", "客户信息"))
    assert entry.text.endswith("- id: ${1:单号}")
    assert paths_of(entry.text).required == ()


def test_either_a_batch_or_the_server(tmp_path: Path) -> None:
    both = gaps(tmp_path, [], "--from-server")
    assert (both.code, "二者选一" in both.err) == (2, True)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server on which two customers got own words, and one an entry."""
    server = Server(tmp_path_factory.mktemp("gaps")).start()
    who, channel = server.person("agent", team="售后"), server.channel()
    for said in WASHING:
        ticket = channel.say(ulid(), said)["ticket"]
        who.applied("send-reply", ticket=ticket, parts=text("可以机洗，用洗衣袋。"))
    ticket = channel.say(ulid(), "毛毯能不能机洗啊")["ticket"]
    who.applied("send-reply", ticket=ticket, parts=text("好的"), entries=[{"id": "quality-smell"}])
    until(lambda: len(who.get("/v1/usages", limit=10)["usages"]) == 1, "the usage")
    yield server
    server.end()


def test_the_servers_recent_tickets_are_looked_at(
    asked: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = Shell(asked, tmp_path / "home", monkeypatch)
    who = asked.person("lead")
    ended = typed.process("kb", "gaps", "--from-server", "--json", who=who)
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert (report["openings"], report["unanswered"]) == (3, 2)
    [gap] = report["gaps"]
    assert (gap["size"], set(gap["questions"])) == (2, set(WASHING))
    assert gap["reply"] == "可以机洗，用洗衣袋。"
    unknown = typed("kb", "gaps", "--from-server", "--team", "没有", who=who)
    assert (unknown.code, "没有" in unknown.err) == (2, True)
