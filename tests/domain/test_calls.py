"""Calls for help: several at once, which one is shown, how they escalate, what ends them."""

import pytest
from msgspec.structs import replace

from agent_tui.domain.calls import (
    APPROVAL,
    ASKED,
    CARD,
    answered,
    called,
    calls_of,
    due_at,
    escalated,
    looked_at,
    new_call,
)
from agent_tui.domain.models import HelpCall, Person, Status, Ticket
from agent_tui.domain.policy import Helpers, Policy
from tests.domain.make import NOON, after, ticket

HELPER, BUDDY = Person(id="p9", name="小赵"), Person(id="p1", name="小林")
POLICY = Policy(helpers=Helpers(buddy_seconds=60, core_seconds=30))


def call(reason: str, seconds: float = 0, message: str | None = None, to: Person | None = BUDDY) -> HelpCall:
    return replace(new_call(HELPER, to, reason, after(seconds), POLICY), message=message)


def calling(*calls: HelpCall, **more: object) -> Ticket:
    found = replace(ticket(), assignee=HELPER, **more)
    for one in calls:
        found = called(found, one)
    return found


@pytest.mark.parametrize(
    ("reasons", "first"),
    [((ASKED, APPROVAL), APPROVAL), ((APPROVAL, CARD, ASKED), CARD), ((ASKED,), ASKED)],
)
def test_a_card_is_shown_before_an_approval_before_a_question(reasons: tuple[str, ...], first: str) -> None:
    shown = calling(*map(call, reasons)).help
    assert shown is not None
    assert shown.reason == first


def test_of_two_replies_the_one_that_awaits_longer_is_shown() -> None:
    both = calling(call(APPROVAL, 5, "m2"), call(APPROVAL, 1, "m1"))
    assert both.help is not None
    assert both.help.message == "m1"
    left = looked_at(both, "m1")
    assert [one.message for one in left.calls] == ["m2"]
    assert looked_at(left, "m2").help is None


def test_an_answer_ends_questions_and_leaves_what_awaits() -> None:
    both = calling(call(APPROVAL, 0, "m1"), call(ASKED, 5))
    assert [one.reason for one in answered(both, ASKED, CARD).calls] == [APPROVAL]


def test_the_same_question_again_begins_anew() -> None:
    again = calling(call(ASKED), call(ASKED, 40))
    assert [one.at for one in again.calls] == [after(40)]


def test_each_call_goes_from_stage_to_stage_by_itself() -> None:
    both = calling(call(ASKED), call(APPROVAL, 50, "m1"))
    assert due_at(both) == after(60)
    second = escalated(both, after(60), POLICY)
    assert {one.reason: (one.stage, one.to) for one in second.calls} == {
        ASKED: ("core", None),
        APPROVAL: ("buddy", BUDDY),
    }
    assert (second.version, due_at(second)) == (both.version + 1, after(90))
    third = escalated(escalated(second, after(110), POLICY), after(140), POLICY)
    assert [one.stage for one in third.calls] == ["lead", "lead"]
    assert due_at(third) is None


def test_who_has_no_buddy_calls_any_core_agent_and_a_card_calls_the_lead() -> None:
    assert (call(ASKED, to=None).stage, call(ASKED, to=None).due) == ("core", after(30))
    assert (call(CARD).stage, call(CARD).due) == ("lead", None)


def test_calls_of_a_helper_who_no_longer_has_the_ticket_end() -> None:
    both = calling(call(ASKED), call(APPROVAL, 0, "m1"))
    assert escalated(replace(both, assignee=None), after(60), POLICY).help is None
    assert escalated(replace(both, status=Status.CLOSED), after(60), POLICY).help is None


def test_on_a_solved_ticket_only_what_awaits_approval_goes_on_calling() -> None:
    both = calling(call(ASKED), call(APPROVAL, 0, "m1"), status=Status.SOLVED)
    assert [one.reason for one in escalated(both, after(60), POLICY).calls] == [APPROVAL]


def test_a_ticket_stored_with_one_call_has_that_one() -> None:
    old = replace(ticket(), help=HelpCall(at=NOON, by=HELPER))
    assert calls_of(old) == (old.help,)
    assert answered(old, ASKED).help is None
