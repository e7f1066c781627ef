"""Helpers: invited, paired, given what fits, looked after, and gone without leaving anything open."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.patience import until
from tests.server.driver import Person, Receiver, Server, text, ulid
from tests.server.floor import FITS, PACK, Floor, events, floor_on, from_pack


def rows(floor: Floor) -> dict[str, Any]:
    return {row["id"]: row for row in floor.lead.get("/v1/helpers")["helpers"]}


def types(person: Person, after: str) -> list[str]:
    return [change["event"]["type"] for change in person.changes(after)]


def status_of(person: Person) -> int:
    return int(person.http.get("/v1/me").status_code)


def test_a_lead_invites_and_revokes(floor: Floor) -> None:
    helper = floor.invite("小赵", hours=2)
    assert helper.get("/v1/me")["role"] == "helper"
    row = rows(floor)[helper.id]
    assert (row["pack"], row["buddy"]["id"], row["connected"]) == (PACK, floor.buddy.id, True)
    seat = next(s for s in helper.get("/v1/snapshot")["seats"] if s["id"] == helper.id)
    assert (seat["pack"], seat["buddy"]["id"], seat["replies"]) == (PACK, floor.buddy.id, 0)
    again = floor.invite("小赵")
    assert again.id == helper.id
    assert floor.lead.http.delete(f"/v1/helpers/{helper.id}").json()["availability"] == "offline"
    until(lambda: status_of(helper) == status_of(again) == 401, "both tokens to end")


@pytest.mark.parametrize(
    ("change", "status", "at"),
    [({"pack": "none"}, 400, "pack"), ({"buddy": "x"}, 400, "buddy"), ({"hours": 30}, 400, "hours")],
)
def test_an_invitation_that_cannot_be(floor: Floor, change: dict[str, Any], status: int, at: str) -> None:
    answer = floor.lead.http.post("/v1/helpers", json={"name": "某人", "pack": PACK, **change})
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (status, at)


def test_an_invitation_makes_nobody_of_the_team_a_helper(floor: Floor) -> None:
    answer = floor.lead.http.post("/v1/helpers", json={"name": floor.buddy.name, "pack": PACK})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/name-taken")


def test_a_shift_ends_with_its_token(floor: Floor) -> None:
    helper = floor.invite(hours=2 / 3600)
    ticket = floor.routed(helper)
    until(lambda: not floor.has(helper, ticket), "the shift to end")
    assert status_of(helper) == 401
    assert "helper-finished" in events(floor.lead, ticket)


def test_the_server_pairs_with_who_has_fewest_and_never_more_than_three(fresh: Any) -> None:
    with floor_on(fresh()) as floor:
        other = floor.server.person("agent")
        other.get("/v1/me")
        helpers = [floor.invite(buddy=None) for _ in range(7)]
        buddies = [(rows(floor)[one.id]["buddy"] or {}).get("id") for one in helpers]
        assert sorted(filter(None, buddies)) == sorted([floor.buddy.id, other.id] * 3)
        late = floor.server.person("agent")
        late.get("/v1/me")
        until(lambda: rows(floor)[helpers[6].id]["buddy"], "the seventh to be paired")
        floor.lead.applied("pair", helper=helpers[0].id)
        assert rows(floor)[helpers[0].id]["buddy"] is None
        floor.lead.applied("pair", helper=helpers[0].id, buddy=late.id)
        assert rows(floor)[helpers[0].id]["buddy"]["id"] == late.id


def test_one_fitting_customer_at_a_time(floor: Floor) -> None:
    vip = floor.customer(tier="vip")
    angry = floor.customer("快递三天没动,气死我了,垃圾")
    helper = floor.invite()
    first = floor.routed(helper)
    second = floor.customer()
    floor.lead.applied("add-note", ticket=vip, parts=text("之后"))
    assert not floor.has(helper, second)
    assert events(floor.lead, first) == ["routed"]
    version = helper.ticket(first)["version"]
    helper.applied("set-status", ticket=first, status="pending", version=version)
    until(lambda: floor.has(helper, second), "the next customer")
    for other in (vip, angry):
        assert floor.lead.ticket(other)["assignee"] is None


def test_a_helper_on_a_break_gets_nothing_and_leaves_nothing(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    helper.applied("set-availability", availability="break")
    assert events(floor.lead, ticket) == ["routed", "helper-on-break"]
    assert floor.lead.ticket(ticket)["assignee"] is None
    helper.applied("set-availability", availability="online")
    until(lambda: floor.has(helper, ticket), "the customer to come back")


def test_what_becomes_more_is_passed_on(floor: Floor) -> None:
    helper = floor.invite()
    customer = ulid()
    ticket = floor.channel.say(customer, FITS)["ticket"]
    until(lambda: floor.has(helper, ticket), "the ticket")
    after = helper.cursor()
    floor.channel.say(customer, "气死我了,你们这群骗子")
    passed = floor.lead.ticket(ticket)
    assert (passed["assignee"], passed["core_only"]) == (None, True)
    last = floor.lead.get(f"/v1/tickets/{ticket}/messages")["messages"][-1]["parts"][0]
    assert (last["label"], last["values"]["reason"]) == ("handed-over", "mood")
    assert {"type": "gone", "ticket": ticket} in [c["event"] for c in helper.changes(after)]
    assert helper.http.get(f"/v1/tickets/{ticket}").status_code == 404


def test_a_second_contact_and_a_better_tier_are_passed_on(floor: Floor) -> None:
    helper = floor.invite()
    customer = ulid()
    ticket = floor.channel.say(customer, FITS)["ticket"]
    until(lambda: floor.has(helper, ticket), "the ticket")
    row = {"name": "王敏", "tier": "vip"}
    assert floor.channel.http.put(f"/v1/customers/{customer}", json=row).status_code == 200
    assert events(floor.lead, ticket)[-1] == "handed-over"
    customer = ulid()
    ticket = floor.channel.say(customer, FITS)["ticket"]
    until(lambda: floor.has(helper, ticket), "the ticket")
    version = helper.ticket(ticket)["version"]
    helper.applied("set-status", ticket=ticket, status="solved", version=version)
    floor.channel.say(customer, FITS)
    assert floor.lead.ticket(ticket)["core_only"]


def test_what_a_lead_gives_stays(floor: Floor) -> None:
    helper = floor.invite()
    customer = ulid()
    ticket = floor.channel.say(customer, FITS, tier="vip")["ticket"]
    floor.lead.applied("transfer", ticket=ticket, assignee=helper.id, reason="你熟", version=1)
    floor.channel.say(customer, "在吗", tier="vip")
    assert floor.has(helper, ticket)


def test_an_emergency_word_brings_the_card_and_calls_the_lead(floor: Floor) -> None:
    helper = floor.invite()
    customer = ulid()
    ticket = floor.channel.say(customer, FITS)["ticket"]
    until(lambda: floor.has(helper, ticket), "the ticket")
    floor.channel.say(customer, "包裹起火了")
    call = helper.ticket(ticket)["help"]
    assert (call["reason"], call["stage"], call["by"]["id"]) == ("card", "lead", helper.id)
    last = helper.get(f"/v1/tickets/{ticket}/messages")["messages"][-1]["parts"][0]
    assert (last["label"], last["values"]["card"]) == ("card-called", "danger")
    floor.buddy.applied("whisper", ticket=ticket, parts=text("我来"))
    assert floor.buddy.ticket(ticket)["help"] is None


def test_a_customer_with_emergency_words_is_never_routed(floor: Floor) -> None:
    alarming = floor.customer("我的快递到哪了,包裹起火了")
    helper = floor.invite()
    floor.routed(helper)
    assert floor.lead.ticket(alarming)["assignee"] is None


def test_an_awaiting_reply_goes_out_once_when_it_is_approved(lent: Server, receiver: Receiver) -> None:
    with floor_on(lent, receiver.url) as floor:
        receiver.secret = floor.channel.secret
        helper = floor.invite()
        ticket = floor.routed(helper)
        stranger = floor.invite()
        after = stranger.cursor()
        held = helper.applied("send-reply", **from_pack(ticket, "第一句"))["id"]
        assert states(helper, ticket)[held] == "awaiting"
        assert helper.ticket(ticket)["help"]["reason"] == "approval"
        floor.buddy.applied("approve", ticket=ticket, message=held)
        assert floor.buddy.refused("approve", ticket=ticket, message=held) == "nothing-awaits"
        helper.applied("send-reply", **from_pack(ticket, "第二句"))
        heard = [receiver.next()[1]["data"]["parts"][0]["text"] for _ in range(2)]
        assert heard == ["第一句", "第二句"], "the first of the day was looked at, the second was not"
        until(lambda: states(helper, ticket)[held] == "delivered", "the delivery")
        assert receiver.heard.empty()
        assert not [c for c in stranger.changes(after) if ticket in str(c) or held in str(c)]


def test_what_a_helper_sends_is_a_usage_when_the_customer_has_it(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    held = helper.applied("send-reply", **from_pack(ticket, "第一句"))["id"]
    own = floor.buddy.applied("send-reply", **from_pack(floor.customer(), "我来答"))["id"]
    until(lambda: own in used(floor), "the buddy's own usage")
    assert held not in used(floor), "nobody has read it yet"
    floor.buddy.applied("approve", ticket=ticket, message=held)
    until(lambda: held in used(floor), "the usage of what was approved")
    free = helper.applied("send-reply", **from_pack(ticket, "第二句"))["id"]
    until(lambda: free in used(floor), "the usage of what a helper sent freely")


def used(floor: Floor) -> set[str]:
    """The replies that usages are of."""
    found: set[str] = set()
    page: dict[str, Any] = {"next": "0", "more": True}
    while page["more"]:
        page = floor.buddy.get("/v1/usages", after=page["next"], limit=1000)
        found |= {one["reply"] for one in page["usages"]}
    return found


def ordered(floor: Floor, helper: Person) -> tuple[str, Callable[..., None]]:
    """A ticket of `helper` about an order, and what puts the order anew."""
    customer, number = ulid(), f"E{ulid()[-9:]}"

    def put(status: str, *parcels: dict[str, str]) -> None:
        order = {"customer": customer, "status": status, "total": "99.00", "paid_at": "2026-11-09T00:00:00Z"}
        made = floor.channel.http.put(f"/v1/orders/{number}", json={**order, "parcels": parcels})
        assert made.status_code == 200, made.text

    put("paid")
    ticket = floor.channel.say(customer, FITS, order=number)["ticket"]
    until(lambda: floor.has(helper, ticket), "the ticket to be routed")
    return ticket, put


def test_what_a_helper_confirmed_is_asked_of_the_approver_too(floor: Floor) -> None:
    helper = floor.invite()
    ticket, _ = ordered(floor, helper)
    said = {**from_pack(ticket, "您好，您的包裹已经发货，请耐心等待"), "confirmed": ["claim-shipped"]}
    held = helper.applied("send-reply", **said)["id"]
    assert floor.buddy.refused("approve", ticket=ticket, message=held) == "contradicts-order"
    assert states(helper, ticket)[held] == "awaiting"
    floor.buddy.applied("approve", ticket=ticket, message=held, confirmed=["claim-shipped"])
    assert states(helper, ticket)[held] != "awaiting"


def test_a_reply_that_awaits_is_held_against_the_order_as_it_is_when_approved(floor: Floor) -> None:
    helper = floor.invite()
    ticket, put = ordered(floor, helper)
    held = helper.applied("send-reply", **from_pack(ticket, "还没有发货，对不起"))["id"]
    put("shipped", {"number": "SF1", "carrier": "顺丰", "status": "in_transit"})
    assert floor.buddy.refused("approve", ticket=ticket, message=held) == "contradicts-order"
    put("paid")
    floor.buddy.applied("approve", ticket=ticket, message=held)


def states(person: Person, ticket: str) -> dict[str, str]:
    return {m["id"]: m["state"] for m in person.get(f"/v1/tickets/{ticket}/messages")["messages"]}


def test_a_returned_reply_never_goes_out(lent: Server, receiver: Receiver) -> None:
    with floor_on(lent, receiver.url) as floor:
        receiver.secret = floor.channel.secret
        helper = floor.invite(free_text=True)
        ticket = floor.routed(helper)
        held = helper.applied("send-reply", ticket=ticket, parts=text("赔您一百"))["id"]
        floor.buddy.applied("return-reply", ticket=ticket, message=held, text="不能这样说")
        assert states(helper, ticket)[held] == "returned"
        assert floor.buddy.refused("approve", ticket=ticket, message=held) == "nothing-awaits"
        floor.buddy.reply(ticket, "我来答")
        assert receiver.next()[1]["data"]["parts"][0]["text"] == "我来答"
        assert receiver.heard.empty()


def test_what_awaits_is_returned_when_the_helper_leaves(floor: Floor) -> None:
    for leave in ("hand-over", "finish"):
        helper = floor.invite()
        ticket = floor.routed(helper)
        held = helper.applied("send-reply", **from_pack(ticket))["id"]
        fields = {"ticket": ticket, "reason": "要退差价"} if leave == "hand-over" else {}
        helper.applied(leave, **fields)
        assert states(floor.lead, ticket)[held] == "returned"
        assert floor.buddy.refused("approve", ticket=ticket, message=held) == "nothing-awaits"


def test_a_call_nobody_answers_climbs(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    after = floor.lead.cursor()
    helper.applied("ask-buddy", ticket=ticket, text="能退吗")
    until(lambda: helper.ticket(ticket)["help"]["stage"] == "lead", "the lead to be called")
    changed = [
        c["event"]["ticket"] for c in floor.lead.changes(after) if c["event"]["type"] == "ticket-changed"
    ]
    assert [t["help"]["stage"] for t in changed if t["id"] == ticket] == ["buddy", "core", "lead"]
    floor.buddy.applied("hand-draft", ticket=ticket, text="您好")
    assert helper.ticket(ticket)["help"] is None


def test_the_buddy_helps_takes_over_and_gives_back(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    version = helper.ticket(ticket)["version"]
    draft = floor.buddy.applied("hand-draft", ticket=ticket, text="您好,已催单")["id"]
    helper.applied("accept-draft", ticket=ticket, message=draft)
    taken = floor.buddy.applied("take-over", ticket=ticket, version=version)
    assert helper.http.get(f"/v1/tickets/{ticket}").status_code == 404
    after = helper.cursor()
    floor.buddy.applied("give-back", ticket=ticket, version=taken["version"])
    assert draft in [c["event"]["message"]["id"] for c in helper.changes(after) if "message" in c["event"]]
    version = floor.buddy.applied("take-over", ticket=ticket, version=helper.ticket(ticket)["version"])
    helper.applied("finish")
    refused = floor.buddy.refused("give-back", ticket=ticket, version=version["version"])
    assert refused == "not-online"


def test_finishing_leaves_nothing_open_and_ends_the_token(floor: Floor) -> None:
    helper = floor.invite()
    ticket = floor.routed(helper)
    helper.applied("send-drill-result", pack=PACK, right=9, total=10, seconds=61.5)
    helper.applied("finish")
    until(lambda: status_of(helper) == 401, "the token to end")
    assert events(floor.lead, ticket)[-1] == "helper-finished"
    assert floor.lead.ticket(ticket)["assignee"] is None
    assert rows(floor)[helper.id]["availability"] == "offline"
    assert "expires_at" in rows(floor)[helper.id]
    assert rows(floor)[helper.id]["expires_at"] is None


def test_a_drill_is_told_to_leads_alone(floor: Floor) -> None:
    helper = floor.invite()
    readers = (floor.lead, floor.buddy, helper)
    after = {one.id: one.cursor() for one in readers}
    helper.applied("send-drill-result", pack=PACK, right=9, total=10, seconds=61.5)
    told = ["drill-reported" in types(one, after[one.id]) for one in readers]
    assert told == [True, False, False]


def test_personal_data_is_masked_in_all_a_helper_gets(floor: Floor) -> None:
    helper = floor.invite()
    after = helper.cursor()
    ticket = floor.named("王小明", f"{FITS},我是王小明 13812345678")
    until(lambda: floor.has(helper, ticket), "the ticket")
    floor.buddy.applied("whisper", ticket=ticket, parts=text("王小明的电话 13812345678"))
    floor.buddy.reply(ticket, "王小明您好")
    said = str(helper.changes(after)) + str(helper.get(f"/v1/tickets/{ticket}/messages"))
    said += str(helper.ticket(ticket)) + str(helper.get("/v1/snapshot"))
    with helper.stream(after) as lines:
        said += "".join(str(next(lines)) for _ in helper.changes(after))
    assert "王*您好" in said
    assert "13812345678" not in said
    assert "王小明" not in said


def test_two_processes_give_each_customer_once(backend: str, fresh: Any, tmp_path: Any) -> None:
    first = fresh()
    second = Server(first.data, first.database).start()
    try:
        with floor_on(first) as floor:
            helpers = [floor.invite(buddy=None) for _ in range(6)]
            tickets = [floor.customer() for _ in range(9)]
            given = until(lambda: _given(floor, tickets, helpers), "everybody to have one")
            assert sorted(given) == sorted(one.id for one in helpers)
            for ticket in tickets:
                assert events(floor.lead, ticket) in ([], ["routed"])
    finally:
        second.end()


def _given(floor: Floor, tickets: list[str], helpers: list[Person]) -> list[str]:
    found = [floor.lead.ticket(ticket)["assignee"] for ticket in tickets]
    ids = [one["id"] for one in found if one]
    return ids if len(ids) >= len(helpers) else []
