"""Edges of the contract that an outside reader of it tried: masks, files, recalls, retries."""

import re

import httpx
import pytest

from tests.server.driver import Channel, Person, Server, text, ulid


def _given(
    server: Server, channel: Channel, agent: Person, words: str, customer: dict[str, str]
) -> tuple[str, Person]:
    """A ticket of a helper's, and the helper."""
    helper = server.person("helper")
    body = channel.body(customer["id"], words) | {"customer": customer}
    ticket = channel.post(body).json()["ticket"]
    version = agent.ticket(ticket)["version"]
    agent.applied("transfer", ticket=ticket, version=version, assignee=helper.id, reason="请帮忙")
    return ticket, helper


def test_a_helper_reads_no_number_or_name_in_the_customers_words(
    server: Server, channel: Channel, agent: Person
) -> None:
    customer = {"id": ulid(), "name": "欧阳小明", "tier": "regular"}
    words = "我是欧阳小明，电话１３８１２３４５６７８"
    ticket, helper = _given(server, channel, agent, words, customer)
    wanted = "我是欧*，电话１３８****５６７８"
    assert helper.get(f"/v1/tickets/{ticket}/messages")["messages"][0]["parts"] == text(wanted)
    assert helper.ticket(ticket)["last_message"]["text"] == wanted


def test_a_helper_reads_no_landline(server: Server, channel: Channel, agent: Person) -> None:
    id = ulid()
    body = {"name": "李四", "tier": "vip", "phone": "0571-88123456"}
    assert channel.http.put(f"/v1/customers/{id}", json=body).status_code == 200
    customer = {"id": id, "name": "李四", "tier": "vip"}
    ticket, helper = _given(server, channel, agent, "你好", customer)
    assert helper.ticket(ticket)["customer_detail"]["phone"] == "057****3456"
    assert agent.ticket(ticket)["customer_detail"]["phone"] == "0571-88123456"


def test_recalled_words_leave_the_list_too(channel: Channel, agent: Person) -> None:
    ticket = channel.say(ulid(), "你好")["ticket"]
    sent = agent.reply(ticket, "发错人了")
    agent.applied("recall", ticket=ticket, message=sent["id"])
    assert agent.ticket(ticket)["last_message"]["text"] == ""


def test_a_snooze_ends_in_utc(channel: Channel, agent: Person) -> None:
    ticket = channel.say(ulid(), "晚点说")["ticket"]
    version = agent.ticket(ticket)["version"]
    agent.applied("snooze", ticket=ticket, version=version, until="2099-01-01T08:00:00+08:00")
    assert agent.ticket(ticket)["snoozed_until"] == "2099-01-01T00:00:00Z"


def test_a_part_says_of_its_file_what_was_stored(server: Server, channel: Channel, agent: Person) -> None:
    kept = agent.http.post("/v1/files?name=尺码.png", content=b"png").json()
    ticket = channel.say(ulid(), "你好")["ticket"]
    forged = [{"type": "file", "file": kept | {"name": "other.exe", "size": 1}}]
    agent.applied("send-reply", ticket=ticket, parts=forged)
    messages = agent.get(f"/v1/tickets/{ticket}/messages")["messages"]
    assert messages[-1]["parts"] == [{"type": "file", "file": kept}]


def test_a_channel_fetches_what_a_reply_carries(server: Server, channel: Channel, agent: Person) -> None:
    replied = agent.http.post("/v1/files?name=a", content=b"for the customer").json()
    noted = agent.http.post("/v1/files?name=b", content=b"for us").json()
    ticket = channel.say(ulid(), "你好")["ticket"]
    agent.applied("send-reply", ticket=ticket, parts=[{"type": "file", "file": replied}])
    agent.applied("add-note", ticket=ticket, parts=[{"type": "file", "file": noted}])
    assert channel.http.get(f"/v1/files/{replied['id']}").content == b"for the customer"
    assert channel.http.get(f"/v1/files/{noted['id']}").status_code == 404
    assert server.channel().http.get(f"/v1/files/{replied['id']}").status_code == 404


def test_a_note_cannot_show_its_writer_a_file_of_others(
    server: Server, channel: Channel, agent: Person
) -> None:
    secret = server.person().http.post("/v1/files?name=a", content=b"secret").json()
    ticket = channel.say(ulid(), "你好")["ticket"]
    parts = [{"type": "file", "file": secret}]
    assert agent.refused("add-note", ticket=ticket, parts=parts) == "unknown-file"
    assert agent.http.get(f"/v1/files/{secret['id']}").status_code == 404


def test_every_file_has_a_name(agent: Person) -> None:
    for path in ("/v1/files", "/v1/files?name="):
        assert agent.http.post(path, content=b"x").json()["name"] == "file"


def test_a_price_is_money(channel: Channel) -> None:
    items = [{"name": "鞋", "count": 1, "price": "1,0"}]
    body = {"customer": "c", "status": "paid", "total": "1.00", "items": items, "parcels": []}
    answer = channel.http.put(f"/v1/orders/{ulid()}", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["at"] == "items[0].price"


def test_the_document_lets_plain_words_pass(server: Server) -> None:
    patterns = set(_patterns(httpx.get(f"{server.url}/openapi.json").json()))
    assert patterns
    assert all(re.search(pattern, words) for pattern in patterns for words in ("0", "ok", "好"))
    assert not any(re.search(pattern, words) for pattern in patterns for words in (" ", "\x01", "\u200e"))


def _patterns(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [found for one in schema for found in _patterns(one)]
    if not isinstance(schema, dict):
        return []
    own = schema.get("pattern")
    mine = [own] if isinstance(own, str) and schema.get("maxLength") == 10_000 else []
    return mine + [found for one in schema.values() for found in _patterns(one)]


@pytest.mark.parametrize(
    ("address", "at"),
    [
        ("/v1/search", "q"),
        ("/v1/search?q=ab&limit=0", "limit"),
        ("/v1/changes", "after"),
        ("/v1/changes/stream", "after"),
        ("/v1/tickets?after=x", "after"),
        (f"/v1/tickets/t/messages?before={'x' * 201}", "before"),
        ("/v1/usages?team=%20", "team"),
        ("/v1/usages?since=1700000000", "since"),
    ],
)
def test_a_parameter_that_is_wrong_or_missing_is_named(agent: Person, address: str, at: str) -> None:
    answer = agent.http.get(address)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["at"] for error in answer.json()["errors"]] == [at]
