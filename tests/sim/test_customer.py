"""The customer model: what a person does with each kind of reply, and that every conversation ends."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_tui.sim.cast import Case, make_case
from agent_tui.sim.customer import AT_ONCE, CustomerPace, Says, SimulatedCustomer, Stage
from agent_tui.sim.heard import asked_for, hear
from agent_tui.sim.openings import bank
from tests.sim.desk import correct_answers, evasions, filled

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
OPENINGS = {opening.id: opening for opening in bank()}
GREETING, HOLD, NOTHING = "您好，请问有什么可以帮您？", "稍等，我帮您查一下", "祝您生活愉快"


def case(opening: str = "logistics-01", seed: int = 5) -> Case:
    return make_case(OPENINGS[opening], seed, NOW)


def customer(opening: str = "logistics-01", seed: int = 5) -> SimulatedCustomer:
    made = SimulatedCustomer(case(opening, seed), 0.0, AT_ONCE)
    made.tick(0.0)
    return made


def answer(made: SimulatedCustomer) -> str:
    return filled(correct_answers(made.case.opening)[0], made.case.values)


def run_down(made: SimulatedCustomer) -> list[tuple[float, Says]]:
    """Let time pass with nobody answering until the customer has nothing more to say."""
    said = []
    while not made.is_done:
        at = made.next_at
        assert at is not None
        said += [(at, says) for says in made.tick(at)]
    return said


def test_the_opening_is_said_as_it_stands() -> None:
    made = SimulatedCustomer(case(), 0.0, AT_ONCE)
    assert [says.text for says in made.tick(0.0)] == list(made.case.messages)
    assert made.asked_at == 0.0


def test_bubbles_come_one_after_the_other() -> None:
    made = SimulatedCustomer(case("logistics-05"), 100.0)
    first = made.tick(100.0)
    assert [says.text for says in first] == [made.case.messages[0]]
    assert made.next_at is not None
    assert made.next_at > 100.0


@pytest.mark.parametrize("opening", ["logistics-01", "refund-01", "live-01", "logistics-46", "complaint-01"])
def test_an_answer_is_thanked_for_and_then_it_is_quiet(opening: str) -> None:
    made = customer(opening)
    thanks = made.receive(answer(made), 30.0)
    assert len(thanks) == 1
    assert made.stage is Stage.HELPED
    assert made.ended_at == 30.0
    assert made.is_done
    assert made.receive("还有什么可以帮您？", 60.0) == []
    assert made.next_at is None


def test_an_answer_in_two_bubbles_is_an_answer() -> None:
    made = customer()
    made.receive("别着急哈，都会在四十八小时以内的", 10.0)
    made.receive("就会给您寄出", 12.0)
    assert made.stage is Stage.HELPED


def test_the_answer_decides_not_the_politeness() -> None:
    for text in evasions():
        made = customer()
        made.receive(text, 10.0)
        assert made.stage is Stage.WAITING, text


def test_a_reply_that_does_not_help_is_asked_again_in_other_words() -> None:
    made = customer()
    [again] = made.receive(NOTHING, 20.0)
    assert any(words in again.text for words in made.case.opening.facts[0].again)
    assert again.text not in made.case.messages


def test_useless_replies_make_angry_and_lose_the_customer() -> None:
    made = customer()
    replies = 0
    while made.stage is Stage.WAITING:
        made.receive(NOTHING, 10.0 * replies)
        replies += 1
    assert 3 <= replies <= 5
    assert made.stage is Stage.LEFT
    assert made.is_angry
    assert made.is_done


def test_asked_for_things_are_given_once() -> None:
    made = customer(next(one.id for one in bank() if "photo" in one.supplies))
    given = made.receive("麻烦提供一下订单号和照片", 10.0)
    assert made.case.order is not None
    assert any(made.case.order.number in says.text for says in given)
    assert [says.picture for says in given].count(True) == 1
    assert made.strikes == 0
    made.receive("请提供订单号", 20.0)
    assert made.strikes == 1


def test_what_nobody_has_cannot_be_given() -> None:
    made = customer("presale-03")
    [said] = made.receive("请提供一下订单号", 10.0)
    assert said.text
    assert made.strikes == 1


def test_a_greeting_makes_the_customer_say_it_once_more() -> None:
    made = customer()
    assert len(made.receive(GREETING, 5.0)) == 1
    assert made.strikes == 0


def test_a_hold_buys_patience_but_not_for_ever() -> None:
    held, left_alone = customer(), customer()
    held.receive(HOLD, 10.0)
    assert run_down(held)[-1][0] > run_down(left_alone)[-1][0]
    made = customer()
    for at in range(4):
        made.receive(HOLD, 10.0 + at)
    assert made.strikes == 1


def test_waiting_makes_louder_and_then_they_leave() -> None:
    said = run_down(customer())
    assert len(said) == 4
    times = [at for at, _ in said]
    assert times == sorted(times)


def test_most_wait_longer_than_five_minutes() -> None:
    ends = [run_down(customer("logistics-01", seed))[-1][0] for seed in range(200)]
    assert sum(end > 300 for end in ends) > 0.6 * len(ends)
    assert sum(end > 600 for end in ends) < 0.6 * len(ends)


def test_a_picture_is_sent_by_about_a_tenth_of_after_sales_customers() -> None:
    with_picture = [case("quality-01", seed).has_picture for seed in range(1000)]
    assert 70 <= sum(with_picture) <= 130
    seed = with_picture.index(True)
    said = SimulatedCustomer(case("quality-01", seed), 0.0, AT_ONCE).tick(0.0)
    assert said[-1] == Says("", picture=True)
    assert not any(case("presale-01", seed).has_picture for seed in range(100))


def test_a_second_useless_bubble_before_the_reaction_counts_once() -> None:
    made = SimulatedCustomer(case(), 0.0, CustomerPace(gap=(0, 0), reaction=(10, 10)))
    made.tick(0.0)
    made.receive(NOTHING, 5.0)
    made.receive("感谢您的支持", 6.0)
    assert made.strikes == 1
    made.receive(answer(made), 8.0)
    assert [says.text for says in made.tick(100.0)] != []
    assert made.stage is Stage.HELPED
    assert made.sent == len(made.case.messages) + 1


def test_a_reaction_that_is_due_later_is_what_comes_next() -> None:
    """Nagging waits for it: between now and then there is nothing to wake up for."""
    made = SimulatedCustomer(case(), 0.0, CustomerPace(gap=(0, 0), reaction=(1000, 1000), patience=0.1))
    made.tick(0.0)
    made.receive("麻烦提供一下订单号", 1.0)
    assert made.next_at == 1001.0
    assert made.tick(500.0) == []
    assert made.next_at == 1001.0


replies = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=400),
        st.one_of(
            st.sampled_from(
                [GREETING, HOLD, NOTHING, "请提供订单号", "请拍照发我", "身高体重多少？", "48小时内发货"]
            ),
            st.sampled_from(evasions()),
            st.text(max_size=60),
        ),
    ),
    max_size=60,
)


def conversation(made: SimulatedCustomer, script: list[tuple[float, str]]) -> list[tuple[float, Says]]:
    """Play a script of (pause, reply), then silence, to the end."""
    said: list[tuple[float, Says]] = []
    now = 0.0
    for pause, text in script:
        now += pause
        while (due := made.next_at) is not None and due <= now:
            said += [(due, says) for says in made.tick(due)]
        said += [(now, says) for says in made.receive(text, now)]
    return said + run_down(made)


@given(st.sampled_from(bank()), st.integers(0, 50), replies)
@settings(max_examples=150)
def test_every_conversation_ends_and_is_the_same_again(
    opening: object, seed: int, script: list[tuple[float, str]]
) -> None:
    made = [SimulatedCustomer(make_case(opening, seed, NOW)) for _ in range(2)]  # type: ignore[arg-type]
    first, second = (conversation(one, script) for one in made)
    assert first == second
    assert made[0].stage is not Stage.WAITING
    assert len(first) <= 60
    assert made[0].sent == len(first)
    assert [at for at, _ in first] == sorted(at for at, _ in first)


@given(
    st.sampled_from(bank()),
    st.lists(st.sampled_from(["稍等", "您好", "请提供订单号", "照片发一下"]), max_size=200),
)
@settings(max_examples=60)
def test_no_mix_of_useless_replies_keeps_a_customer_for_ever(opening: object, script: list[str]) -> None:
    made = SimulatedCustomer(make_case(opening, 1, NOW), 0.0, AT_ONCE)  # type: ignore[arg-type]
    made.tick(0.0)
    for text in script:
        made.receive(text, 1.0)
    assert len(script) < 20 or made.stage is Stage.LEFT


@pytest.mark.parametrize(
    ("reply", "kinds"),
    [
        ("麻烦提供一下订单号", {"order"}),
        ("请拍张照片发我", {"photo"}),
        ("您的身高体重是多少？", {"size"}),
        ("订单号和手机号发一下", {"order", "phone"}),
        ("您的订单号 123 已经发货", set()),
        ("Could you share your order number?", {"order"}),
        ("please send a photo", {"photo"}),
        ("好的", set()),
    ],
)
def test_what_a_reply_asks_for(reply: str, kinds: set[str]) -> None:
    assert asked_for(reply) == kinds


def test_hearing_greetings_and_holds() -> None:
    assert hear(GREETING).invites
    assert hear("您好").greets
    assert hear(HOLD).holds
    assert not hear(NOTHING).greets
