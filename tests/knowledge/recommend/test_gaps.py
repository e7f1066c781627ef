"""What counts as unanswered, and what is left of a customer in it."""

from datetime import UTC, datetime

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.gaps import Unanswered, unanswered_in
from agent_tui.knowledge.recommend.recommender import Recommender
from agent_tui.knowledge.recommend.situation import Situation
from agent_tui.knowledge.recommend.usage_log import Said

CARD = Entry(
    id="card", kind="snippet", title="附生日贺卡", text="可以放贺卡。",
    similar=("能帮我写张贺卡放里面吗", "可以附一张生日贺卡吗", "送女朋友的 能放贺卡不"),
)  # fmt: skip
HOURS = Entry(id="hours", kind="snippet", title="几点上班", text="早九点。", similar=("几点上班", "几点下班"))


def found(*said: str, is_own: bool | None = None, reply: str = "", entry: Entry = HOURS) -> Unanswered | None:
    """What is unanswered of these words where there is one entry."""
    situation = Situation(
        messages=tuple(map(Said, said)), now=datetime(2026, 11, 11, tzinfo=UTC), language="zh"
    )
    recommender = Recommender.build([entry])
    return unanswered_in(situation, recommender, is_own=is_own, reply=reply, personal=("王小明", "8800123"))


@pytest.mark.parametrize(
    ("is_own", "entry", "is_gap"),
    [
        (True, CARD, True),
        (True, HOURS, True),
        (False, HOURS, False),
        (None, CARD, False),
        (None, HOURS, True),
    ],
)
def test_own_words_are_a_gap_and_else_what_the_advisor_is_not_sure_of(
    is_own: bool | None, entry: Entry, is_gap: bool
) -> None:
    assert (found("可以附一张生日贺卡吗", is_own=is_own, entry=entry) is not None) is is_gap


@pytest.mark.parametrize("said", [("在吗",), ("你好", "人呢"), ("谢谢",), ()])
def test_who_asks_nothing_leaves_no_gap(said: tuple[str, ...]) -> None:
    assert found(*said, is_own=True) is None


def test_nothing_of_the_customer_is_left() -> None:
    gap = found(
        "能放贺卡吗 写王小明收 13812345678 单号8800123\u001b[31m", is_own=True,
        reply="王小明您好，8800123 可以放，回 a@b.com",
    )  # fmt: skip
    assert gap is not None
    words = gap.question + gap.reply
    assert all(word not in words for word in ("王小明", "13812345678", "8800123", "a@b.com", "\u001b"))
    assert "贺卡" in gap.question
    assert "可以放" in gap.reply


def test_a_language_or_a_category_there_is_not_is_read_from_the_words() -> None:
    situation = Situation(messages=(Said("can you print my name on it"),), language="tlh", category="odd")
    gap = unanswered_in(situation, Recommender.build([HOURS]), is_own=True)
    assert gap is not None
    assert (gap.language, gap.category) == ("en", "other")
