"""Knowledge shared through the server: entries, usages, what is learned, and what is refused."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from agent_tui.backends.http import HttpBackend
from agent_tui.desk import Desk, Topic
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.shared import LiveEntries
from agent_tui.knowledge.content.sources import OWN, CombinedSources, Source
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.recommend import model_file
from agent_tui.knowledge.recommend.advisor import Advisor, Situation
from agent_tui.knowledge.recommend.usage_log import Said
from tests.patience import eventually, until
from tests.server.driver import Channel, Person, Server, text, ulid

SNIPPET = {"kind": "snippet", "title": "换季冬衣清仓", "body": "{{ customer.name }}，预计 ${1:时间} 到账。"}
CASE = {"kind": "article", "title": "发票抬头写错", "script": "您好，已为您重开。", "similar": ["抬头错了"]}


def put(who: Person, id: str, body: dict[str, Any]) -> Any:
    return who.http.put(f"/v1/entries/{id}", json=body)


def entries(who: Person) -> dict[str, Any]:
    return {one["id"]: one for one in who.get("/v1/entries")["entries"]}


def told(who: Person, cursor: str, id: str) -> list[str]:
    events = [change["event"] for change in who.changes(cursor)]
    return [e["entry"]["state"] for e in events if e["type"] == "entry-changed" and e["entry"]["id"] == id]


def test_a_shared_snippet_is_there_for_everyone_at_once_until_it_is_revoked(
    server: Server, agent: Person, lead: Person
) -> None:
    other, helper, id = server.person(), server.person("helper"), ulid()
    cursor = other.cursor()
    made = put(agent, id, SNIPPET)
    assert made.status_code == 200, made.text
    assert made.json()["state"] == "shared"
    assert made.json()["author"] == {"id": agent.id, "name": agent.name}
    assert made.json()["content"]["needs"] == ["customer.name"]
    assert entries(other)[id]["content"]["title"] == entries(helper)[id]["content"]["title"] == "换季冬衣清仓"
    assert other.http.delete(f"/v1/entries/{id}").status_code == 403
    assert put(other, id, SNIPPET).status_code == 403
    assert lead.http.delete(f"/v1/entries/{id}").status_code == 200
    assert id not in entries(agent)
    assert told(other, cursor, id) == told(helper, cursor, id) == ["shared", "revoked"]
    assert put(agent, id, SNIPPET).json()["state"] == "proposed", "what a lead revoked needs a nod"


def test_a_case_waits_for_the_nod(server: Server, agent: Person, lead: Person) -> None:
    other, helper, id = server.person(), server.person("helper"), ulid()
    cursor = helper.cursor()
    assert put(agent, id, CASE).json()["state"] == "proposed"
    assert [id in entries(who) for who in (agent, lead, other, helper)] == [True, True, False, False]
    assert agent.http.post(f"/v1/entries/{id}/share").status_code == 403
    assert lead.http.post(f"/v1/entries/{id}/share").json()["state"] == "shared"
    assert [id in entries(who) for who in (other, helper)] == [True, True]
    assert told(helper, cursor, id) == ["shared"]


def test_what_changed_after_a_revision_is_told_without_what_may_not_be_read(
    server: Server, agent: Person
) -> None:
    other, first, second = server.person(), ulid(), ulid()
    before = other.get("/v1/entries")["revision"]
    assert put(agent, first, SNIPPET).status_code < 300
    assert put(agent, second, CASE).status_code < 300
    assert agent.http.delete(f"/v1/entries/{first}").status_code < 300
    changed = other.get("/v1/entries", after=str(before))
    assert {one["id"]: (one["state"], one["content"]) for one in changed["entries"]} == {
        first: ("revoked", {}),
        second: ("revoked", {}),
    }
    assert changed["revision"] > before


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({**SNIPPET, "body": "{{ customer.salary }}"}, "body"),
        ({**SNIPPET, "body": "{% if %}"}, "body"),
        ({**SNIPPET, "body": "五星好评返现 5 元"}, "body"),
        ({**SNIPPET, "title": " "}, "title"),
        ({"kind": "snippet", "title": "x"}, "body"),
        ({**CASE, "script": "{{ order.secret }}"}, "script"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(agent: Person, body: dict[str, Any], at: str) -> None:
    answer = put(agent, ulid(), body)
    assert answer.status_code == 400
    assert [error["at"] for error in answer.json()["errors"]] == [at]


def test_helpers_and_channels_share_nothing(server: Server, channel: Channel) -> None:
    helper = server.person("helper")
    assert put(helper, ulid(), SNIPPET).status_code == 403
    assert helper.http.get("/v1/usages").status_code == 403
    assert channel.http.get("/v1/entries").status_code == 403


def used(who: Person, entry: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = "0"
    while True:
        page = who.get("/v1/usages", after=after, limit=1000)
        found += [usage for usage in page["usages"] if usage["entry"] == entry]
        after = page["next"]
        if not page["more"]:
            return found


def test_a_send_is_recorded_with_what_was_said_and_nothing_personal(agent: Person, channel: Channel) -> None:
    customer, entry = f"c-{ulid()}", ulid()
    ticket = channel.say(customer, "我叫李雷，手机13812345678，退款什么时候到账")["ticket"]
    agent.reply(ticket, "请稍等")
    channel.say(customer, f"快一点，我是王{customer[-4:]}")
    agent.applied("send-reply", ticket=ticket, parts=text("三天内到账"), entries=[{"id": entry, "kept": 0.8}])
    usage = until(lambda: used(agent, entry), "the usage")[0]
    assert (usage["kept"], usage["solved"]) == (0.8, False)
    assert [said["from"] for said in usage["messages"]] == ["customer", "agent", "customer"]
    words = str(usage["messages"])
    assert "退款什么时候到账" in words
    assert not any(secret in words for secret in ("李雷", "13812345678", customer[-4:], "三天内到账"))
    version = agent.ticket(ticket)["version"]
    agent.applied("set-status", ticket=ticket, status="solved", version=version)
    until(lambda: any(usage["solved"] for usage in used(agent, entry)), "the solved flag")


def test_words_that_are_taken_back_teach_nothing(agent: Person, channel: Channel) -> None:
    entry, ticket = ulid(), channel.say(f"c-{ulid()}", "在吗")["ticket"]
    sent = agent.applied(
        "send-reply", ticket=ticket, parts=text("错了"), entries=[{"id": entry, "kept": 1.0}]
    )
    until(lambda: used(agent, entry), "the usage")
    agent.applied("recall", ticket=ticket, message=sent["id"])
    assert not used(agent, entry)


def test_a_reply_that_breaks_a_rule_does_not_go_out(server: Server, agent: Person, channel: Channel) -> None:
    ticket = channel.say(f"c-{ulid()}", "可以便宜点吗")["ticket"]
    outcome = agent.do("send-reply", ticket=ticket, parts=text("亲，五星好评返现 5 元哦"))
    assert outcome["outcome"] == "refused"
    assert outcome["problem"]["type"].endswith("/outgoing")
    assert outcome["problem"]["detail"] == "review-paid"
    assert [m["kind"] for m in agent.get(f"/v1/tickets/{ticket}/messages")["messages"]] == ["customer"]
    for harmless in (
        "hello",
        "x" * 10_000,
        "1234567890" * 5,
        "13812345678",
        "加我微信聊",
        "4111 1111 1111 1112",
    ):
        agent.reply(ticket, harmless)


def test_words_that_the_order_denies_go_out_only_confirmed(agent: Person, channel: Channel) -> None:
    customer, number = ulid(), f"E{ulid()[-9:]}"
    order = {
        "customer": customer,
        "status": "paid",
        "total": "99.00",
        "paid_at": "2026-11-09T00:00:00Z",
        "ship_by": "2026-11-11T00:00:00Z",
    }
    assert channel.http.put(f"/v1/orders/{number}", json=order).status_code == 200
    ticket = channel.say(customer, "发货了吗", order=number)["ticket"]
    untrue = text("您好，您的包裹已经发货，请耐心等待")
    assert agent.refused("send-reply", ticket=ticket, parts=untrue) == "contradicts-order"
    assert (
        agent.refused("send-reply", ticket=ticket, parts=untrue, confirmed=["wrong-sum"])
        == "contradicts-order"
    )
    told = agent.do("send-reply", ticket=ticket, parts=untrue)
    assert told["problem"]["detail"] == "claim-shipped: 已经发货"
    agent.reply(ticket, "还没有发货，我们晚了，对不起")
    agent.reply(ticket, "发货后会发您单号，一般 48 小时内发出")
    agent.applied("send-reply", ticket=ticket, parts=untrue, confirmed=["claim-shipped"])
    shipped = {
        **order,
        "status": "shipped",
        "parcels": [{"number": "SF1", "carrier": "顺丰", "status": "in_transit"}],
    }
    assert channel.http.put(f"/v1/orders/{number}", json=shipped).status_code == 200
    agent.applied("send-reply", ticket=ticket, parts=untrue)


def test_a_claim_that_a_team_refuses_cannot_be_confirmed(alone: Callable[..., Server], tmp_path: Any) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        "[[rule]]\nid = 'shipped'\nkind = 'claim'\naction = 'refuse'\ntrue_when = 'shipped'\n"
        "patterns = ['已发货']\nzh = '不'\nen = 'no'\n[rule.role]\nlead = 'off'\n",
        "utf-8",
    )
    server = alone("--outgoing", str(rules))
    channel, number = server.channel(), f"E{ulid()[-9:]}"
    order = {"customer": "c1", "status": "paid", "total": "99.00", "paid_at": "2026-11-09T00:00:00Z"}
    assert channel.http.put(f"/v1/orders/{number}", json=order).status_code == 200
    ticket = channel.say("c1", "发货了吗", order=number)["ticket"]
    given = {"ticket": ticket, "parts": text("已发货"), "confirmed": ["shipped"]}
    assert server.person().refused("send-reply", **given) == "outgoing"
    server.person("lead").applied("send-reply", ticket=ticket, parts=text("已发货"))


def test_a_team_has_its_own_rules(alone: Callable[..., Server], tmp_path: Any) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        "[[rule]]\nid = 'no-tea'\naction = 'refuse'\npatterns = ['喝茶']\nzh = '不'\nen = 'no'\n", "utf-8"
    )
    server = alone("--outgoing", str(rules))
    agent, ticket = server.person(), server.channel().say("c1", "在吗")["ticket"]
    assert agent.refused("send-reply", ticket=ticket, parts=text("来喝茶")) == "outgoing"
    agent.reply(ticket, "五星好评返现 5 元")


# -- what the desk makes of it


@contextlib.asynccontextmanager
async def desk_of(person: Person) -> AsyncIterator[tuple[Desk, Library]]:
    """A desk and its library, as the screen puts them together."""
    desk = Desk(HttpBackend(str(person.http.base_url), person.token))
    library = Library(
        CombinedSources(
            (Source(origin=OWN, entries=OURS),), LiveEntries(lambda: desk.shared_knowledge.entries)
        ),
        advisor=Advisor(weights=lambda: desk.shared_knowledge.model),
    )
    end = desk.changes.subscribe(lambda change: library.wake() if Topic.KNOWLEDGE in change.topics else None)
    await desk.start()
    running = asyncio.create_task(library.run())
    try:
        yield desk, library
    finally:
        running.cancel()
        end()
        await desk.stop()


OURS = (
    Entry(id="refund-when", kind="snippet", title="退款时效", text="三天内到账。", origin=OWN),
    Entry(id="parcel-where", kind="snippet", title="物流进度", text="快递在路上。", origin=OWN),
)


def test_what_one_shares_the_other_finds_while_both_work(server: Server, lead: Person) -> None:
    asyncio.run(_shared_and_revoked(server.person(), server.person(), lead))


async def _shared_and_revoked(anna: Person, ben: Person, lead: Person) -> None:
    id = f"own-{ulid()}"
    async with desk_of(anna) as (mine, own), desk_of(ben) as (_, library):
        await eventually(lambda: own.is_ready and library.is_ready and mine.tickets.is_loaded)
        await mine.shared_knowledge.put(id, "snippet", {k: v for k, v in SNIPPET.items() if k != "kind"})
        await eventually(lambda: library.get(id))
        assert id in [hit.id for hit in library.search("huanjidongyi")]
        entry = library.get(id)
        assert entry is not None
        assert (entry.origin, entry.author) == ("server", anna.name)
        await asyncio.to_thread(lead.http.delete, f"/v1/entries/{id}")
        await eventually(lambda: library.get(id) is None)
        assert id not in [hit.id for hit in library.search("huanjidongyi")]


@pytest.mark.torture
def test_what_everyone_sends_changes_what_is_recommended(fresh: Callable[..., Server]) -> None:
    server = fresh("--learn-after", "120", "--learn-minutes", "60")
    agent, channel = server.person(), server.channel()
    # How the customers of this shop ask; no word of it is in the entries.
    asked = {"refund-when": "那个蓝色的小东西呢", "parcel-where": "红色的大家伙怎么样了"}
    for number in range(120):
        entry = list(asked)[number % 2]
        ticket = channel.say(f"c{number}", f"{asked[entry]}{'啊' * (number % 5)}")["ticket"]
        used = [{"id": entry, "kept": 1.0}]
        agent.applied("send-reply", ticket=ticket, parts=text("好的"), entries=used)
    asyncio.run(_recommended(server.person()))
    assert agent.http.get("/v1/model").headers["model-version"] == "1"


@pytest.mark.torture
def test_an_entry_that_is_claimed_but_not_sent_is_not_learned(fresh: Callable[..., Server]) -> None:
    server = fresh("--learn-after", "120", "--learn-minutes", "60")
    channel, honest, liar = server.channel(), server.person(), server.person()
    advert, refund = ulid(), ulid()
    for id, words in ((advert, "关注直播间，今晚八点全场五折"), (refund, "退款三天内原路退回，请留意短信")):
        assert put(honest, id, {"kind": "snippet", "title": "活动", "body": words}).status_code < 300
    for number in range(120):
        ticket = channel.say(f"c{number}", "退款什么时候到账")["ticket"]
        sent = (liar, "好的", advert), (honest, "退款三天内原路退回，请留意短信", refund)
        who, words, entry = sent[number % 2]
        who.applied("send-reply", ticket=ticket, parts=text(words), entries=[{"id": entry, "kept": 1.0}])
    model = until(lambda: taught(honest), "the model")
    assert refund in model.entries
    assert advert not in model.entries


def taught(who: Person) -> model_file.Model | None:
    answer = who.http.get("/v1/model")
    return model_file.unpack(answer.content) if answer.status_code == 200 else None


async def _recommended(person: Person) -> None:
    situation = Situation(messages=(Said("请问那个蓝色的小东西呢"),))

    def first(library: Library) -> str:
        return next((one.entry.id for one in library.guess(situation).advice), "")

    async with desk_of(person) as (desk, library):
        await eventually(lambda: desk.shared_knowledge.model)
        await eventually(lambda: first(library) == "refund-when")


def test_usages_of_a_team_since_a_moment(server: Server, channel: Channel) -> None:
    team, entry = f"售后-{ulid()[-6:]}", ulid()
    member, other = server.person(team=team), server.person()
    for who in (member, other):
        ticket = channel.say(f"c-{ulid()}", "快递几天到")["ticket"]
        who.applied("send-reply", ticket=ticket, parts=text("三天"), entries=[{"id": entry}])
    until(lambda: len(used(other, entry)) == 2, "both usages")
    page = other.get("/v1/usages", team=team)
    assert [(one["entry"], one["team"]) for one in page["usages"]] == [(entry, team)]
    assert page["usages"][0]["kind"] == "query/logistics/regular/calm//zh"
    moment = page["usages"][0]["at"]
    assert len(other.get("/v1/usages", team=team, since=moment)["usages"]) == 1
    assert other.get("/v1/usages", team=team, since="2999-01-01T00:00:00Z")["usages"] == []
    unknown = other.http.get("/v1/usages", params={"team": "没有这个组"})
    assert (unknown.status_code, unknown.json()["type"].rsplit("/", 1)[-1]) == (404, "unknown-team")
    assert team in unknown.json()["detail"]
    for wrong in ({"since": "yesterday"}, {"team": " "}):
        assert other.http.get("/v1/usages", params=wrong).status_code == 400


def test_what_was_asked_of_a_ticket_s_team_is_that_team_s(server: Server, channel: Channel) -> None:
    team, entry, who = f"仓库-{ulid()[-6:]}", ulid(), server.person()
    ticket = channel.say(f"c-{ulid()}", "我要投诉，快递丢了")["ticket"]
    version = who.ticket(ticket)["version"]
    who.applied("transfer", ticket=ticket, version=version, team=team, reason="查件")
    who.applied("send-reply", ticket=ticket, parts=text("在查"), entries=[{"id": entry}])
    found = until(lambda: who.get("/v1/usages", after="0", limit=1000, team=team)["usages"], "it")
    assert [(one["entry"], one["kind"]) for one in found] == [(entry, "")]
