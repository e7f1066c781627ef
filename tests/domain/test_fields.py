"""Priority, category and tags set by hand: what follows, and what the customer's words no longer change."""

import pytest

from agent_tui.domain.commands import BaseCommand, SetCategory, SetPriority, SetTags
from agent_tui.domain.intake import arrival_of, receive
from agent_tui.domain.models import Category, Class, CustomerRef, Floor, Priority, Ticket
from agent_tui.domain.policy import Policy
from agent_tui.domain.reading import words_for
from agent_tui.domain.rules import Applied, Conflict, Refused, Ruling, decide
from tests.domain.make import IDS, after, said, scene, ticket


def ruled(command: BaseCommand, about: Ticket) -> Ticket:
    """The ticket after an applied command."""
    ruling = decide(command, scene(about=about))
    assert isinstance(ruling, Applied), ruling
    return ruling.events[-1].ticket  # type: ignore[union-attr]


def values(ruling: Ruling) -> dict[str, str]:
    assert isinstance(ruling, Applied)
    return ruling.events[0].message.parts[0].values  # type: ignore[union-attr]


def more_said(before: Ticket, words: str) -> Ticket:
    """The ticket after another message of its customer."""
    message = said(words, after(60))
    who = CustomerRef(id="c1", name="王敏")
    arrival = arrival_of(message, who, [], None, None, Policy())
    return receive(before, arrival, message.at, Floor(), Policy())


def test_a_priority_set_by_hand_moves_the_urgency() -> None:
    before = ticket()
    set_to = ruled(SetPriority(id=next(IDS), ticket="t1", version=1, priority=Priority.URGENT), before)
    assert (set_to.priority, set_to.by_hand) == (Priority.URGENT, ("priority",))
    assert set_to.urgency.due_at is not None
    assert before.urgency.due_at is not None
    assert set_to.urgency.due_at < before.urgency.due_at


def test_urgent_words_do_not_raise_a_priority_that_was_set_by_hand() -> None:
    assert more_said(ticket(), "着火了，马上处理，有人受伤").priority is Priority.URGENT
    low = ruled(SetPriority(id=next(IDS), ticket="t1", version=1, priority=Priority.LOW), ticket())
    assert more_said(low, "着火了，马上处理，有人受伤").priority is Priority.LOW


@pytest.mark.parametrize(
    ("category", "class_"),
    [
        (Category.REFUND, Class.PROCESS),
        (Category.ACCOUNT, Class.TECHNICAL),
        (Category.COUPON, Class.QUERY),
    ],
)
def test_the_class_follows_a_category_set_by_hand(category: Category, class_: Class) -> None:
    command = SetCategory(id=next(IDS), ticket="t1", version=1, category=category)
    corrected = ruled(command, ticket())
    assert (corrected.category, corrected.class_, corrected.by_hand) == (category, class_, ("category",))


def test_later_words_do_not_undo_a_corrected_category() -> None:
    assert more_said(ticket(), "发票抬头开错了").category is Category.INVOICE
    command = SetCategory(id=next(IDS), ticket="t1", version=1, category=Category.REFUND)
    assert more_said(ruled(command, ticket()), "发票抬头开错了").category is Category.REFUND


def test_the_event_says_from_what_to_what_and_who() -> None:
    command = SetCategory(id=next(IDS), ticket="t1", version=1, category=Category.REFUND)
    ruling = decide(command, scene(about=ticket()))
    assert values(ruling) == {"from": "logistics", "to": "refund", "by": "林"}


def test_the_words_that_speak_for_a_category_are_the_customers() -> None:
    assert "到哪了" in words_for(["我的快递到哪了"], Category.LOGISTICS)
    assert words_for(["我的快递到哪了"], Category.INVOICE) == ()


def test_each_tag_stands_once_as_it_was_first_written() -> None:
    command = SetTags(id=next(IDS), ticket="t1", version=1, tags=(" VIP ", "双11", "vip", "ＶＩＰ"))
    assert ruled(command, ticket()).tags == ("VIP", "双11")


@pytest.mark.parametrize("tag", ["  ", "\u200b", "\u3164", "\u2800"])
def test_a_tag_that_nobody_can_see_is_refused(tag: str) -> None:
    command = SetTags(id=next(IDS), ticket="t1", version=1, tags=(tag,))
    assert decide(command, scene(about=ticket())) == Refused("empty-tag")


def test_tags_set_on_an_older_version_conflict() -> None:
    command = SetTags(id=next(IDS), ticket="t1", version=1, tags=("a",))
    about = scene(about=ticket(version=4), guard=3, changed=("tags",))
    assert decide(command, about) == Conflict(("tags",))
