"""What time alone does to a ticket."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from agent_tui.domain import clockwork
from agent_tui.domain.models import (
    CustomerRef,
    Floor,
    Priority,
    Promise,
    PromiseKind,
    Status,
    Tier,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.ruling import Moment
from agent_tui.domain.urgency import ranked
from tests.domain import make

FLOOR, POLICY, NORMAL = Floor(), Policy(), Priority.NORMAL
AT = Moment(make.NOON, FLOOR, POLICY)
HIGHER = Moment(make.NOON, Floor(level=3), POLICY)


def running(kind: PromiseKind) -> Any:
    return (Promise(kind=kind, due_at=make.NOON + timedelta(seconds=60)),)


def test_a_snooze_ends_with_an_event() -> None:
    ticket = replace(make.ticket(), snoozed_until=make.NOON)
    added, changed = clockwork.woken(ticket, "E1", AT)
    assert changed.ticket.snoozed_until is None
    assert changed.ticket.version == ticket.version + 1
    assert (added.message.id, added.message.author.kind) == ("E1", "system")
    assert added.message.parts[0].label == "woke"


def test_only_chats_that_wait_for_words_are_given_back() -> None:
    waiting = replace(make.ticket(), status=Status.OPEN, promises=running(PromiseKind.NEXT_REPLY))
    assert clockwork.waits_for_answer(waiting)
    assert not clockwork.waits_for_answer(replace(waiting, status=Status.PENDING))
    assert not clockwork.waits_for_answer(replace(waiting, promises=running(PromiseKind.RESOLUTION)))


def test_a_level_ranks_only_what_it_concerns() -> None:
    promised = replace(make.ticket(), priority=Priority.HIGH, promises=running(PromiseKind.FIRST_RESPONSE))
    ticket, calm = (ranked(one, FLOOR, POLICY) for one in (promised, replace(promised, priority=NORMAL)))
    (changed,) = clockwork.reranked((ticket, calm), HIGHER)
    assert changed.ticket.version == ticket.version + 1
    assert changed.ticket.urgency.due_at == ticket.urgency.due_at - timedelta(seconds=60)
    assert clockwork.reranked((changed.ticket,), HIGHER) == ()


def test_a_settled_ticket_is_not_ranked_anew() -> None:
    promised = replace(make.ticket(), priority=Priority.HIGH, promises=running(PromiseKind.FIRST_RESPONSE))
    assert clockwork.reranked((replace(promised, status=Status.SOLVED),), HIGHER) == ()


def test_a_closed_ticket_never_wakes() -> None:
    snoozed = replace(make.ticket(), snoozed_until=make.NOON)
    assert clockwork.wakes_at(snoozed) == make.NOON
    assert clockwork.wakes_at(replace(snoozed, status=Status.CLOSED)) is None


def test_another_tier_moves_the_ticket_and_the_same_one_does_not() -> None:
    ticket = make.ticket()
    vip = CustomerRef(id=ticket.customer.id, name="李雷", tier=Tier.VIP)
    after = clockwork.recast(ticket, vip, True, AT)
    assert (after.customer, after.high_value, after.version) == (vip, True, ticket.version + 1)
    assert clockwork.recast(after, vip, True, AT) is after
