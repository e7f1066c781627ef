"""A team's content on the server: checked anew, compared and set, kept entry by entry, packs in force."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agent_tui.domain.team_content import MOST_BYTES, MOST_FILE_BYTES, MOST_FILES
from tests.server.driver import Person, Server, ulid

GOOD = "- id: t-late\n  title: 晚到的说法\n  body: 您好，最晚 ${1:几点} 到。\n"
CASE = "---\nid: t-case\ntitle: 团队的案例\nsimilar: [一, 二, 三]\n---\n## 话术\n\n好的，马上看。\n"
PACK_PATH = "packs/t-pack.yaml"


def files(**texts: str) -> list[dict[str, str]]:
    return [{"path": path, "text": text} for path, text in texts.items()]


def put(who: Person, base: int, **texts: str) -> Any:
    return who.http.put("/v1/content", json={"base": base, "files": files(**texts), "note": "试试"})


def head(who: Person) -> int:
    return int(who.get("/v1/content")["version"])


def published(who: Person, **texts: str) -> dict[str, Any]:
    made = put(who, head(who), **texts)
    assert made.status_code == 200, made.text
    found: dict[str, Any] = made.json()
    return found


def differences(who: Person, version: int) -> dict[str, dict[str, Any]]:
    told = who.get(f"/v1/content/versions/{version}/differences")
    assert told["version"] == version
    return {one["id"]: one for one in told["differences"]}


def code(answer: Any) -> str:
    return str(answer.json()["type"].rsplit("/", 1)[-1])


def test_nothing_is_version_0(fresh: Callable[..., Server]) -> None:
    server = fresh()
    agent, lead = server.person(), server.person("lead")
    assert agent.get("/v1/content")["files"] == []
    assert agent.get("/v1/content/versions") == {"versions": []}
    made = published(lead, **{"snippets/a.yaml": GOOD})
    assert (made["version"], made["by"]["name"], made["note"]) == (1, lead.name, "试试")
    assert lead.http.post("/v1/content/rollback", json={"base": 1, "to": 0}).json()["restored"] == 0
    assert agent.get("/v1/content")["files"] == []


def test_who_has_the_version_is_told_only_that(server: Server, lead: Person) -> None:
    published(lead, **{"a.yaml": GOOD.replace("t-late", f"t-{ulid()}")})
    answer = lead.http.get("/v1/content")
    again = lead.http.get("/v1/content", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_each_version_keeps_what_it_changed_with_the_words_before_and_after(
    server: Server, lead: Person
) -> None:
    first = published(lead, **{"snippets/a.yaml": GOOD, "kb/case.md": CASE})
    sooner = GOOD.replace("最晚", "今天")
    second = published(lead, **{"snippets/b.yaml": sooner, "shop.toml": "[shop]\nname = '云'\n"})
    found = differences(lead, second["version"])
    assert {id: one["change"] for id, one in found.items()} == {
        "t-late": "changed",
        "t-case": "removed",
        "shop.toml": "added",
    }
    late = found["t-late"]
    assert (late["kind"], late["fields"]) == ("snippet", ["body"]), "another file is no other entry"
    assert (late["before"], late["after"]) == ("您好，最晚 ${1:几点} 到。", "您好，今天 ${1:几点} 到。")
    assert found["t-case"]["before"].strip() == "好的，马上看。"
    assert first["version"] + 1 == second["version"]
    assert lead.http.get("/v1/content/versions/99999/differences").status_code == 404


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("snippets/a.yaml", "- id: x\n  title: 好\n", "snippets/a.yaml:1"),
        ("snippets/a.yaml", "- id: x\n  title: 好\n  body: '{{ nobody.knows }}'\n", "snippets/a.yaml:3"),
        ("snippets/a.yaml", "- id: [", "snippets/a.yaml:"),
        ("snippets/a.yaml", "- id: x\n  title: 好\n  body: 好\n  true_when: rainy\n", "snippets/a.yaml:4"),
        ("kb/case.md", "no front matter", "kb/case.md:1"),
        ("packs/p.yaml", "id: p\n", "packs/p.yaml:"),
        ("shop.toml", "[shop]\ncolour = 'red'\n", "shop.toml"),
        ("shop.toml", "[contact.'a b']\nname = 'x'\n", "shop.toml"),
        ("synonyms.toml", 'fine = ["甲", "乙"]\nodd = ["退钱", "还花呗"]\n', "synonyms.toml:2"),
        ("kb/synonyms.toml", 'odd = "退款"\n', "kb/synonyms.toml:1"),
        ("../x.yaml", GOOD, "../x.yaml"),
        ("big.yaml", "#" * (MOST_FILE_BYTES + 1), "big.yaml"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    server: Server, lead: Person, path: str, text: str, place: str
) -> None:
    before = head(lead)
    answer = put(lead, before, **{path: text})
    assert (answer.status_code, code(answer)) == (400, "bad-content"), answer.text
    first = answer.json()["errors"][0]
    assert first["at"].startswith(place)
    assert first["detail"]
    assert head(lead) == before


def test_an_id_stands_once(server: Server, lead: Person) -> None:
    answer = put(lead, head(lead), **{"a.yaml": GOOD, "snippets/b.yaml": GOOD})
    assert "t-late" in answer.json()["errors"][0]["detail"]


def test_the_limits(server: Server, lead: Person) -> None:
    base = head(lead)
    many = put(lead, base, **{f"snippets/{n}.yaml": "" for n in range(MOST_FILES + 1)})
    assert many.status_code == 400
    full = "#" * (MOST_FILE_BYTES - 1)
    heavy = put(lead, base, **{f"{n}.yaml": full for n in range(MOST_BYTES // MOST_FILE_BYTES + 1)})
    assert (heavy.status_code, code(heavy)) == (400, "bad-content")
    crushing = lead.http.put("/v1/content", content=b'{"base":0,"files":[' + b" " * (2 * MOST_BYTES))
    assert crushing.status_code == 413
    assert (
        lead.http.put("/v1/content", json={"base": base, "files": [], "note": "n" * 201}).status_code == 400
    )
    assert head(lead) == base


def test_of_many_who_publish_at_once_one_wins_and_the_others_are_told(server: Server, lead: Person) -> None:
    base = head(lead)
    people = [server.person("lead") for _ in range(5)]

    def publish(who: Person) -> Any:
        return put(who, base, **{"a.yaml": GOOD.replace("t-late", f"t-{ulid()}")})

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(publish, people))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert code(lost) == "content-changed"
    assert winner["by"]["name"] in lost.json()["detail"]
    assert head(lead) == base + 1


def test_packs_of_the_folder_are_in_force_with_it_and_go_with_it(server: Server, lead: Person) -> None:
    helper = server.person("helper")
    text = helper.get("/v1/packs/logistics")["text"].replace("id: logistics\n", "id: t-pack\n")
    base = published(lead, **{"a.yaml": GOOD})["version"]
    made = published(lead, **{"a.yaml": GOOD, PACK_PATH: text})
    cursor = helper.cursor()
    assert helper.get("/v1/packs/t-pack")["by"] == lead.name
    back = lead.http.post("/v1/content/rollback", json={"base": made["version"], "to": base})
    assert back.status_code == 200, back.text
    assert helper.http.get("/v1/packs/t-pack").status_code == 404
    told = [change["event"]["type"] for change in helper.changes(cursor)]
    assert told == ["pack-changed", "content-published"]


def test_what_takes_the_place_of_a_published_entry_waits_for_a_lead(
    server: Server, agent: Person, lead: Person
) -> None:
    id = f"t-{ulid().lower()}"
    published(lead, **{"a.yaml": GOOD.replace("t-late", id)})

    def shared(who: Person) -> str:
        body = {"kind": "snippet", "title": "另一种说法", "body": "您好。"}
        return str(who.http.put(f"/v1/entries/{id}", json=body).json()["state"])

    assert shared(agent) == "proposed"
    assert shared(lead) == "shared"
    published(lead, **{"b.yaml": GOOD})
    assert shared(agent) == "shared", "the team has it no longer"


def test_content_outlives_the_server(alone: Callable[..., Server]) -> None:
    server = alone()
    lead = server.person("lead")
    made = published(lead, **{"a.yaml": GOOD})
    server.end()
    server.start()
    again = server.person("agent").get("/v1/content")
    assert (again["digest"], again["files"]) == (made["digest"], files(**{"a.yaml": GOOD}))
