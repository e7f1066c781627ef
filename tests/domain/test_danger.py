"""A ticket in whose words danger was heard: above everything, never a helper's, until it is solved."""

import pytest

from agent_tui.domain.commands import SetCategory, SetStatus
from agent_tui.domain.helping import why_unfit
from agent_tui.domain.intake import arrival_of, receive
from agent_tui.domain.models import Category, CustomerRef, Danger, Floor, Status, Ticket, Tier
from agent_tui.domain.policy import Policy
from agent_tui.domain.urgency import above_all
from tests.domain.make import IDS, after, said, ticket
from tests.domain.test_fields import ruled


def heard(before: Ticket, words: str, *earlier: str) -> Ticket:
    """The ticket after another message, a minute later."""
    message = said(words, after(60))
    past = [said(text) for text in earlier]
    arrival = arrival_of(message, CustomerRef(id="c1", name="王敏"), past, None, None, Policy())
    return receive(before, arrival, message.at, Floor(), Policy())


def solved(before: Ticket) -> Ticket:
    command = SetStatus(id=next(IDS), ticket="t1", version=before.version, status=Status.SOLVED)
    return ruled(command, before)


def test_danger_stands_above_every_tier_and_every_promise() -> None:
    dangerous = ticket("充电宝冒烟了")
    loud = ticket("到底退不退,我要投诉", Tier.VIP, Floor(level=4), high_value=True)
    assert dangerous.danger is Danger.SAFETY
    assert dangerous.urgency.due_at is not None
    assert loud.urgency.due_at is not None
    assert (loud.urgency.due_at - dangerous.urgency.due_at).days > 300


def test_the_reason_is_a_word_of_its_own() -> None:
    first = ticket("我不想活了").urgency.parts[0]
    assert first.reason == "danger-self-harm"
    assert above_all(first)


@pytest.mark.parametrize("more", ["人呢", "谢谢", "发票怎么开"])
def test_later_words_do_not_take_it_away(more: str) -> None:
    assert heard(ticket("充电宝冒烟了"), more, "充电宝冒烟了").danger is Danger.SAFETY


def test_the_gravest_is_kept() -> None:
    assert heard(ticket("我打12315了"), "插座冒火花了", "我打12315了").danger is Danger.SAFETY
    assert heard(ticket("插座冒火花了"), "我打12315了", "插座冒火花了").danger is Danger.SAFETY


def test_a_category_set_by_hand_does_not_clear_it_and_solving_does() -> None:
    dangerous = ticket("充电宝冒烟了")
    command = SetCategory(id=next(IDS), ticket="t1", version=1, category=Category.LOGISTICS)
    assert ruled(command, dangerous).danger is Danger.SAFETY
    assert solved(dangerous).danger is None


def test_a_solved_danger_is_not_heard_again_in_old_words() -> None:
    again = heard(solved(ticket("充电宝冒烟了")), "发票怎么开", "充电宝冒烟了")
    assert again.danger is None


def test_it_is_never_a_helpers() -> None:
    skills = frozenset({one.value for one in Category})
    assert why_unfit(ticket("充电宝冒烟了"), skills, skills, Policy()) != ()
    assert "danger" in why_unfit(ticket("充电宝冒烟了"), skills, skills, Policy())
