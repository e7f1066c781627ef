"""The process: its command line, its end, its death, and two of it on one database."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text as sql

from agent_tui.domain.models import Role
from agent_tui.server.http.process import GRACE
from agent_tui.server.store import knowledge_tables
from agent_tui.server.store.database.opening import open_database, url_of
from tests.patience import WAIT, until
from tests.server.driver import Receiver, Server, text, ulid

pytestmark = pytest.mark.torture


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent_tui", "serve", *arguments], capture_output=True, text=True, timeout=WAIT
    )


def test_tokens_and_channels_from_the_command_line(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path)]
    made = [
        json.loads(run("token", "create", *data, "--name", "小林", "--role", role, "--json").stdout)
        for role in ("agent", "agent")
    ]
    assert set(made[0]) == {"token", "id", "name", "role"}
    assert made[0]["id"] == made[1]["id"], "the same name is the same person"
    assert made[0]["token"] != made[1]["token"]
    server = Server(tmp_path).start()
    try:
        beside = run(
            "channel", "create", *data, "--name", "web", "--webhook", "http://127.0.0.1:9/x", "--json"
        )
        channel = json.loads(beside.stdout)
        assert set(channel) == {"name", "token", "secret"}
        assert channel["secret"].startswith("whsec_")
        for token in (made[0]["token"], made[1]["token"]):
            answer = httpx.get(server.url + "/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert answer.json()["name"] == "小林"
        bearer = {"Authorization": f"Bearer {channel['token']}"}
        customer = {"name": "李雷", "tier": "vip"}
        assert httpx.put(server.url + "/v1/customers/c", json=customer, headers=bearer).status_code == 200
    finally:
        server.end()
    assert run("token", "create", *data, "--name", "x", "--role", "king").returncode != 0
    assert run("channel", "create", *data, "--name", "web", "--webhook", "ftp://x").returncode != 0


def test_tokens_are_not_stored(tmp_path: Path) -> None:
    server = Server(tmp_path)
    made = server.make(lambda admin: admin.create_token("小林", Role.AGENT))
    server.end()
    assert made.token.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_revoked_token_ends_within_a_second(server: Server) -> None:
    person = server.person()
    assert person.http.get("/v1/me").status_code == 200
    rows = server.make(lambda admin: admin.tokens())
    id = next(row.token_id for row in rows if row.name == person.name)
    assert server.make(lambda admin: admin.revoke_token(id)) is True
    until(lambda: person.http.get("/v1/me").status_code == 401)


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("--data", str(tmp_path), "--port", str(port))
    assert ended.returncode != 0
    assert str(port) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_bad_policy_names_the_place(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[limits]\ncapacity = -1\n")
    ended = run("--data", str(tmp_path), "--policy", str(policy))
    assert ended.returncode != 0
    assert "limits.capacity" in ended.stderr


def test_it_ends_with_streams_open(alone: Any) -> None:
    server = alone()
    person = server.person()
    with person.stream(person.cursor()):
        assert server.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    # What a stream may hold up the end for; the contract gives all of it five seconds.
    assert GRACE < 5


def test_health_without_a_token(server: Server) -> None:
    for path in ("/healthz", "/readyz", "/openapi.json"):
        assert httpx.get(server.url + path).status_code == 200


def test_what_was_answered_survives_a_kill_and_is_delivered_once(fresh: Any, receiver: Receiver) -> None:
    server = fresh()
    channel, agent = server.channel(receiver.url), server.person()
    receiver.secret = channel.secret
    ticket = channel.say("c1", "在吗")["ticket"]
    receiver.answers["c1"] = [503] * 4
    made = [agent.reply(ticket, str(i))["id"] for i in range(10)]
    first = receiver.next()[0]["webhook-id"]
    server.end(signal.SIGKILL)
    receiver.answers["c1"] = []
    server.start()
    heard = [first]
    while heard[-1] != made[-1]:
        heard.append(receiver.next()[0]["webhook-id"])
    assert list(dict.fromkeys(heard)) == made, "all of them, in order"
    again = server.person(name=agent.name)

    def states() -> set[str]:
        messages = again.get(f"/v1/tickets/{ticket}/messages")["messages"]
        return {m["state"] for m in messages if m["kind"] == "reply"}

    until(lambda: states() == {"delivered"})
    assert receiver.heard.empty()


def test_a_lost_seat_returns_its_waiting_chats(fresh: Any, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[limits]\nseat_kept = 1\n")
    server = fresh("--policy", str(policy))
    channel, lost, watcher = server.channel(), server.person(), server.person()
    waiting, answered = channel.say("c1", "在吗")["ticket"], channel.say("c2", "在吗")["ticket"]
    lost.applied("claim", ticket=waiting, version=1)
    lost.reply(answered, "您好")
    with watcher.stream(watcher.cursor()) as changes:
        for change in changes:
            seat = change["event"].get("seat")
            if seat and seat["id"] == lost.id and not seat["connected"]:
                break
    assert watcher.ticket(waiting)["assignee"] is None
    assert watcher.ticket(answered)["assignee"]["id"] == lost.id
    last = watcher.get(f"/v1/tickets/{waiting}/messages")["messages"][-1]
    assert (last["author"]["kind"], last["parts"][0]["label"]) == ("system", "seat-released")
    seats = {seat["id"]: seat["connected"] for seat in watcher.get("/v1/snapshot")["seats"]}
    assert seats == {lost.id: False, watcher.id: True}


def test_the_emergency_level_ranks_anew(server: Server, lead: Any) -> None:
    channel = server.channel()
    ticket = channel.say(ulid(), "我要投诉！！", tier="vip")["ticket"]
    before = lead.ticket(ticket)
    try:
        lead.applied("set-emergency", level=3)
        reasons = until(
            lambda: [
                p["reason"] for p in lead.ticket(ticket)["urgency"]["parts"] if "emergency" in p["reason"]
            ]
        )
        assert reasons == ["emergency-3"]
        assert lead.get("/v1/snapshot")["floor"]["level"] == 3
        assert lead.ticket(ticket)["version"] == before["version"] + 1
        lead.applied("set-status", ticket=ticket, status="open", version=before["version"])
    finally:
        lead.applied("set-emergency", level=0)


async def _differences(data: Path, url: str | None) -> list[Any]:
    database = open_database(url_of(data, url))
    await database.migrate()
    async with database.reading() as conn:
        found = await conn.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), knowledge_tables.metadata)
        )
    await database.aclose()
    return list(found)


def test_the_migrations_make_the_tables(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = request.getfixturevalue("postgres")() if backend == "postgres" else None
    assert asyncio.run(_differences(tmp_path, url)) == []


@pytest.mark.postgres
def test_processes_that_start_at_once_do_not_collide(postgres: Any, tmp_path: Path) -> None:
    url = postgres()
    servers = [Server(tmp_path / name, url) for name in "ab"]
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(Server.start, servers))
        here, there = servers[0].person(), servers[1].person()
        channel = servers[0].channel()
        ticket = channel.say("c1", "在吗")["ticket"]
        with there.stream(there.cursor()) as changes:
            sent = here.reply(ticket, "您好")["id"]
            assert any(change["event"].get("message", {}).get("id") == sent for change in changes)
        command = {"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text("同一条")}
        twin = servers[1].person(name=here.name)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda person: person.send(command), (here, twin)))
        assert answers[0] == answers[1]
    finally:
        for server in servers:
            server.end()


@pytest.mark.postgres
def test_it_comes_back_when_the_database_does(postgres: Any, tmp_path: Path) -> None:
    url = postgres()
    server = Server(tmp_path, url).start()
    try:
        channel, agent = server.channel(), server.person()
        ticket = channel.say("c1", "在吗")["ticket"]
        asyncio.run(_cut_all(url))
        command = {"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text("断线之后")}
        body = {"commands": [command]}
        until(lambda: agent.http.post("/v1/commands", json=body).status_code == 200)
        with agent.stream(agent.cursor()) as changes:
            note = agent.applied("add-note", ticket=ticket, parts=text("又好了"))
            assert any(c["event"].get("message", {}).get("id") == note["id"] for c in changes)
    finally:
        server.end()


async def _cut_all(url: str) -> None:
    database = open_database(url)

    async def cut(conn: Any) -> None:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        await conn.execute(sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))

    await database.write(cut)
    await database.aclose()


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    ended = run("--data", str(tmp_path), "--port", "0", "--database", "postgresql+asyncpg://u@127.0.0.1:9/x")
    assert ended.returncode != 0
    assert "--database" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
def test_a_database_address_may_name_the_driver_of_old_versions(tmp_path: Path, scheme: str) -> None:
    address = f"{scheme}:///{tmp_path}/desk.db"
    made = run("token", "create", "--database", address, "--name", "小林", "--json")
    assert made.returncode == 0, made.stderr
    listed = run("token", "list", "--database", address)
    assert "小林" in listed.stdout
    assert (tmp_path / "desk.db").exists()
