"""`agent-tui helper invite|list|revoke` at a real server."""

import json

import pytest

from tests.cli.conftest import Shell
from tests.patience import until
from tests.server.driver import Person, ulid


def test_a_helper_is_invited_listed_and_sent_home(shell: Shell, lead: Person, agent: Person) -> None:
    name = f"赵{ulid()[-5:]}"
    invited = shell.process(
        "helper", "invite", "--name", name, "--pack", "logistics", "--buddy", "林", who=lead
    )
    assert (invited.code, invited.err) == (0, "")
    assert f"已邀请{name} · 物流与发货 · 搭档林 · 到 " in invited.out
    token = next(line for line in invited.out.splitlines() if line.startswith("令牌")).split()[-1]
    assert f"agent-tui login --server {shell.server.url}" in invited.out
    assert "代码  " in invited.out
    helper = shell.server.known({"id": "", "name": name, "token": token})
    assert helper.get("/v1/me")["role"] == "helper"

    listed = json.loads(shell("helper", "list", "--json", who=lead).out)
    row = next(one for one in listed if one["name"] == name)
    assert (row["pack"], row["buddy"]["name"], row["team"]) == ("logistics", "林", "物流"), "the buddy's team"

    gone = shell("helper", "revoke", name, who=lead)
    assert (gone.code, gone.out) == (0, f"{name}的班次已结束，令牌失效\n")
    until(lambda: helper.http.get("/v1/me").status_code == 401, "the token to end")
    assert name not in shell("helper", "list", who=lead).out
    assert name in shell("helper", "list", "--all", who=lead).out
    assert "已经下班了" in shell("helper", "revoke", row["id"], who=lead).out


def test_json_has_the_token_and_the_code(shell: Shell, lead: Person) -> None:
    form = ("--name", f"钱{ulid()[-5:]}", "--pack", "returns", "--team", "售后")
    made = json.loads(shell("helper", "invite", *form, "--json", who=lead).out)
    assert made["token"].startswith("att_")
    assert {"code", "link", "expires_at", "buddy"} <= set(made)


def test_a_lead_may_let_a_helper_write_words_of_their_own(shell: Shell, lead: Person) -> None:
    name = f"孙{ulid()[-5:]}"
    shell("helper", "invite", "--name", name, "--pack", "returns", "--free-text", "--json", who=lead)
    listed = json.loads(shell("helper", "list", "--json", who=lead).out)
    assert next(one for one in listed if one["name"] == name)["free_text"] is True


def test_the_list_is_aligned_in_cells(shell: Shell, lead: Person) -> None:
    for name in ("Ed", "欧阳思远"):
        shell("helper", "invite", "--name", name, "--pack", "logistics", who=lead)
    head, *rows = shell("helper", "list", who=lead, lang="en").out.splitlines()
    assert head.split() == ["NAME", "PACK", "BUDDY", "TEAM", "STATE", "OPEN", "TODAY", "UNTIL"]
    places = {row.encode("gb18030").index(b"  ") for row in rows if row.startswith(("Ed ", "欧阳思远"))}
    assert len(places) == 2, "names end where they end"
    starts = {row.encode("gb18030").index(b"logistics") for row in rows if "logistics" in row}
    assert starts == {head.index("PACK")}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("invite", "--name", "李", "--pack", "logistic"), 2, "没有知识包「logistic」；可用：basics-en"),
        (
            ("invite", "--name", "李", "--pack", "logistics", "--buddy", "没这人"),
            2,
            "没有叫「没这人」的核心客服",
        ),
        (("invite", "--name", "林", "--pack", "logistics"), 2, "已经有人叫「林」"),
        (("invite", "--name", " ", "--pack", "logistics"), 2, "1 到 60 个字"),
        (("invite", "--name", "李", "--pack", "logistics", "--hours", "25"), 2, "24"),
        (("invite", "--name", "李"), 2, "--pack"),
        (("revoke", "没这人"), 2, "没有叫「没这人」的支援人员"),
    ],
)
def test_what_cannot_be_is_said(
    shell: Shell, lead: Person, agent: Person, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = shell("helper", *words, who=lead)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err


def test_who_may_not_and_what_is_not_there(shell: Shell, agent: Person, lead: Person) -> None:
    words = ("helper", "list")
    assert shell(*words, who=agent).code == 4
    assert "需要组长的令牌" in shell(*words, who=agent).err
    assert "输错、被收回或已过期" in shell(*words, who="att_gone").err
    assert "wrong, revoked or expired" in shell(*words, who="att_gone", lang="en").err
    away = shell(*words, who=lead, server="http://127.0.0.1:9")
    assert (away.code, "连不上 http://127.0.0.1:9" in away.err) == (3, True)
    assert shell(*words, who=lead, server="desk").code == 2
