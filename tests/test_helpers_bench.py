"""The bench of the helper's screen keeps its own rules: who comes, what is right, which keys are counted."""

from datetime import UTC, datetime

import pytest

from agent_tui.domain.policy import Policy
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.settings import Settings
from agent_tui.sim.cast import Case, make_case
from agent_tui.sim.openings import Opening, select
from agent_tui.tui.helper.assembly import reading
from tests.bench.helpers_judge import Outcome, figures, judged
from tests.bench.helpers_people import PACKS, Guest, crowd, openings_of, why_kept
from tests.bench.helpers_play import seated
from tests.bench.spoken import telling_words

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def logistics() -> ResolvedPack:
    return reading(Settings())("logistics", "")


def opening(id: str) -> Opening:
    return next(one for one in select("no") if one.id == id)


def customer(id: str, index: int = 0) -> Case:
    """A customer with a question of the rest whom no rule keeps away."""
    for seed in range(index, index + 100):
        case = make_case(opening(id), seed, NOW, index)
        if not why_kept(case, reading(Settings())("logistics", "").pack, Policy()):
            return case
    raise AssertionError(id)


@pytest.mark.parametrize("id", PACKS)
def test_fifty_different_held_out_customers_can_come(id: str) -> None:
    pack = reading(Settings())(id, "").pack
    held_out = openings_of(pack, "only")
    assert len(held_out) >= 50
    assert all(one.held_out and one.language == pack.language for one in held_out)
    assert not {one.id for one in held_out} & {one.id for one in openings_of(pack, "no")}


def test_every_question_comes_once_before_one_comes_again(logistics: ResolvedPack) -> None:
    came = crowd(logistics.pack, 40, "no", 3, Policy())
    asked = [guest.case.opening.id for guest in came.guests]
    assert len(set(asked)) == len(asked) == came.openings == 40
    again = crowd(logistics.pack, 40, "no", 3, Policy())
    assert [guest.case.messages for guest in again.guests] == [guest.case.messages for guest in came.guests]


def test_whom_the_rules_keep_from_helpers_does_not_come(logistics: ResolvedPack) -> None:
    came = crowd(logistics.pack, 120, "no", 3, Policy())
    assert came.kept_away
    assert "category" not in came.kept_away
    assert {guest.case.person.tier for guest in came.guests} <= {"regular", "member"}
    assert all(float(guest.case.order.total) < 1000 for guest in came.guests if guest.case.order)


def test_a_reply_is_judged_by_the_facts_the_customer_came_for() -> None:
    case = make_case(opening("logistics-02"), 1, NOW)
    assert judged(case, "付款后 48 小时内发货") == "right"
    assert judged(case, "优惠券可以叠加") == "wrong"
    assert judged(case, "请把订单号发我，我查一下") == "wrong"


def test_sums_are_shares_of_all_who_came() -> None:
    outcomes = [
        Outcome(opening="a", is_routed=True, result="right", way="recommended", keys=2),
        Outcome(opening="b", is_routed=True, result="wrong", way="search", keys=8),
        Outcome(opening="b", is_routed=False, result="asked", keys=1),
        Outcome(opening="c", is_routed=True, result="card"),
    ]
    sums = figures(outcomes)
    assert (sums.right, sums.wrong, sums.asked, sums.cards) == (0.25, 0.25, 0.25, 0.25)
    assert (sums.openings, sums.keys_mean, sums.recommended) == (3, 5, 0.5)


def test_the_words_typed_are_the_customers_own() -> None:
    assert telling_words(["能改地址吗"], ["改地址：还没发货", "包裹到哪了"])[0] == "gaidizhi"
    assert telling_words(["天气真好"], ["改地址：还没发货"]) == []


async def test_the_screen_is_played_by_rule(logistics: ResolvedPack) -> None:
    async with seated(logistics) as helper:
        clear = await helper.serve(Guest(case=customer("logistics-42"), is_routed=True), logistics)
        where = await helper.serve(Guest(case=customer("logistics-15", 1), is_routed=True), logistics)
    assert (clear.result, clear.way, clear.keys) == ("right", "recommended", 2)
    assert clear.entry == "order-address-before-ship"
    assert where.result == "right"
