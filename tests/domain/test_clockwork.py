"""What time alone does to a ticket."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from agent_tui.domain import clockwork
from agent_tui.domain.models import (
    CustomerRef,
    Floor,
    HelpCall,
    Person,
    Priority,
    Promise,
    PromiseKind,
    Status,
    Tier,
)
from agent_tui.domain.policy import Policy
from tests.domain import make

FLOOR, POLICY = Floor(), Policy()


def running(kind: PromiseKind) -> Any:
    return (Promise(kind=kind, due_at=make.NOON + timedelta(seconds=60)),)


def test_a_snooze_ends_with_an_event() -> None:
    ticket = replace(make.ticket(), snoozed_until=make.NOON)
    added, changed = clockwork.woken(ticket, "E1", make.NOON, FLOOR, POLICY)
    assert changed.ticket.snoozed_until is None
    assert changed.ticket.version == ticket.version + 1
    assert (added.message.id, added.message.author.kind) == ("E1", "system")
    assert added.message.parts[0].label == "woke"


def test_a_lost_seat_gives_its_ticket_back_and_says_whose_it_was() -> None:
    ticket = replace(make.ticket(), assignee=Person(id="p1", name="小林"))
    added, changed = clockwork.released(ticket, "E1", make.NOON, FLOOR, POLICY)
    assert changed.ticket.assignee is None
    assert added.message.parts[0].values == {"by": "小林"}


def test_only_chats_that_wait_for_words_are_given_back() -> None:
    waiting = replace(make.ticket(), status=Status.OPEN, promises=running(PromiseKind.NEXT_REPLY))
    assert clockwork.waits_for_answer(waiting)
    assert not clockwork.waits_for_answer(replace(waiting, status=Status.PENDING))
    assert not clockwork.waits_for_answer(replace(waiting, promises=running(PromiseKind.RESOLUTION)))


def test_a_level_ranks_only_what_it_concerns() -> None:
    promised = replace(make.ticket(), priority=Priority.HIGH, promises=running(PromiseKind.FIRST_RESPONSE))
    ticket = clockwork.reranked(promised, FLOOR, POLICY)
    higher = clockwork.reranked(ticket, Floor(level=3), POLICY)
    assert higher.version == ticket.version + 1
    assert higher.urgency.due_at == ticket.urgency.due_at - timedelta(seconds=60)
    calm = replace(promised, priority=Priority.NORMAL)
    settled = clockwork.reranked(calm, FLOOR, POLICY)
    assert clockwork.reranked(settled, Floor(level=3), POLICY) is settled


def test_another_tier_moves_the_ticket_and_the_same_one_does_not() -> None:
    ticket = make.ticket()
    vip = CustomerRef(id=ticket.customer.id, name="李雷", tier=Tier.VIP)
    after = clockwork.recast(ticket, vip, True, make.NOON, FLOOR, POLICY)
    assert (after.customer, after.high_value, after.version) == (vip, True, ticket.version + 1)
    assert clockwork.recast(after, vip, True, make.NOON, FLOOR, POLICY) is after


HELPER = Person(id="p9", name="小赵")
CALL = HelpCall(at=make.NOON, by=HELPER, to=Person(id="p1", name="小林"))


def test_a_ticket_is_given_to_a_helper_and_leaves_them() -> None:
    waiting = make.ticket()
    added, given = clockwork.routed(waiting, HELPER, "E1", make.NOON, FLOOR, POLICY)
    assert (given.ticket.assignee, given.ticket.status) == (HELPER, Status.OPEN)
    assert added.message.parts[0].label == "routed"
    added, back = clockwork.left(given.ticket, "helper-finished", "E2", make.NOON, FLOOR, POLICY)
    assert (back.ticket.assignee, back.ticket.core_only) == (None, False)
    assert added.message.parts[0].values == {"by": "小赵"}
    added, over = clockwork.passed_on(given.ticket, "mood", "E3", make.NOON, FLOOR, POLICY)
    assert (over.ticket.assignee, over.ticket.core_only) == (None, True)
    assert added.message.parts[0].values == {"by": "小赵", "reason": "mood"}


def test_an_emergency_word_calls_the_lead() -> None:
    call = replace(CALL, reason="card", stage="lead", text="起火")
    ticket = replace(make.ticket(), assignee=HELPER)
    added, changed = clockwork.carded(ticket, "fire", call, "E1", make.NOON, FLOOR, POLICY)
    assert changed.ticket.help == call
    assert (added.message.parts[0].label, added.message.parts[0].text) == ("card-called", "起火")


def test_a_call_for_help_goes_from_stage_to_stage_and_ends_with_its_reason() -> None:
    ticket = replace(make.ticket(), assignee=HELPER, help=CALL)
    second = clockwork.escalated(ticket, make.NOON)
    third = clockwork.escalated(second, make.NOON)
    assert [t.help.stage for t in (second, third) if t.help] == ["core", "lead"]
    assert second.help is not None
    assert (second.help.to, second.version) == (None, ticket.version + 1)
    assert clockwork.escalated(replace(ticket, assignee=None), make.NOON).help is None
    assert clockwork.escalated(replace(ticket, status=Status.SOLVED), make.NOON).help is None
