"""Commands: one outcome each, final for an id, refused in stable words, in conflict when the ticket moved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.driver import Channel, Person, Server, text, ulid


@pytest.fixture
def ticket(channel: Channel) -> str:
    return channel.say(ulid(), "在吗")["ticket"]


def test_a_reply_claims_the_ticket_and_keeps_its_promise(agent: Person, ticket: str) -> None:
    outcome = agent.reply(ticket, "您好")
    after = agent.ticket(ticket)
    assert (outcome["ticket"], outcome["version"]) == (ticket, 2)
    assert after["assignee"] == {"id": agent.id, "name": "小林"}
    assert (after["status"], after["version"]) == ("open", 2)
    assert after["promises"][0]["state"] == "kept"
    messages = agent.get(f"/v1/tickets/{ticket}/messages")["messages"]
    assert [m["kind"] for m in messages] == ["customer", "reply"]
    assert messages[1]["id"] == outcome["id"]


def test_the_same_id_repeats_the_same_answer(agent: Person, ticket: str) -> None:
    command = {"type": "send-reply", "id": ulid(), "ticket": ticket, "parts": text("一次")}
    first = agent.send(command)
    agent.applied("add-note", ticket=ticket, parts=text("之后"))
    assert agent.send(command) == first
    replies = [m for m in agent.get(f"/v1/tickets/{ticket}/messages")["messages"] if m["kind"] == "reply"]
    assert len(replies) == 1


def test_a_refusal_is_final_too(agent: Person, ticket: str) -> None:
    agent.applied("set-status", ticket=ticket, status="closed", version=1)
    command = {"type": "send-reply", "id": ulid(), "ticket": ticket, "parts": text("晚了")}
    first = agent.send(command)
    assert first[0]["outcome"] == "refused"
    assert first[0]["problem"]["type"].endswith("/ticket-closed")
    assert agent.send(command) == first


def test_an_id_is_taken_by_other_content_and_by_another_person(
    agent: Person, lead: Person, ticket: str
) -> None:
    command = {"type": "send-reply", "id": ulid(), "ticket": ticket, "parts": text("甲")}
    agent.send(command)
    other = agent.send({**command, "parts": text("乙")})[0]
    stranger = lead.send(command)[0]
    for outcome in (other, stranger):
        assert outcome["outcome"] == "refused"
        assert outcome["problem"]["type"].endswith("/id-taken")
    assert agent.send(command)[0]["outcome"] == "applied"


def test_the_id_of_a_customers_message_is_taken(agent: Person, channel: Channel) -> None:
    taken = channel.say(ulid(), "你好")
    command = {"type": "send-reply", "id": taken["message"], "ticket": taken["ticket"], "parts": text("x")}
    assert agent.send(command)[0]["problem"]["type"].endswith("/id-taken")


def test_the_same_command_at_once_is_done_once(server: Server, ticket: str) -> None:
    people = [server.person(name="同一个人") for _ in range(6)]
    command = {"type": "send-reply", "id": ulid(), "ticket": ticket, "parts": text("同时")}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda person: person.send(command), people))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0]["outcome"] == "applied"
    messages = people[0].get(f"/v1/tickets/{ticket}/messages")["messages"]
    assert [m["id"] for m in messages].count(command["id"]) == 1


def test_a_conflict_says_what_changed(agent: Person, lead: Person, ticket: str) -> None:
    lead.applied("set-status", ticket=ticket, status="pending", version=1)
    lead.applied("add-note", ticket=ticket, parts=text("等客户"))
    outcome = agent.do("set-status", ticket=ticket, status="solved", version=1)
    assert outcome["outcome"] == "conflict"
    assert outcome["changed"] == ["status", "messages"]
    assert agent.ticket(ticket)["status"] == "pending"
    assert agent.applied("set-status", ticket=ticket, status="solved", version=3)["version"] == 4


def test_after_a_failure_the_rest_of_that_ticket_is_not_tried(
    agent: Person, channel: Channel, ticket: str
) -> None:
    other = channel.say(ulid(), "另一位")["ticket"]
    late = {"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text("后")}
    outcomes = agent.send(
        {"type": "set-status", "id": ulid(), "ticket": ticket, "status": "open", "version": 99},
        late,
        {"type": "add-note", "id": ulid(), "ticket": other, "parts": text("别的")},
    )
    assert [o["outcome"] for o in outcomes] == ["conflict", "not-tried", "applied"]
    assert agent.send(late)[0]["outcome"] == "applied", "not-tried is not stored"


def test_a_stored_answer_is_repeated_even_behind_a_failure(agent: Person, ticket: str) -> None:
    done = {"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text("好了")}
    first = agent.send(done)[0]
    bad = {"type": "set-status", "id": ulid(), "ticket": ticket, "status": "open", "version": 99}
    assert agent.send(bad, done)[1] == first


@pytest.mark.parametrize(
    ("type", "fields", "code"),
    [
        ("add-note", {"ticket": "nowhere", "parts": text("x")}, "unknown-ticket"),
        ("set-phase", {"phase": "peak"}, "not-allowed"),
        ("set-emergency", {"level": 2}, "not-allowed"),
    ],
)
def test_what_cannot_be_is_refused(agent: Person, type: str, fields: dict[str, Any], code: str) -> None:
    assert agent.refused(type, **fields) == code


def test_claim_of_anothers_ticket_is_refused(agent: Person, lead: Person, ticket: str) -> None:
    version = agent.applied("claim", ticket=ticket, version=1)["version"]
    assert lead.refused("claim", ticket=ticket, version=version) == "already-assigned"


def test_transfer_goes_to_a_person_or_a_team(server: Server, agent: Person, ticket: str) -> None:
    other = server.person()
    agent.applied("transfer", ticket=ticket, version=1, assignee=other.id, reason="懂退款")
    assert agent.ticket(ticket)["assignee"]["id"] == other.id
    other.applied("set-availability", availability="offline")
    version = agent.ticket(ticket)["version"]
    assert (
        agent.refused("transfer", ticket=ticket, version=version, assignee=other.id, reason="x")
        == "not-online"
    )
    agent.applied("transfer", ticket=ticket, version=version, team="售后", reason="交给售后")
    after = agent.ticket(ticket)
    assert (after["assignee"], after["team"]) == (None, "售后")
    assert agent.refused("transfer", ticket=ticket, version=after["version"], assignee="x", reason="x") == (
        "unknown-person"
    )


def test_a_lead_transfers_to_someone_offline(server: Server, lead: Person, ticket: str) -> None:
    other = server.person()
    other.applied("set-availability", availability="offline")
    lead.applied("transfer", ticket=ticket, version=1, assignee=other.id, reason="明早")
    assert lead.ticket(ticket)["assignee"]["id"] == other.id


def test_recall_empties_a_reply_for_all_but_the_lead(agent: Person, lead: Person, ticket: str) -> None:
    message = agent.reply(ticket, "说错了")["id"]
    assert lead.refused("recall", ticket=ticket, message=message) == "not-allowed"
    agent.applied("recall", ticket=ticket, message=message)
    assert agent.refused("recall", ticket=ticket, message=message) == "already-recalled"

    def seen(person: Person) -> Any:
        page = person.get(f"/v1/tickets/{ticket}/messages")["messages"]
        return next(m for m in page if m["id"] == message)

    assert seen(agent)["recalled"] is True
    assert seen(agent)["parts"] == []
    assert seen(lead)["parts"] == text("说错了")


def snoozed(agent: Person, ticket: str) -> None:
    """Put away for a moment: the shortest that is not over before the server hears of it."""
    for doubled in range(10):
        until = (datetime.now(UTC) + timedelta(seconds=0.25 * 2**doubled)).isoformat()
        outcome = agent.do("snooze", ticket=ticket, version=1, until=until)
        if outcome["outcome"] == "applied":
            return
        assert outcome["problem"]["type"].endswith("not-in-future")
    raise AssertionError("never in time")


def test_snooze_wakes_by_itself(agent: Person, ticket: str) -> None:
    cursor = agent.cursor()
    snoozed(agent, ticket)
    away = []
    with agent.stream(cursor) as changes:
        for change in changes:
            event = change["event"]
            if event.get("ticket", {}).get("id") == ticket:
                away.append(event["ticket"]["snoozed_until"] is not None)
            message = event.get("message")
            if message and message["ticket"] == ticket and message["parts"][0].get("label") == "woke":
                break
    assert True in away
    assert agent.ticket(ticket)["snoozed_until"] is None
    assert agent.refused("snooze", ticket=ticket, version=3, until="2020-01-01T00:00:00Z") == "not-in-future"


def test_forms_are_refused_as_a_whole_and_name_the_field(agent: Person, ticket: str) -> None:
    good = {"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text("好")}

    def errors(*commands: Any) -> list[str]:
        answer = agent.http.post("/v1/commands", json={"commands": list(commands)})
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return [error["at"] for error in answer.json()["errors"]]

    bad = {"type": "set-status", "id": ulid(), "ticket": ticket, "version": 1}
    assert errors(good, bad | {"status": "gone"}) == ["commands[1].status"]
    assert errors(good, bad) == ["commands[1].status"]
    assert errors(bad | {"status": "open", "extra": 1}) == ["commands[0].extra"]
    assert errors({**good, "id": "not-a-ulid"}) == ["commands[0].id"]
    assert errors({**good, "type": "explode"}) == ["commands[0].type"]
    assert errors({**good, "parts": []}) == ["commands[0].parts"]
    assert errors({**good, "parts": text("  ")}) == ["commands[0].parts[0].text"]
    assert errors({**good, "parts": text("长" * 10_001)}) == ["commands[0].parts[0].text"]
    assert errors({**good, "parts": text("好") * 21}) == ["commands[0].parts"]
    assert errors({**good, "parts": [{"type": "image"}]}) == ["commands[0].parts[0].file"]
    assert errors(*[{**good, "id": ulid()} for _ in range(101)]) == ["commands"]
    assert errors() == ["commands"]
    assert len(agent.get(f"/v1/tickets/{ticket}/messages")["messages"]) == 1


def test_claim_next_takes_the_most_urgent_and_never_twice(fresh: Any) -> None:
    server = fresh()
    channel, people = server.channel(), [server.person() for _ in range(4)]
    people[0].applied("set-availability", availability="online")
    plain = [channel.say(f"c{i}", "有货吗")["ticket"] for i in range(6)]
    vip = channel.say("v1", "我要投诉", tier="vip")["ticket"]
    assert people[0].applied("claim-next")["ticket"] == vip

    def claim_all(person: Person) -> list[str]:
        got = []
        while (outcome := person.do("claim-next"))["outcome"] == "applied":
            got.append(outcome["ticket"])
        assert outcome["problem"]["type"].endswith("/nothing-waits")
        return got

    with ThreadPoolExecutor(4) as pool:
        got = [ticket for some in pool.map(claim_all, people) for ticket in some]
    assert sorted(got) == sorted(plain)
    after = people[0].ticket(got[0])
    assert after["status"] == "open"
    assert after["assignee"]


def test_capacity_and_availability_stand_before_claim_next(alone: Any, tmp_path: Any) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[limits]\ncapacity = 1\n")
    server = alone("--policy", str(policy))
    channel, person, other = server.channel(), server.person(), server.person()
    for i in range(3):
        channel.say(f"c{i}", "在吗")
    person.applied("set-availability", availability="break")
    assert person.refused("claim-next") == "not-online"
    person.applied("set-availability", availability="online")
    first = person.applied("claim-next")
    assert person.refused("claim-next") == "at-capacity"
    second = other.applied("claim-next")
    assert other.refused(
        "transfer", ticket=second["ticket"], version=second["version"], assignee=person.id, reason="x"
    ) == ("at-capacity")
    seats = {seat["id"]: seat for seat in person.get("/v1/snapshot")["seats"]}
    assert (seats[person.id]["load"], seats[person.id]["capacity"]) == (1, 1)
    person.applied("set-status", ticket=first["ticket"], status="solved", version=first["version"])
    assert person.do("claim-next")["outcome"] == "applied"


def test_a_batch_commits_each_by_itself_and_names_cursors(agent: Person, ticket: str) -> None:
    before = agent.cursor()
    outcomes = agent.send(
        *({"type": "add-note", "id": ulid(), "ticket": ticket, "parts": text(str(i))} for i in range(20))
    )
    assert [o["version"] for o in outcomes] == list(range(2, 22))
    cursors = [change["cursor"] for change in agent.changes(before)]
    assert [o["cursor"] for o in outcomes] == [c for c in cursors if c in {o["cursor"] for o in outcomes}]


def test_odd_characters_are_data(agent: Person, ticket: str) -> None:
    agent.reply(ticket, "a\u0000b\u202e' ; DROP TABLE tickets; -- 👩‍👩‍👧")
    last = agent.get(f"/v1/tickets/{ticket}/messages")["messages"][-1]
    assert last["parts"][0]["text"] == "ab' ; DROP TABLE tickets; -- 👩‍👩‍👧"
    lone = b'{"type":"text","text":"\\ud800"}'
    raw = b'{"commands":[{"type":"add-note","id":"%s","ticket":"%s","parts":[%s]}]}'
    answer = agent.http.post(
        "/v1/commands",
        content=raw % (ulid().encode(), ticket.encode(), lone),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400
