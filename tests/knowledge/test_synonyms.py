"""Synonyms in a text: found where they are words of their own, and folded into one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.knowledge.content.sources import built_in, load
from agent_tui.knowledge.text.synonyms import SynonymGroup, Synonyms

REFUND = ("退款", "退钱", "money back")
WORDS = Synonyms(
    (
        SynonymGroup(name="refund", typed=REFUND, meant=REFUND),
        SynonymGroup(name="parcel", typed=("包裹", "快递"), meant=("包裹", "快递"), unless=("快递柜",)),
        SynonymGroup(name="thing", typed=("东西",), meant=("商品",)),
        SynonymGroup(name="single", typed=("单",), meant=("订单",), near=("查",)),
    )
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("退钱进度", "退款进度"),
        ("退錢進度", "退款进度"),
        ("I want my Money  Back!", "i want my 退款"),
        ("快递到了", "包裹到了"),
        ("快递柜的快递", "快递柜的包裹"),
        ("东西", "商品"),
        ("商品", "商品"),
        ("查单", "查订单"),
        ("查订单", "查订单"),
        ("单身", "单身"),
        ("", ""),
    ],
)
def test_a_text_is_said_with_the_first_word_of_each_group(text: str, plain: str) -> None:
    assert WORDS.normalized(text) == plain


@given(st.text(st.one_of(st.sampled_from("退款钱快递包裹查单 money back"), st.characters()), max_size=30))
def test_no_text_breaks_it_and_what_is_said_plainly_stays(text: str) -> None:
    plain = WORDS.normalized(text)
    assert WORDS.normalized(plain) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("退钱", "退款"),
        ("邮费", "运费"),
        ("券", "优惠券"),
        ("撤单", "取消订单"),
        ("包裹", "快递"),
        ("快递", "物流"),
        ("帐户", "账户"),
        ("refund", "money back"),
        ("refund", "退款"),
    ],
)
def test_the_shipped_words_that_mean_the_same_become_the_same(one: str, other: str) -> None:
    shipped = Synonyms(load([built_in()]).synonyms)
    assert shipped.normalized(one) == shipped.normalized(other)


@pytest.mark.parametrize(
    ("one", "other"), [("退款", "还款"), ("付款", "退款"), ("换货", "退货"), ("运费", "运费险")]
)
def test_the_shipped_words_that_must_stay_apart_do(one: str, other: str) -> None:
    shipped = Synonyms(load([built_in()]).synonyms)
    assert shipped.normalized(one) != shipped.normalized(other)
