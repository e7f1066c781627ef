"""Promises and urgency by table: what is due when, and every reason that moves a ticket."""

import pytest

from agent_tui.domain.intake import Arrival, receive
from agent_tui.domain.models import Category, Floor, Mood, Phase, PromiseKind, Status, Tier
from agent_tui.domain.policy import Policy, read_policy
from agent_tui.domain.reading import read
from agent_tui.domain.rules import Applied, decide
from agent_tui.domain.urgency import urgency_of
from tests.domain.make import NOON, after, said, scene, seat, ticket
from tests.domain.test_rules import reply


@pytest.mark.parametrize(
    ("text", "tier", "floor", "seconds"),
    [
        ("这件有什么颜色", Tier.REGULAR, Floor(), 60),
        ("我要退款", Tier.REGULAR, Floor(), 120),
        ("app 打不开,登录不了", Tier.REGULAR, Floor(), 180),
        ("app 打不开,登录不了", Tier.VIP, Floor(), 60),
        ("冒烟了,漏电", Tier.REGULAR, Floor(phase=Phase.PEAK), 10),
        ("冒烟了,漏电", Tier.REGULAR, Floor(phase=Phase.LAUNCH), 120),
    ],
)
def test_the_first_response(text: str, tier: Tier, floor: Floor, seconds: int) -> None:
    promise = ticket(text, tier, floor).promises[0]
    assert promise.kind is PromiseKind.FIRST_RESPONSE
    assert (promise.due_at - NOON).total_seconds() == seconds


def test_every_reason_can_be_read_and_adds_up() -> None:
    angry = ticket("到底退不退,我要投诉", Tier.VIP, Floor(level=2))
    parts = {p.reason: p.seconds for p in angry.urgency.parts}
    assert parts == {"tier-vip": -60, "priority-high": -30, "mood-angry": -120, "emergency-2": -40}
    assert angry.urgency.due_at is not None
    assert (angry.urgency.due_at - angry.promises[0].due_at).total_seconds() == sum(parts.values())


def test_an_answered_ticket_has_no_urgency_until_the_customer_writes_again() -> None:
    ruling = decide(reply(), scene(seat(), ticket()))
    assert isinstance(ruling, Applied)
    answered = ruling.events[1].ticket  # type: ignore[union-attr]
    assert answered.urgency.due_at is None
    arrival = Arrival(message=said("还没收到", after(60)), customer=answered.customer, said=["还没收到"])
    again = receive(answered, arrival, after(60), Floor(), Policy())
    assert [p.kind for p in again.promises] == [PromiseKind.FIRST_RESPONSE, PromiseKind.NEXT_REPLY]
    assert again.promises[1].due_at == after(240)
    assert again.version == answered.version + 1


def test_more_messages_do_not_push_the_promise_back() -> None:
    first = ticket()
    arrival = Arrival(message=said("人呢???", after(20)), customer=first.customer, said=["到哪了", "人呢???"])
    second = receive(first, arrival, after(20), Floor(), Policy())
    assert second.promises == first.promises
    assert second.unread == 2
    assert second.mood is not Mood.CALM
    assert second.waiting_since == NOON


def test_a_solved_ticket_is_reopened_as_another_contact() -> None:
    solved = ticket(status=Status.SOLVED)
    arrival = Arrival(message=said("又没动静了", after(500)), customer=solved.customer, said=["又没动静了"])
    again = receive(solved, arrival, after(500), Floor(), Policy())
    assert (again.status, again.contacts) == (Status.OPEN, 2)


def test_a_settled_ticket_is_not_urgent() -> None:
    assert urgency_of(ticket(status=Status.SOLVED), Floor(), Policy()).due_at is None


@pytest.mark.parametrize(
    ("text", "category", "mood", "is_urgent"),
    [
        ("在吗", Category.OTHER, Mood.CALM, False),
        ("快递三天没动了", Category.LOGISTICS, Mood.CALM, False),
        ("为什么扣了两次钱!!", Category.PAYMENT, Mood.ANXIOUS, True),
        ("再不退我投诉了", Category.COMPLAINT, Mood.ANXIOUS, False),
        ("我要投诉，快递三天没动静了", Category.COMPLAINT, Mood.ANGRY, False),
        ("where is my order", Category.LOGISTICS, Mood.CALM, False),
        ("满减没用上", Category.COUPON, Mood.CALM, False),
        ("主播说送福袋", Category.LIVE, Mood.CALM, False),
    ],
)
def test_the_plain_reading(text: str, category: Category, mood: Mood, is_urgent: bool) -> None:
    found = read([text])
    assert (found.category, found.mood, found.is_urgent) == (category, mood, is_urgent)


def test_a_team_edits_the_rules_and_errors_name_the_place() -> None:
    policy = read_policy(b"[first_response]\nquery = 30\n[limits]\ncapacity = 5\n", "team.toml")
    assert (policy.first_response.query, policy.limits.capacity) == (30, 5)
    with pytest.raises(Exception, match="first_response"):
        read_policy(b"[first_response]\nquery = 'soon'\n", "team.toml")
