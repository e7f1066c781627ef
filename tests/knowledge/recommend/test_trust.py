"""Trust: what a client reports of its sends is held against what was sent, and nobody outvotes the others."""

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.training import train
from agent_tui.knowledge.recommend.trust import LEAST_SHARE, Lesson, fair_shares, holds, trusted
from agent_tui.knowledge.recommend.usage_log import Said, Usage
from agent_tui.knowledge.recommend.usage_model import UsageModel

REFUND = "您好，退款会在 {{ order.refund_days }} 天内原路退回，请留意${1:银行}短信。"
ENTRIES = (
    Entry(id="refund", kind="snippet", title="退款", text=REFUND),
    Entry(id="advert", kind="snippet", title="推广", text="关注直播间，今晚八点全场五折。"),
    Entry(id="parcel", kind="snippet", title="快递", text="您的包裹正在路上，请耐心等待。"),
)


def lesson(entry: str, said: str, sent: str, person: str, **given: float) -> Lesson:
    usage = Usage(entry=entry, messages=(Said(said),), kept=given.get("kept", 1.0))
    return Lesson(usage=usage, sent=sent, person=person)


@pytest.mark.parametrize(
    ("sent", "believed"),
    [
        ("您好，退款会在 3 天内原路退回，请留意招商银行短信。", True),
        ("退款三天内原路退回哈", True),
        ("好的", False),
        ("关注直播间，今晚八点全场五折。", False),
    ],
)
def test_a_reply_without_an_entry_s_own_words_was_not_that_entry(sent: str, believed: bool) -> None:
    assert bool(trusted(ENTRIES, [lesson("refund", "退款呢", sent, "p1")])) is believed


def test_an_entry_whose_words_are_not_known_is_believed() -> None:
    assert holds(frozenset(), "好的")
    assert trusted(ENTRIES, [lesson("ours", "在吗", "好的", "p1")])


@pytest.mark.parametrize("kept", [9.0, 1e300])
def test_nobody_s_word_counts_more_than_a_whole_send(kept: float) -> None:
    assert lesson("refund", "退", "", "p1", kept=kept).usage.weight == 1.0


def test_of_many_nobody_has_more_than_a_tenth_and_few_have_twice_their_part() -> None:
    many = {f"p{number}": 10.0 for number in range(30)} | {"loud": 100_000.0}
    kept = {person: many[person] * share for person, share in fair_shares(many).items()}
    assert kept["loud"] <= LEAST_SHARE * sum(kept.values()) * 1.01
    assert all(kept[person] == 10.0 for person in kept if person != "loud")
    assert fair_shares({"a": 1.0, "b": 900.0}) == {"a": 1.0, "b": 1.0}
    assert fair_shares({}) == {}


def test_one_who_floods_does_not_change_what_everyone_is_recommended() -> None:
    """Somebody really sends the advert after one question, seven times as often as others answer it."""
    asked = ("退款什么时候到账呀", "我的快递到哪里了")
    right = {asked[0]: ("refund", REFUND), asked[1]: ("parcel", ENTRIES[2].text)}
    honest = [lesson(*right_of(asked[turn % 2], right), person=f"p{turn % 20}") for turn in range(120)]
    flood = [lesson("advert", asked[0], ENTRIES[1].text, "loud") for _ in range(400)]
    model = UsageModel(ENTRIES).with_weights(train(ENTRIES, trusted(ENTRIES, [*honest, *flood])))
    blind = UsageModel(ENTRIES).with_weights(train(ENTRIES, [one.usage for one in [*honest, *flood]]))
    firsts = [int(one.pull((Said(asked[0]),)).logits.argmax()) for one in (model, blind)]
    assert [ENTRIES[first].id for first in firsts] == ["refund", "advert"]


def right_of(said: str, right: dict[str, tuple[str, str]]) -> tuple[str, str, str]:
    entry, sent = right[said]
    return entry, said, sent
