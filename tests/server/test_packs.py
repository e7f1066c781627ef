"""Packs: published by a lead, read by all, in force at once, refused with the place of what is wrong."""

from pathlib import Path
from typing import Any

import pytest

from agent_tui.knowledge.packs.reading import built_in_packs
from tests.server.driver import Person, ulid

BUILT_IN: Path = built_in_packs()


@pytest.fixture
def pack() -> tuple[str, str]:
    id = f"p{ulid()[-8:].lower()}"
    text = (BUILT_IN / "logistics.yaml").read_text("utf-8")
    return id, text.replace("id: logistics", f"id: {id}", 1)


def put(person: Person, id: str, text: str | bytes) -> Any:
    content = text.encode() if isinstance(text, str) else text
    headers = {"content-type": "application/yaml"}
    return person.http.put(f"/v1/packs/{id}", content=content, headers=headers)


def test_a_pack_is_published_changed_and_revoked(lead: Person, agent: Person, pack: tuple[str, str]) -> None:
    id, text = pack
    after = agent.cursor()
    first = put(lead, id, text).json()
    assert put(lead, id, text).json() == first, "the same text changes nothing"
    second = put(lead, id, text + "# 改\n").json()
    assert second["version"] == first["version"] + 1
    read = agent.get(f"/v1/packs/{id}")
    assert (read["text"], read["version"], read["by"]) == (text + "# 改\n", second["version"], lead.name)
    listed = {one["id"]: one for one in agent.get("/v1/packs")["packs"]}
    assert listed[id]["origin"] == "published"
    assert listed["logistics"]["origin"] == "built-in"
    assert lead.http.delete(f"/v1/packs/{id}").status_code == 200
    assert agent.http.get(f"/v1/packs/{id}").status_code == 404
    assert lead.http.delete(f"/v1/packs/{id}").status_code == 404
    third = put(lead, id, text).json()
    assert third["version"] == second["version"] + 1
    told = [c["event"] for c in agent.changes(after) if c["event"]["type"] == "pack-changed"]
    mine = [(one["version"], one["revoked"]) for one in told if one["pack"] == id]
    versions = [first["version"], second["version"], second["version"], third["version"]]
    assert mine == list(zip(versions, (False, False, True, False), strict=True))


def test_what_is_wrong_is_named_with_its_line(lead: Person, pack: tuple[str, str]) -> None:
    id, text = pack
    answer = put(lead, id, text.replace("field: logistics", "field: shipping"))
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"].endswith("/bad-pack")
    assert problem["errors"][0]["at"] == "field"
    assert problem["errors"][0]["detail"].startswith("line ")
    broken = put(lead, id, "id: [").json()
    assert broken["errors"][0]["at"] == "body"
    other = put(lead, "another", text)
    assert (other.status_code, other.json()["errors"][0]["at"]) == (400, "id")
    assert put(lead, id, b"\xff\xfe").status_code == 400
    assert put(lead, id, b"x" * (201 << 10)).status_code == 413


def test_a_helper_reads_packs(server: Any, pack: tuple[str, str]) -> None:
    assert "text" in server.person("helper").get("/v1/packs/logistics")
