"""Synonyms, tones, accents and the order at hand in the palette's search."""

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import ids, search
from agent_tui.knowledge.text.synonyms import SynonymGroup, Synonyms
from tests.knowledge.search.titles import first


def group(*words: str, unless: tuple[str, ...] = ()) -> SynonymGroup:
    """A group of words that all mean the same."""
    return SynonymGroup(name=words[0], typed=words, meant=words, unless=unless)


GROUPS = (
    group("退款", "退钱", "refund", "money back"),
    group("运费", "邮费", unless=("运费险",)),
    group("如何", "怎么"),
    group("优惠券", "券", "代金券"),
    group("更换", "换"),
    SynonymGroup(name="thing", typed=("东西",), meant=("商品",)),
)
TITLES = (
    "退款进度",
    "如何申请退款",
    "还款失败",
    "运费谁承担",
    "运费险怎么赔",
    "Refunds for gifts",
    "优惠券用不了",
    "商品破损",
    "奶粉临期",
    "发票抬头",
    "支付失败",
    "iPhone 5 碎屏",
)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    """The titles as bare entries, with the groups."""
    entries = (Entry(id=str(n), kind="title", title=title) for n, title in enumerate(TITLES))
    return SearchIndex.build(entries, Synonyms(GROUPS))


@pytest.mark.parametrize(
    ("typed", "title", "why"),
    [
        ("退钱", "退款进度", "synonym"),
        ("退錢進度", "退款进度", "synonym"),
        ("tuiqian", "退款进度", "synonym"),
        ("tui qian jd", "退款进度", "initials"),
        ("tq", "退款进度", "initials"),
        ("money back jindu", "退款进度", "synonym"),
        ("money back for gifts", "Refunds for gifts", "synonym"),
        ("怎么申请退钱", "如何申请退款", "synonym"),
        ("怎么退钱", "如何申请退款", "partial"),
        ("zenmetuiqianshenqing", "如何申请退款", "partial"),
        ("邮费", "运费谁承担", "synonym"),
        ("代金券", "优惠券用不了", "synonym"),
        ("东西破损", "商品破损", "synonym"),
        ("券", "优惠券用不了", "substring"),
        ("tui4kuan3", "退款进度", "pinyin"),
        ("tui4 kuan3 jin4 du4", "退款进度", "pinyin"),
        ("退款3", "退款进度", "prefix"),
        ("fapiao8", "发票抬头", "pinyin"),
        ("iphone5", "iPhone 5 碎屏", "prefix"),
        ("lf", "奶粉临期", "accent"),
        ("laif", "奶粉临期", "accent"),
        ("hp", "发票抬头", "accent"),
        ("fptt", "发票抬头", "initials"),
        ("zhfsb", "支付失败", "initials"),
    ],
)
def test_a_query_finds_its_title_first(index: SearchIndex, typed: str, title: str, why: str) -> None:
    hit = first(index, typed)
    assert (hit.title, hit.why) == (title, why)


@pytest.mark.parametrize(("typed", "title"), [("退钱", "还款失败"), ("邮费", "运费险怎么赔")])
def test_a_synonym_does_not_find_what_is_something_else(index: SearchIndex, typed: str, title: str) -> None:
    assert title not in [hit.title for hit in search(index, typed)]


def test_what_was_typed_itself_comes_before_a_synonym_and_that_before_a_customers_question() -> None:
    entries = [
        Entry(id="asked", kind="snippet", title="别的", similar=("什么时候退钱",)),
        Entry(id="same", kind="snippet", title="退款多久到账"),
        Entry(id="typed", kind="snippet", title="不给退钱怎么办"),
    ]
    index = SearchIndex.build(entries, Synonyms(GROUPS))
    assert ids(search(index, "退钱")) == ["typed", "same", "asked"]


def test_the_word_that_stands_for_the_typed_one_is_lit(index: SearchIndex) -> None:
    hit = first(index, "怎么申请退钱")
    assert [hit.title[start:end] for start, end in hit.matched] == ["如何申请退款"]


# -- the order at hand

ORDERED = [
    Entry(id="exact", kind="snippet", title="退款"),
    Entry(id="untrue", kind="snippet", title="退款已退回"),
    Entry(id="plain", kind="snippet", title="退款说明文"),
    Entry(id="true", kind="snippet", title="退款审核中"),
    Entry(id="inside", kind="snippet", title="还在处理退款"),
    Entry(id="other", kind="snippet", title="他人的退宽"),
]
TRUTH = {"exact": False, "untrue": False, "true": True}


def test_of_equals_what_is_true_comes_first_and_what_is_untrue_after_all_that_hold_the_query() -> None:
    index = SearchIndex.build(ORDERED)
    found = ids(search(index, "退款", truth=lambda entry: TRUTH.get(entry.id)))
    assert found == ["exact", "true", "plain", "inside", "untrue", "other"]


def test_use_counts_decide_among_those_that_are_equally_true() -> None:
    index = SearchIndex.build(ORDERED)
    found = search(
        index, "退款", weights={"plain": 9.0, "untrue": 99.0}, truth=lambda entry: TRUTH.get(entry.id)
    )
    assert ids(found)[:3] == ["exact", "true", "plain"]
