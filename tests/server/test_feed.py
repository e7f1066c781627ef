"""The feed: nothing skipped, nothing twice, in the order of commits, for each reader what they may see."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from agent_tui.server.commands.timers import Timers
from agent_tui.server.context import ServerLimits
from agent_tui.server.http.app import ServerOptions, open_house
from tests.patience import WAIT
from tests.server.driver import Channel, Person, Server, text, ulid


def ids(changes: list[dict[str, Any]], kind: str = "message-added") -> list[str]:
    return [c["event"]["message"]["id"] for c in changes if c["event"]["type"] == kind]


def test_every_message_and_change_is_in_the_feed(agent: Person, channel: Channel) -> None:
    cursor = agent.cursor()
    taken = channel.say(ulid(), "在吗")
    reply = agent.reply(taken["ticket"], "您好")
    mine = [
        c["event"]
        for c in agent.changes(cursor)
        if c["event"].get("ticket", {}).get("id") == taken["ticket"]
        or c["event"].get("message", {}).get("ticket") == taken["ticket"]
    ]
    kinds = [event["type"] for event in mine]
    assert kinds == ["ticket-changed", "message-added", "message-added", "ticket-changed"]
    assert mine[2]["message"]["id"] == reply["id"]
    assert mine[3]["ticket"] == {k: v for k, v in agent.ticket(taken["ticket"]).items() if "detail" not in k}


def test_pages_join_without_a_gap(agent: Person, channel: Channel) -> None:
    cursor = agent.cursor()
    ticket = channel.say(ulid(), "在吗")["ticket"]
    for i in range(10):
        agent.applied("add-note", ticket=ticket, parts=text(str(i)))
    whole = agent.changes(cursor, 1000)
    assert agent.changes(cursor, 3)[: len(whole)] == whole
    page = agent.get("/v1/changes", after=cursor, limit=3)
    assert page["more"] is True
    assert page["cursor"] == page["changes"][-1]["cursor"]
    end = agent.get("/v1/changes", after=agent.cursor())
    assert end["more"] is False


@pytest.mark.parametrize(
    "cursor", ["", "x", "0.0", "zz.1", "{}.99999999", "{}.-1", "{}.1.1", "{}.01", "{}", "é.1"]
)
def test_a_cursor_that_cannot_be_resumed_is_gone(agent: Person, cursor: str) -> None:
    epoch = agent.cursor().split(".")[0]
    for path in ("/v1/changes", "/v1/changes/stream"):
        answer = agent.http.get(path, params={"after": cursor.format(epoch)})
        assert answer.status_code == 410, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/cursor-lost")


def test_a_feed_wants_a_cursor_and_a_sane_limit(agent: Person) -> None:
    assert agent.http.get("/v1/changes").status_code == 400
    assert agent.http.get("/v1/changes/stream").status_code == 400
    cursor = agent.cursor()
    for limit in ("0", "1001", "-1", "x", "1e3"):
        answer = agent.http.get("/v1/changes", params={"after": cursor, "limit": limit})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["at"] == "limit"


def test_the_stream_says_the_same_as_the_pages(agent: Person, channel: Channel) -> None:
    cursor = agent.cursor()
    ticket = channel.say(ulid(), "在吗")["ticket"]
    agent.applied("add-note", ticket=ticket, parts=text("早"))
    with agent.stream(cursor) as changes:
        agent.applied("add-note", ticket=ticket, parts=text("晚"))
        paged = agent.changes(cursor)
        assert [next(changes) for _ in paged] == paged
    with agent.stream("nonsense", **{"Last-Event-ID": paged[1]["cursor"]}) as changes:
        assert next(changes) == paged[2], "Last-Event-ID wins over after"


def test_frames_have_an_id_and_no_event_line(agent: Person, channel: Channel) -> None:
    cursor = agent.cursor()
    channel.say(ulid(), "在吗")
    with agent.http.stream("GET", "/v1/changes/stream", params={"after": cursor}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        frame = [line for line in (next(lines) for _ in range(6)) if line and not line.startswith(":")]
    assert frame[0].startswith("id: ")
    assert json.loads(frame[1][6:])["cursor"] == frame[0][4:]
    assert not any(line.startswith("event:") for line in frame)


def test_a_helper_is_told_of_their_own_tickets_only_and_masked(
    server: Server, agent: Person, lead: Person, channel: Channel
) -> None:
    helper = server.person("helper")
    cursor = helper.cursor()
    customer = ulid()
    taken = channel.say(customer, "我的电话13812345678")
    ticket = taken["ticket"]
    agent.reply(ticket, "好的")
    assert [c for c in helper.changes(cursor) if "seat" not in c["event"]] == []
    version = agent.ticket(ticket)["version"]
    lead.applied("transfer", ticket=ticket, version=version, assignee=helper.id, reason="请帮忙")
    told = [c["event"] for c in helper.changes(cursor)]
    words = [e["message"]["parts"][0].get("text") for e in told if e["type"] == "message-added"]
    assert "我的电话138****5678" in words
    assert "好的" in words
    shown = next(e["ticket"] for e in told if e["type"] == "ticket-changed")
    assert shown["customer"]["name"] == "王*"
    helper.reply(ticket, "我来处理")
    lead.applied(
        "transfer", ticket=ticket, version=lead.ticket(ticket)["version"], assignee=agent.id, reason="谢谢"
    )
    assert {"type": "gone", "ticket": ticket} in [c["event"] for c in helper.changes(cursor)]
    after_gone = helper.cursor()
    agent.reply(ticket, "之后的话")
    assert [c for c in helper.changes(after_gone) if "seat" not in c["event"]] == []
    assert all(c["event"]["type"] != "gone" for c in agent.changes(cursor))


def test_the_stream_of_a_helper_is_masked(server: Server, lead: Person, channel: Channel) -> None:
    helper = server.person("helper")
    cursor = helper.cursor()
    ticket = channel.say(ulid(), "电话13812345678")["ticket"]
    lead.applied("transfer", ticket=ticket, version=1, assignee=helper.id, reason="请")
    with helper.stream(cursor) as changes:
        for change in changes:
            assert "13812345678" not in json.dumps(change)
            if (
                change["event"]["type"] == "message-added"
                and "text" in change["event"]["message"]["parts"][0]
            ):
                break
    assert helper.changes(cursor)


async def _keep_only(server: Server, lines: int) -> None:
    options = ServerOptions(data=server.data, database=server.database, limits=ServerLimits(keep_lines=lines))
    house = await open_house(options)
    await Timers(house).prune()
    await house.database.aclose()


def test_old_lines_are_forgotten_and_say_so(server: Server, agent: Person, channel: Channel) -> None:
    first = agent.cursor()
    for _ in range(20):
        channel.say(ulid(), "一")
    middle = agent.cursor()
    channel.say(ulid(), "二")
    kept = agent.changes(middle)
    # Seats may speak in between: keep a few lines more than those.
    asyncio.run(_keep_only(server, len(kept) + 20))
    assert agent.http.get("/v1/changes", params={"after": first}).status_code == 410
    assert agent.changes(middle)[: len(kept)] == kept


WRITERS, NOTES = 8, 8


async def _write(url: str, token: str, ticket: str, notes: int) -> list[str]:
    made = [ulid() for _ in range(notes)]
    async with httpx.AsyncClient(base_url=url, timeout=WAIT, trust_env=False) as http:
        for id in made:
            command = {"type": "add-note", "id": id, "ticket": ticket, "parts": text(id)}
            answer = await http.post(
                "/v1/commands", json={"commands": [command]}, headers={"Authorization": f"Bearer {token}"}
            )
            assert answer.json()["outcomes"][0]["outcome"] == "applied", answer.text
    return made


async def _page(url: str, token: str, cursor: str, wanted: int) -> list[str]:
    """A reader who asks again and again, a few lines at a time."""
    got: list[str] = []
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=WAIT, trust_env=False) as http:
        while len(got) < wanted:
            page = (await http.get("/v1/changes", params={"after": cursor, "limit": 7})).json()
            got += ids(page["changes"])
            cursor = page["cursor"]
    return got


async def _listen(url: str, token: str, cursor: str, wanted: int) -> list[str]:
    got: list[str] = []
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=WAIT, trust_env=False) as http,
        http.stream("GET", "/v1/changes/stream", params={"after": cursor}) as answer,
    ):
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                got += ids([json.loads(line[6:])])
            if len(got) >= wanted:
                break
    return got


async def _race(
    servers: list[Server], tokens: list[str], tickets: list[str], cursor: str, notes: int
) -> None:
    urls = [server.url for server in servers]
    wanted = len(tokens) * notes
    readers = [_page(url, tokens[0], cursor, wanted) for url in urls]
    readers += [_listen(url, tokens[0], cursor, wanted) for url in urls]
    writers = [
        _write(urls[i % len(urls)], token, tickets[i % len(tickets)], notes) for i, token in enumerate(tokens)
    ]
    done = await asyncio.gather(*readers, *writers)
    seen, made = done[: len(readers)], done[len(readers) :]
    assert sorted(seen[0]) == sorted(id for some in made for id in some)
    assert all(one == seen[0] for one in seen), "every reader sees the same order"
    for some in made:
        assert [id for id in seen[0] if id in set(some)] == some, "a writer's own order is kept"


def test_no_reader_skips_a_change_under_many_writers(fresh: Any) -> None:
    server = fresh("--rate", "10000")
    channel = server.channel()
    tokens = [server.person().token for _ in range(WRITERS)]
    tickets = [channel.say(f"c{i}", "在吗")["ticket"] for i in range(5)]
    cursor = server.person().cursor()
    asyncio.run(_race([server], tokens, tickets, cursor, NOTES))


@pytest.mark.torture
def test_no_reader_skips_a_change_for_long(fresh: Any) -> None:
    server = fresh("--rate", "10000")
    channel = server.channel()
    tokens = [server.person().token for _ in range(24)]
    tickets = [channel.say(f"c{i}", "在吗")["ticket"] for i in range(7)]
    cursor = server.person().cursor()
    asyncio.run(_race([server], tokens, tickets, cursor, 40))


@pytest.mark.postgres
def test_two_processes_on_one_database_are_one(postgres: Any, tmp_path: Any) -> None:
    url = postgres()
    first, second = (Server(tmp_path / name, url, "--rate", "10000") for name in ("a", "b"))
    try:
        first.start()
        second.start()
        channel = first.channel()
        tokens = [first.person().token for _ in range(WRITERS)]
        tickets = [channel.say(f"c{i}", "在吗")["ticket"] for i in range(5)]
        cursor = first.person().cursor()
        asyncio.run(_race([first, second], tokens, tickets, cursor, NOTES))
        here, there = first.person(), second.person()
        there.get("/v1/me")
        with there.stream(there.cursor()) as changes:
            sent = here.reply(tickets[0], "跨进程")
            assert any(sent["id"] in ids([change]) for change in changes)
    finally:
        first.end()
        second.end()
