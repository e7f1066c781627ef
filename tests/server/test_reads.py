"""Reads: snapshot, pages, search, files; what a role may not see is not there."""

from typing import Any

import httpx
import pytest

from tests.server.driver import Channel, Person, Server, text, ulid


def test_who_am_i(server: Server) -> None:
    person = server.person("lead")
    assert person.get("/v1/me") == {
        "id": person.id,
        "name": person.name,
        "role": "lead",
        "availability": "online",
    }
    person.applied("set-availability", availability="busy")
    assert person.get("/v1/me")["availability"] == "busy"


def test_a_snapshot_and_the_feed_behind_it_make_the_state(agent: Person, channel: Channel) -> None:
    ticket, closed = channel.say(ulid(), "在吗")["ticket"], channel.say(ulid(), "算了")["ticket"]
    agent.applied("set-status", ticket=closed, status="closed", version=1)
    snapshot = agent.get("/v1/snapshot")
    shown = {t["id"]: t for t in snapshot["tickets"]}
    assert ticket in shown
    assert closed not in shown
    agent.reply(ticket, "您好")
    for change in agent.changes(snapshot["cursor"]):
        if change["event"]["type"] == "ticket-changed":
            shown[change["event"]["ticket"]["id"]] = change["event"]["ticket"]
    now = {t["id"]: t for t in agent.get("/v1/snapshot")["tickets"]}
    assert {id: t for id, t in shown.items() if t["status"] != "closed"} == now
    assert {"floor", "seats", "me"} <= set(snapshot)


def test_tickets_page_by_page_closed_ones_too(agent: Person, channel: Channel) -> None:
    made = [channel.say(ulid(), "在吗")["ticket"] for _ in range(7)]
    agent.applied("set-status", ticket=made[0], status="closed", version=1)
    found, after = [], None
    while True:
        page = agent.get("/v1/tickets", limit=3, **({"after": after} if after else {}))
        found += [t["id"] for t in page["tickets"]]
        after = page["next"]
        if after is None:
            break
    assert [id for id in found if id in made] == made
    assert len(set(found)) == len(found)


def test_messages_page_backwards(agent: Person, channel: Channel) -> None:
    ticket = channel.say(ulid(), "0")["ticket"]
    for i in range(1, 8):
        agent.applied("add-note", ticket=ticket, parts=text(str(i)))
    path = f"/v1/tickets/{ticket}/messages"
    last = agent.get(path, limit=3)
    assert [m["parts"][0]["text"] for m in last["messages"]] == ["5", "6", "7"]
    assert last["more"] is True
    rest = agent.get(path, limit=200, before=last["messages"][0]["id"])
    assert [m["parts"][0]["text"] for m in rest["messages"]] == ["0", "1", "2", "3", "4"]
    assert rest["more"] is False
    assert agent.http.get(path, params={"limit": "201"}).status_code == 400
    assert agent.http.get(path, params={"before": "nonsense"}).status_code == 404
    assert agent.http.get("/v1/tickets/nowhere/messages").status_code == 404


@pytest.mark.parametrize("piece", ["羽绒", "绒服能", "ABC-7", "abc-7", "100%_ok", "é ü"])
def test_search_finds_a_piece_of_what_was_said(agent: Person, channel: Channel, piece: str) -> None:
    mark = ulid()
    ticket = channel.say(mark, f"这件羽绒服能退吗 Abc-7{mark} 100%_OK É Ü {mark}")["ticket"]
    agent.applied("set-status", ticket=ticket, status="closed", version=1)
    assert ticket in [t["id"] for t in agent.get("/v1/search", q=piece)["tickets"]]
    assert [t["id"] for t in agent.get("/v1/search", q=mark.lower())["tickets"]] == [ticket]


def test_search_finds_names_and_numbers(agent: Person, channel: Channel) -> None:
    customer = ulid()
    number = f"E{ulid()[-9:]}"
    ticket = channel.say(customer, "在吗", order=number)["ticket"]
    named = agent.ticket(ticket)
    for piece in (named["customer"]["name"], number, number[2:7].lower(), f"#{named['number']:02}"):
        assert ticket in [t["id"] for t in agent.get("/v1/search", q=piece)["tickets"]], piece
    agent.applied("add-note", ticket=ticket, parts=text(f"备注{customer}"))
    assert [t["id"] for t in agent.get("/v1/search", q=f"注{customer}")["tickets"]] == [ticket]
    for bad in ("", "x"):
        answer = agent.http.get("/v1/search", params={"q": bad})
        assert answer.json()["errors"][0]["at"] == "q"
    assert agent.http.get("/v1/search").status_code == 400


def test_a_helper_reads_masked_and_cannot_search_behind_the_mask(
    server: Server, lead: Person, channel: Channel
) -> None:
    helper, customer = server.person("helper"), ulid()
    ticket = channel.say(customer, "打给我13812345678谢谢")["ticket"]
    channel.http.put(
        f"/v1/customers/{customer}",
        json={
            "name": "王小明",
            "tier": "vip",
            "phone": "13812345678",
            "address": "浙江省杭州市西湖区文一路1号",
        },
    )
    assert helper.http.get(f"/v1/tickets/{ticket}").status_code == 404
    assert helper.http.get(f"/v1/tickets/{ticket}/messages").status_code == 404
    assert helper.get("/v1/snapshot")["tickets"] == []
    version = lead.ticket(ticket)["version"]
    lead.applied("transfer", ticket=ticket, version=version, assignee=helper.id, reason="请")
    detail = helper.ticket(ticket)
    assert detail["customer"]["name"] == "王*"
    assert detail["customer_detail"]["phone"] == "138****5678"
    assert detail["customer_detail"]["address"] == "浙江省杭州市西湖区***"
    everything = (
        helper.http.get("/v1/snapshot").text
        + helper.http.get("/v1/tickets").text
        + helper.http.get(f"/v1/tickets/{ticket}").text
        + helper.http.get(f"/v1/tickets/{ticket}/messages").text
        + helper.http.get("/v1/search", params={"q": "打给我"}).text
    )
    assert "138****5678" in everything
    for secret in ("13812345678", "王小明", "文一路"):
        assert secret not in everything
    assert [t["id"] for t in helper.get("/v1/search", q="打给我")["tickets"]] == [ticket]
    assert helper.get("/v1/search", q="13812345678")["tickets"] == []
    assert helper.get("/v1/search", q="王小明")["tickets"] == []


def test_files_are_seen_by_whom_their_messages_are_seen(
    server: Server, agent: Person, lead: Person, channel: Channel
) -> None:
    helper, other = server.person("helper"), server.channel()
    upload = channel.http.post(
        "/v1/files?name=破损.jpg", content=b"\xff\xd8jpeg", headers={"content-type": "image/jpeg"}
    )
    info = upload.json()
    assert (upload.status_code, info["name"], info["type"], info["size"]) == (
        201,
        "破损.jpg",
        "image/jpeg",
        6,
    )
    path = f"/v1/files/{info['id']}"
    assert channel.http.get(path).content == b"\xff\xd8jpeg"
    for stranger in (agent.http, helper.http, other.http):
        assert stranger.get(path).status_code == 404
    body = {**channel.body(ulid(), "x"), "parts": [{"type": "image", "file": info}]}
    ticket = channel.post(body).json()["ticket"]
    got = agent.http.get(path)
    assert got.status_code == 200
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert helper.http.get(path).status_code == 404
    lead.applied("transfer", ticket=ticket, version=1, assignee=helper.id, reason="请")
    assert helper.http.get(path).status_code == 200
    assert helper.http.post("/v1/files?name=x", content=b"x").status_code == 403
    assert agent.http.get("/v1/files/nowhere").status_code == 404


def test_a_reply_carries_only_files_its_sender_sees(server: Server, agent: Person, channel: Channel) -> None:
    ticket = channel.say(ulid(), "在吗")["ticket"]
    mine = agent.http.post(
        "/v1/files?name=尺码.png", content=b"png", headers={"content-type": "image/png"}
    ).json()
    secret = channel.http.post("/v1/files", content=b"secret").json()
    parts = [{"type": "image", "file": secret}]
    assert agent.refused("send-reply", ticket=ticket, parts=parts) == "unknown-file"
    agent.applied("send-reply", ticket=ticket, parts=[{"type": "image", "file": mine}])
    assert server.person().http.get(f"/v1/files/{mine['id']}").content == b"png"


def test_what_a_browser_would_run_is_only_bytes(agent: Person) -> None:
    info = agent.http.post(
        "/v1/files?name=x.html", content=b"<script>", headers={"content-type": "text/html"}
    )
    assert info.json()["type"] == "application/octet-stream"
    assert agent.http.post("/v1/files?name=x", content=b"x" * ((20 << 20) + 1)).status_code == 413
    assert agent.http.post("/v1/files?name=x", content=b"x" * (20 << 20)).status_code == 201


ALL = {"helper", "agent", "lead", "admin", "channel"}
TEAM = ALL - {"channel"}
ROUTES = [
    ("GET", "/v1/me", TEAM),
    ("GET", "/v1/snapshot", TEAM),
    ("GET", "/v1/tickets", TEAM),
    ("GET", "/v1/tickets/x", TEAM),
    ("GET", "/v1/tickets/x/messages", TEAM),
    ("GET", "/v1/search?q=xx", TEAM),
    ("GET", "/v1/changes?after=x", TEAM),
    ("GET", "/v1/changes/stream?after=x", TEAM),
    ("GET", "/v1/files/x", ALL),
    ("POST", "/v1/commands", TEAM),
    ("POST", "/v1/files", TEAM - {"helper"} | {"channel"}),
    ("PUT", "/v1/customers/x", {"channel"}),
    ("PUT", "/v1/customers", {"channel"}),
    ("PUT", "/v1/orders/x", {"channel"}),
    ("PUT", "/v1/orders", {"channel"}),
]


@pytest.fixture(scope="module")
def by_role(server: Server) -> dict[str, httpx.Client]:
    found = {role: server.person(role).http for role in TEAM}
    return found | {"channel": server.channel().http}


@pytest.mark.parametrize(("method", "path", "may"), ROUTES)
def test_each_role_reaches_its_routes(
    by_role: dict[str, httpx.Client], method: str, path: str, may: set[str]
) -> None:
    for role in ALL:
        status = by_role[role].request(method, path).status_code
        assert (status != 403) == (role in may), f"{role} {method} {path}: {status}"
        assert status < 500
    bare = httpx.request(method, str(by_role["agent"].base_url.join(path)), trust_env=False)
    assert bare.status_code == 401
    assert bare.headers["www-authenticate"] == "Bearer"
    wrong = {"Authorization": "Bearer att_nonsense"}
    assert by_role["agent"].request(method, path, headers=wrong).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/tickets/%00", 404),
        ("GET", "/v1/tickets/%F0%9F%98%80", 404),
        ("DELETE", "/v1/me", 405),
        ("PATCH", "/v1/commands", 405),
        ("GET", "/v1/tickets?after=%00", 400),
        ("GET", "/v1/tickets?limit=99999999999", 400),
        ("GET", "/v1/search?q=%00", 400),
    ],
)
def test_every_4xx_is_a_problem(agent: Person, method: str, path: str, status: int) -> None:
    answer = agent.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["type"].startswith("https://")


def test_a_body_must_be_json(agent: Person) -> None:
    for media, status in (
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json", 400),
    ):
        answer = agent.http.post("/v1/commands", content=b"a=1", headers={"content-type": media})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_too_many_requests_are_told_when_to_come_back(alone: Any) -> None:
    server = alone("--rate", "5")
    person, other = server.person(), server.person()
    answers = [person.http.get("/v1/me") for _ in range(30)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert other.http.get("/v1/me").status_code == 200
