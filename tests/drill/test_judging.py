"""Drills: the runner judges what a helper did, turn by turn, and adds it up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.drill.judging import Done, Drill, DrillOutcome, judge
from agent_tui.drill.sets import (
    CUSTOMERS,
    STAGES,
    DrillCustomer,
    DrillPart,
    DrillSet,
    Response,
    Turn,
    drill_set,
)
from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.packs.resolved import load_pack, resolve

PACK = resolve(load_pack("logistics"), load([built_in()]).entries)


def customer(**changes: Any) -> DrillCustomer:
    told: dict[str, Any] = {"id": "x", "right": ("parcel-urgent",), "wrong": ("parcel-where-now",), **changes}
    return DrillCustomer(situation="moving", says=("快点",), tone="稳", **told)


def drill(*customers: DrillCustomer) -> Drill:
    parts = (DrillPart(name="先给日期", told="…", customers=customers),)
    return Drill(PACK, DrillSet(pack="logistics", set="skills", parts=parts))


@pytest.mark.parametrize(
    ("one", "done", "is_right", "is_safe"),
    [
        (customer(), Done(customer="x", response="answer", seconds=1, entry="parcel-urgent"), True, True),
        (
            customer(),
            Done(customer="x", response="answer", seconds=1, entry="parcel-where-now"),
            False,
            False,
        ),
        (customer(), Done(customer="x", response="answer", seconds=1, text="自己写的"), False, False),
        (
            customer(),
            Done(customer="x", response="answer", seconds=1, entry="parcel-urgent", slips=("时间",)),
            False,
            False,
        ),
        (customer(), Done(customer="x", response="ask", seconds=1), False, True),
        (customer(), Done(customer="x", response="hand-over", seconds=1), False, True),
        (customer(response="ask"), Done(customer="x", response="ask", seconds=1), True, True),
        (customer(response="hand-over"), Done(customer="x", response="hand-over", seconds=1), True, True),
        (
            customer(response="card", card="danger"),
            Done(customer="x", response="card", seconds=1, card="press"),
            False,
            False,
        ),
        (
            customer(response="card", card="danger"),
            Done(customer="x", response="card", seconds=1, card="danger"),
            True,
            True,
        ),
    ],
)
def test_an_answer_is_right_asking_is_safe(
    one: DrillCustomer, done: Done, is_right: bool, is_safe: bool
) -> None:
    verdict = judge(one, done)
    assert (verdict.is_right, verdict.is_safe) == (is_right, is_safe)


def test_what_was_missed_is_to_be_reread_and_told() -> None:
    played = drill(customer(procedure="trace-parcel", kind=("抱歉",)))
    verdict = played.take(
        Done(customer="x", response="answer", seconds=40, entry="parcel-where-now", text="你自己看物流")
    )
    assert (verdict.should, verdict.trap) == ("parcel-urgent", "parcel-where-now")
    assert (verdict.rude, verdict.is_kind, verdict.skipped) == (("你自己",), False, "trace-parcel")
    outcome = played.outcome()
    assert (outcome.customers, outcome.right, outcome.unsafe, outcome.seconds) == (1, 0, 1, 40)
    assert outcome.reread == ("parcel-urgent", "parcel-where-now")
    assert [(part.name, part.right, part.of) for part in outcome.parts] == [("先给日期", 0, 1)]
    assert played.left == ()


def test_a_customer_who_comes_back_is_right_when_both_turns_are() -> None:
    then = Turn(says=("还有",), tone="稳", right=("parcel-where-now",))
    played = drill(customer(then=then))
    played.take(Done(customer="x", response="answer", seconds=4, entry="parcel-urgent"))
    assert played.outcome().right == 1
    played.take(Done(customer="x", turn=1, response="answer", seconds=8, entry="parcel-urgent"))
    outcome = played.outcome()
    assert (outcome.customers, outcome.right, outcome.unsafe, outcome.seconds) == (1, 0, 1, 6)
    assert outcome.reread == ("parcel-where-now",)


def played(choices: list[bool], missed: Response = "ask") -> DrillOutcome:
    run = Drill(PACK, drill_set("logistics", "live"))
    for one, is_right in zip(run.set.customers, choices, strict=True):
        entry = one.right[0] if one.right and is_right else ""
        other: Response = "hand-over" if one.response == missed else missed
        response = one.response if is_right else other
        run.take(Done(customer=one.id, response=response, seconds=1, entry=entry, card=one.card))
    return run.outcome()


@given(st.lists(st.booleans(), min_size=CUSTOMERS, max_size=CUSTOMERS))
def test_right_passed_on_and_wrong_make_up_the_whole(choices: list[bool]) -> None:
    outcome = played(choices)
    assert outcome.right == sum(choices) == sum(part.right for part in outcome.parts)
    assert outcome.right + outcome.passed_on + outcome.unsafe == outcome.customers == CUSTOMERS
    assert outcome.unsafe == 0


def test_twelve_of_fifteen_pass_but_no_emergency_may_be_missed() -> None:
    customers = drill_set("logistics", "live").customers
    calm = [one.response != "card" for one in customers]
    three = [n for n, is_calm in enumerate(calm) if is_calm][:3]
    assert played([n not in three for n in range(CUSTOMERS)]).is_passed
    four = [n for n, is_calm in enumerate(calm) if is_calm][:4]
    assert not played([n not in four for n in range(CUSTOMERS)]).is_passed
    urgent = calm.index(False)
    assert not played([n != urgent for n in range(CUSTOMERS)]).is_passed


def test_who_has_not_been_served_has_not_been_right() -> None:
    run = Drill(PACK, drill_set("logistics", "skills"))
    first = run.set.customers[0]
    run.take(Done(customer=first.id, response="answer", seconds=1, entry=first.right[0]))
    outcome = run.outcome()
    assert (outcome.customers, outcome.right, outcome.is_passed) == (1, 1, False)
    assert len(run.left) == CUSTOMERS - 1
    assert STAGES[0] == outcome.stage


def test_a_set_is_not_passed_with_nothing_right_in_one_of_its_skills() -> None:
    known = drill_set("logistics", "skills")
    run = Drill(PACK, known)
    missed = {one.id for one in known.parts[0].customers}
    for one in known.customers:
        for n, turn in enumerate(one.turns):
            wants = "ask" if one.id in missed and turn.response != "ask" else turn.response
            entry = turn.right[0] if turn.right and wants == "answer" else ""
            card = turn.card if wants == "card" else ""
            run.take(Done(customer=one.id, turn=n, response=wants, seconds=1, entry=entry, card=card))
    outcome = run.outcome()
    assert outcome.right * 10 >= len(known.customers) * 8
    assert not outcome.is_passed
