"""The views against a naive oracle that sorts and counts everything anew."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_tui.domain.models import Category, Floor, MessageKind, Mood, Priority, Status, Tier
from agent_tui.domain.policy import Policy
from agent_tui.domain.text import fold
from agent_tui.domain.views import View, views_of
from agent_tui.sync.index import QueueIndex, key_at
from agent_tui.sync.rows import row_of, ticket_of
from agent_tui.sync.shapes import Row

CLOSE = 60.0
MOMENTS = st.sampled_from([0.0, 5.0, 50.0, 100.0, 150.0, 500.0])


@st.composite
def rows(draw: st.DrawFn) -> Row:
    number = draw(st.integers(1, 12))
    due = draw(MOMENTS)
    return Row(
        id=f"t{number}",
        number=number,
        version=draw(st.integers(1, 5)),
        status=draw(st.sampled_from(Status)),
        priority=draw(st.sampled_from(Priority)),
        category=Category.OTHER,
        mood=Mood.CALM,
        channel="web",
        customer_id=f"c{number % 3}",
        customer=draw(st.sampled_from(["王敏", "Emma", "陈默", "ＡＢＣ"])),
        tier=draw(st.sampled_from(Tier)),
        order=draw(st.sampled_from(["", "8842001", "8842002"])),
        assignee_id=draw(st.sampled_from(["", "me", "you"])),
        assignee="",
        last_text=draw(st.sampled_from(["", "三天没动了", "where is my order", "到底退不退"])),
        last_part="text",
        last_kind=MessageKind.CUSTOMER,
        last_at=1.0,
        unread=0,
        promise_kind="next-reply" if due else "",
        promise_due=due,
        promise_warn=0.0,
        urgency_due=draw(st.sampled_from([0.0, due])),
        snoozed_until=draw(MOMENTS),
        created_at=float(number),
    )


def oracle(held: dict[str, Row], view: View, me: str, now: float, query: str = "") -> list[str]:
    found = [r for r in held.values() if view in views_of(r, me, now, CLOSE)]
    words = fold(query).split()
    found = [
        r
        for r in found
        if all(w in fold(f"{r.number}\n{r.customer}\n{r.order}\n{r.last_text}") for w in words)
    ]
    return [r.id for r in sorted(found, key=lambda r: key_at(r, now))]


STEPS = st.lists(
    st.one_of(
        rows(),
        st.tuples(st.just("drop"), st.integers(1, 12)),
        st.tuples(st.just("wait"), st.sampled_from([1.0, 40.0, 100.0])),
        st.tuples(st.just("be"), st.sampled_from(["me", "you"])),
        st.tuples(st.just("load"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=150)
@given(steps=STEPS, query=st.sampled_from(["", "王", "emma", "8842", "三天 王", "abc", "#3"]))
def test_the_index_is_what_sorting_everything_anew_would_be(steps: list[object], query: str) -> None:
    index, held, now, me = QueueIndex(CLOSE), dict[str, Row](), 1.0, "me"
    index.load([], me, now)
    for step in steps:
        match step:
            case Row():
                held[step.id] = step
                index.put(step, now)
            case ("drop", int(number)):
                held.pop(f"t{number}", None)
                index.drop(f"t{number}")
            case ("wait", float(seconds)):
                now += seconds
                index.tick(now)
            case ("be", str(who)):
                me = who
                index.set_me(me, now)
            case _:
                index.load(list(held.values()), me, now)
        for view in View:
            assert index.ids(view) == oracle(held, view, me, now)
            assert index.counts()[view] == len(index.ids(view))
            assert index.ids(view, query) == oracle(held, view, me, now, query.removeprefix("#"))


@given(row=rows())
def test_a_row_stands_for_a_ticket_that_gives_the_row_again(row: Row) -> None:
    policy = Policy()
    ticket = ticket_of(row, Floor(), policy)
    again = row_of(ticket)
    assert row_of(ticket_of(again, Floor(), policy)) == again


def test_narrowing_a_query_gives_what_asking_at_once_gives() -> None:
    index, fresh = QueueIndex(CLOSE), QueueIndex(CLOSE)
    names = ["王敏", "王伟", "李敏", "Emma"]
    made = [_row(n, names[n % 4]) for n in range(40)]
    for each in (index, fresh):
        each.load(made, "me", 1.0)
    index.ids(View.ALL, "王")
    assert index.ids(View.ALL, "王敏") == fresh.ids(View.ALL, "王敏") != []
    index.put(_row(41, "王敏"), 1.0)
    assert "t41" in index.ids(View.ALL, "王敏")


def test_time_alone_moves_a_ticket_into_view() -> None:
    index = QueueIndex(CLOSE)
    index.load([_row(1, "王敏", promise_due=200.0), _row(2, "李敏", snoozed_until=50.0)], "me", 1.0)
    assert index.ids(View.CLOSE) == []
    assert index.ids(View.WAITING) == ["t1"]
    assert index.next_due() == 50.0
    assert index.tick(50.0) == {"t2"}
    assert index.ids(View.WAITING) == ["t1", "t2"]
    assert index.tick(140.0) == {"t1"}
    assert index.ids(View.CLOSE) == ["t1"]
    assert index.next_due() is None


def test_what_i_put_away_stands_last_among_mine_until_it_wakes() -> None:
    index = QueueIndex(CLOSE)
    mine = [_row(1, "王敏", 30.0, 50.0), _row(2, "李敏", 40.0, 45.0), _row(3, "陈默", 900.0)]
    index.load([replace(row, assignee_id="me") for row in mine], "me", 1.0)
    assert index.ids(View.MINE) == ["t3", "t2", "t1"]
    assert index.tick(45.0) == {"t2"}
    assert index.ids(View.MINE) == ["t2", "t3", "t1"]
    assert index.tick(50.0) == {"t1"}
    assert index.ids(View.MINE) == ["t1", "t2", "t3"]


def _row(number: int, customer: str, promise_due: float = 0.0, snoozed_until: float = 0.0) -> Row:
    return Row(
        id=f"t{number}",
        number=number,
        version=1,
        status=Status.NEW,
        priority=Priority.NORMAL,
        category=Category.OTHER,
        mood=Mood.CALM,
        channel="web",
        customer_id="c",
        customer=customer,
        tier=Tier.REGULAR,
        order="",
        assignee_id="",
        assignee="",
        last_text="",
        last_part="text",
        last_kind=MessageKind.CUSTOMER,
        last_at=0.0,
        unread=0,
        promise_kind="next-reply" if promise_due else "",
        promise_due=promise_due,
        promise_warn=0.0,
        urgency_due=promise_due,
        snoozed_until=snoozed_until,
        created_at=float(number),
    )


@pytest.mark.parametrize("query", ["", "   ", "#"])
def test_an_empty_query_is_no_filter(query: str) -> None:
    index = QueueIndex(CLOSE)
    index.load([_row(1, "王敏")], "me", 1.0)
    assert index.ids(View.ALL, query) == ["t1"]
