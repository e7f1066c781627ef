"""Channels: customers' messages in, customers and orders in, replies out, once and in order."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.patience import until
from tests.server.driver import Channel, Person, Receiver, Server, text, ulid


def test_a_first_message_opens_a_ticket_that_is_read(agent: Person, channel: Channel) -> None:
    customer = ulid()
    taken = channel.say(customer, "我要投诉你们！", tier="vip")
    ticket = agent.ticket(taken["ticket"])
    assert ticket["customer"] == {"id": customer, "name": f"王{customer[-4:]}", "tier": "vip"}
    assert (ticket["status"], ticket["channel"], ticket["version"]) == ("new", "web", 1)
    assert ticket["category"] == "complaint"
    assert ticket["promises"][0]["kind"] == "first-response"
    assert {part["reason"] for part in ticket["urgency"]["parts"]} >= {"tier-vip"}
    assert ticket["last_message"]["id"] == taken["message"]
    message = agent.get(f"/v1/tickets/{taken['ticket']}/messages")["messages"][0]
    assert (message["kind"], message["state"], message["author"]["id"]) == ("customer", "received", customer)


def test_the_same_id_again_changes_nothing(agent: Person, channel: Channel) -> None:
    body = channel.body(ulid(), "在吗")
    first = channel.post(body)
    again = channel.post({**body, "parts": text("别的话")})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert len(agent.get(f"/v1/tickets/{first.json()['ticket']}/messages")["messages"]) == 1


def test_ids_are_unique_per_channel(server: Server, channel: Channel) -> None:
    other = server.channel()
    body = channel.body(ulid(), "在吗")
    assert channel.post(body).json() != other.post(body).json()


def test_a_customer_has_one_conversation_until_it_is_closed(agent: Person, channel: Channel) -> None:
    customer = ulid()
    first = channel.say(customer, "在吗")["ticket"]
    assert channel.say(customer, "人呢")["ticket"] == first
    agent.reply(first, "您好")
    agent.applied("set-status", ticket=first, status="solved", version=3)
    assert channel.say(customer, "又坏了")["ticket"] == first
    reopened = agent.ticket(first)
    assert (reopened["status"], reopened["contacts"]) == ("open", 2)
    agent.applied("set-status", ticket=first, status="closed", version=reopened["version"])
    assert channel.say(customer, "新问题")["ticket"] != first


def test_first_messages_at_once_open_one_ticket(server: Server, agent: Person) -> None:
    channel, customer = server.channel(), ulid()
    bodies = [channel.body(customer, f"第{i}句") for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(channel.post, bodies))
    assert {answer.status_code for answer in answers} == {202}
    tickets = {answer.json()["ticket"] for answer in answers}
    assert len(tickets) == 1
    assert agent.ticket(tickets.pop())["version"] == 8


def test_signatures_are_checked(channel: Channel) -> None:
    def status(**changes: Any) -> int:
        return channel.post(channel.body(ulid(), "在吗"), **changes).status_code

    assert status() == 202
    assert status(headers={"webhook-signature": "v1,AAAA"}) == 401
    assert status(headers={"webhook-signature": "é nonsense".encode()}) == 401
    assert status(headers={"webhook-id": "other"}) == 401
    assert status(headers={"webhook-timestamp": "nan"}) == 401
    assert status(at=time.time() - 301) == 401
    assert status(at=time.time() + 302) == 401
    assert status(at=time.time() - 200) == 202
    bare = channel.http.post("/v1/channels/web/messages", json=channel.body(ulid(), "x"))
    assert bare.status_code == 401, "the token is no signature"
    assert channel.http.post("/v1/channels/nowhere/messages", json={}).status_code == 404


def test_bad_forms_name_the_field(channel: Channel) -> None:
    def at(**changes: Any) -> str:
        answer = channel.post({**channel.body(ulid(), "在吗"), **changes})
        assert answer.status_code == 400, answer.text
        return str(answer.json()["errors"][0]["at"])

    assert at(parts=[]) == "parts"
    assert at(sent_at="yesterday") == "sent_at"
    assert at(customer={"id": "c", "name": "n", "tier": "king"}) == "customer.tier"
    assert at(customer={"name": "n", "tier": "vip"}) == "customer.id"
    assert at(parts=[{"type": "text"}]) == "parts[0].text"
    assert at(parts=text("长" * 10_001)) == "parts[0].text"
    assert channel.post("{nonsense").status_code == 400
    assert channel.post("[" * 100_000).status_code == 400
    assert channel.post('"' + "x" * (1 << 20) + '"').status_code == 413


def test_parts_that_are_not_known_are_kept(agent: Person, channel: Channel) -> None:
    parts = [
        {"type": "sticker", "text": "[笑]", "pack": 7},
        {"type": "order-card", "number": "E1", "price": "9"},
    ]
    taken = channel.post({**channel.body(ulid(), "x"), "parts": parts}).json()
    kept = agent.get(f"/v1/tickets/{taken['ticket']}/messages")["messages"][0]["parts"]
    assert kept[0] == {"type": "unknown", "label": "sticker", "text": "[笑]"}
    assert kept[1] == {"type": "order-card", "number": "E1", "price": "9"}


def test_customers_and_orders_reach_the_ticket_and_the_feed(agent: Person, channel: Channel) -> None:
    customer, number = ulid(), f"E{ulid()[-9:]}"
    ticket = channel.say(customer, "我的订单呢", order=number)["ticket"]
    assert agent.ticket(ticket)["order"] == number
    assert agent.ticket(ticket)["order_detail"] is None
    cursor = agent.cursor()
    order = {
        "customer": customer,
        "status": "somewhere",
        "total": "1999.00",
        "items": [{"name": "羽绒服", "count": 1, "price": "1999.00"}],
        "parcels": [{"number": "SF1", "carrier": "顺丰", "status": "stuck"}],
        "paid_at": "2026-11-11T00:00:00Z",
    }
    who = {"name": "李雷", "tier": "vip", "phone": "13812345678", "address": "杭州市西湖区文一路1号"}
    assert channel.http.put(f"/v1/orders/{number}", json=order).status_code == 200
    assert channel.http.put(f"/v1/customers/{customer}", json=who).status_code == 200
    detail = agent.ticket(ticket)
    assert detail["order_detail"] == {**order, "number": number}
    assert detail["customer"] == {"id": customer, "name": "李雷", "tier": "vip"}
    assert detail["customer_detail"]["phone"] == "13812345678"
    assert (detail["customer_detail"]["orders"], detail["customer_detail"]["spend"]) == (1, "1999.00")
    assert detail["high_value"] is True
    assert {part["reason"] for part in detail["urgency"]["parts"]} >= {"tier-vip", "high-value"}
    kinds = [c["event"]["type"] for c in agent.changes(cursor)]
    assert kinds[:4] == ["order-changed", "ticket-changed", "customer-changed", "ticket-changed"]
    quiet = agent.cursor()
    channel.http.put(f"/v1/orders/{number}", json=order)
    channel.http.put(f"/v1/customers/{customer}", json=who)
    assert [c for c in agent.changes(quiet) if "seat" not in c["event"]] == []
    channel.say(customer, "还在吗")
    named = agent.ticket(ticket)["customer_detail"]
    assert (named["name"], named["tier"]) == (f"王{customer[-4:]}", "regular")
    assert named["phone"] == "13812345678"


def test_batches_store_many_and_name_what_is_wrong(channel: Channel, agent: Person) -> None:
    rows = [{"id": ulid(), "name": f"客{i}", "tier": "member"} for i in range(30)]
    assert channel.http.put("/v1/customers", json={"customers": rows}).json() == {"stored": 30}
    order = {"customer": rows[0]["id"], "status": "paid", "total": "1", "items": [], "parcels": []}
    orders = [{**order, "number": f"B{ulid()[-8:]}"} for _ in range(3)]
    assert channel.http.put("/v1/orders", json={"orders": orders}).json() == {"stored": 3}
    bad = channel.http.put("/v1/orders", json={"orders": [orders[0], {**orders[1], "total": "viel"}]})
    assert bad.json()["errors"][0]["at"] == "orders[1].total"
    bad = channel.http.put("/v1/customers", json={"customers": [{"id": "x", "name": "y"}]})
    assert bad.json()["errors"][0]["at"] == "customers[0].tier"
    assert agent.http.put("/v1/customers", json={"customers": rows}).status_code == 403


def state_of(agent: Person, ticket: str, message: str) -> dict[str, Any]:
    page = agent.get(f"/v1/tickets/{ticket}/messages")["messages"]
    return next(m for m in page if m["id"] == message)


@pytest.fixture
def post(server: Server, receiver: Receiver) -> Channel:
    channel = server.channel(receiver.url)
    receiver.secret = channel.secret
    return channel


def test_a_reply_reaches_the_channel_and_is_delivered(
    agent: Person, post: Channel, receiver: Receiver
) -> None:
    ticket = post.say("c1", "在吗")["ticket"]
    agent.applied("add-note", ticket=ticket, parts=text("内部"))
    reply = agent.reply(ticket, "您好")
    headers, told = receiver.next()
    assert headers["webhook-id"] == reply["id"]
    assert told["type"] == "message.created"
    assert told["data"] == {
        "id": reply["id"],
        "ticket": ticket,
        "customer": {"id": "c1"},
        "parts": text("您好"),
    }
    until(lambda: state_of(agent, ticket, reply["id"])["state"] == "delivered")
    assert agent.ticket(ticket)["version"] == 4, "a delivery is a change of the ticket"
    agent.applied("set-status", ticket=ticket, status="pending", version=reply["version"])
    agent.applied("recall", ticket=ticket, message=reply["id"])
    _, told = receiver.next()
    assert (told["type"], told["data"]["id"]) == ("message.recalled", reply["id"])


def test_a_failing_channel_is_tried_again_in_order(agent: Person, post: Channel, receiver: Receiver) -> None:
    receiver.answers["slow"] = [503, 429, 302]
    slow, quick = post.say("slow", "在吗")["ticket"], post.say("quick", "在吗")["ticket"]
    first, second = agent.reply(slow, "一"), agent.reply(slow, "二")
    other = agent.reply(quick, "别的")
    heard = [receiver.next()[0]["webhook-id"] for _ in range(6)]
    assert [id for id in heard if id != other["id"]] == [first["id"]] * 4 + [second["id"]]
    assert heard.index(other["id"]) < 4, "another customer does not wait"
    until(lambda: state_of(agent, slow, second["id"])["state"] == "delivered")


def test_what_the_channel_refuses_is_undelivered(agent: Person, post: Channel, receiver: Receiver) -> None:
    receiver.answers["gone"] = [410]
    ticket = post.say("gone", "在吗")["ticket"]
    cursor = agent.cursor()
    reply = agent.reply(ticket, "一")
    until(lambda: state_of(agent, ticket, reply["id"])["state"] == "undelivered")
    assert state_of(agent, ticket, reply["id"])["error"] == "HTTP 410"
    changed = [
        c["event"]["message"] for c in agent.changes(cursor) if c["event"]["type"] == "message-changed"
    ]
    assert changed[0]["state"] == "undelivered"
    agent.reply(ticket, "二")
    assert [receiver.next()[1]["data"]["parts"] for _ in range(2)] == [text("一"), text("二")]
