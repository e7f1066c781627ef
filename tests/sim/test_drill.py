"""Drills: their content fits the packs, and the runner judges what a helper did."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.names import is_known
from agent_tui.knowledge.fill import fill
from agent_tui.knowledge.packs import ResolvedPack, load_pack, resolve
from agent_tui.knowledge.sources import built_in, load
from agent_tui.sim.drill import CUSTOMERS, STAGES, Done, Drill, DrillCustomer, drill_set, judge, values_of

PACKS = ("logistics", "returns", "promotion", "live", "basics-en")
ENTRIES = load([built_in()]).entries
RESOLVED = {id: resolve(load_pack(id), ENTRIES) for id in PACKS}
DAY = date(2026, 11, 22)
OTHERS = {
    "agent.name": "小林",
    "shop.hours": "9:00-24:00",
    "shop.return_address": "杭州市余杭区仓前街道 1 号",
}


@pytest.mark.parametrize("id", PACKS)
def test_a_set_has_fifteen_customers_in_the_order_of_the_training_plan(id: str):
    customers = drill_set(id).customers
    assert len({one.id for one in customers}) == len(customers) == CUSTOMERS
    assert [one.stage for one in customers] == sorted((one.stage for one in customers), key=STAGES.index)
    assert all(drill_set(id).stage(stage) for stage in STAGES)


@pytest.mark.parametrize("id", PACKS)
def test_what_is_right_is_in_the_pack(id: str):
    pack = RESOLVED[id].pack
    for one in drill_set(id).customers:
        assert bool(one.right) == (one.deed == "answer"), one.id
        assert all(pack.answer(entry) for entry in (*one.right, *one.wrong)), one.id
        assert not set(one.right) & set(one.wrong), one.id
        assert not one.procedure or pack.procedure(one.procedure), one.id
        assert bool(one.card) == (one.deed == "card"), one.id


@pytest.mark.parametrize("id", PACKS)
def test_an_emergency_brings_its_card_and_nothing_else_does(id: str):
    for one in drill_set(id).customers:
        card = RESOLVED[id].card_for("\n".join(one.says))
        assert (card.id if card else "") == one.card, one.id


@pytest.mark.parametrize("id", PACKS)
def test_the_right_answer_needs_no_hand_in_its_situation(id: str):
    pack = RESOLVED[id]
    for one in drill_set(id).customers:
        values = values_of(one.situation, DAY)
        assert all(is_known(path) for path in values)
        answer = pack.get(one.right[0]) if one.right else None
        if answer is not None and "${" not in answer.entry.text:
            named = {"customer.name": "王女士", **OTHERS, **values}
            assert fill(answer.entry.text, named).blanks == (), (one.id, answer.id)


def customer(**changes: object) -> DrillCustomer:
    told = {"right": ("parcel-urgent",), "wrong": ("parcel-where-now",), **changes}
    return DrillCustomer(id="x", stage="skills", situation="moving", says=("快点",), tone="稳", **told)


@pytest.mark.parametrize(
    ("one", "done", "is_right", "is_safe"),
    [
        (customer(), Done(customer="x", deed="answer", seconds=1, entry="parcel-urgent"), True, True),
        (customer(), Done(customer="x", deed="answer", seconds=1, entry="parcel-where-now"), False, False),
        (customer(), Done(customer="x", deed="ask", seconds=1), False, True),
        (customer(), Done(customer="x", deed="hand-over", seconds=1), False, True),
        (customer(deed="hand-over"), Done(customer="x", deed="hand-over", seconds=1), True, True),
        (customer(deed="card", card="danger"), Done(customer="x", deed="card", seconds=1, card="press"),
         False, False),
        (customer(deed="card", card="danger"), Done(customer="x", deed="card", seconds=1, card="danger"),
         True, True),
    ],
)  # fmt: skip
def test_an_answer_is_right_asking_is_safe(one: DrillCustomer, done: Done, is_right: bool, is_safe: bool):
    verdict = judge(one, done, RESOLVED["logistics"])
    assert (verdict.is_right, verdict.is_safe) == (is_right, is_safe)


def test_what_was_missed_is_to_be_reread_and_what_should_have_been_said_is_told():
    drill = Drill(RESOLVED["logistics"], [customer(procedure="trace-parcel", kind=("抱歉",))])
    verdict = drill.take(
        Done(customer="x", deed="answer", seconds=40, entry="parcel-where-now", text="你自己看物流")
    )
    assert verdict.should == "急用：能不能快点送"
    assert "优先派送" in verdict.say
    assert (verdict.rude, verdict.is_kind, verdict.skipped) == (("你自己",), False, "trace-parcel")
    outcome = drill.outcome()
    assert (outcome.customers, outcome.right, outcome.unsafe, outcome.seconds) == (1, 0, 1, 40)
    assert outcome.reread == ("parcel-urgent", "parcel-where-now")
    assert drill.left == ()


def play(pack: ResolvedPack, rights: list[bool]) -> Drill:
    drill = Drill(pack, drill_set(pack.pack).customers)
    for one, is_right in zip(drill.customers, rights, strict=True):
        entry = one.right[0] if one.right else ""
        deed = one.deed if is_right else "ask"
        drill.take(Done(customer=one.id, deed=deed, seconds=1, entry=entry, card=one.card))
    return drill


@given(st.lists(st.booleans(), min_size=CUSTOMERS, max_size=CUSTOMERS), st.sampled_from(PACKS))
def test_right_and_asked_make_up_the_whole(rights: list[bool], id: str):
    outcome = play(RESOLVED[id], rights).outcome()
    assert outcome.right == sum(rights)
    assert outcome.right + outcome.asked == outcome.customers == CUSTOMERS
    assert outcome.unsafe == 0
    assert bool(outcome.reread) <= (outcome.right < CUSTOMERS)
