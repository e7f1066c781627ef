"""Every way of typing finds the entry that was meant, lit where it matched and for the stated reason."""

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import search
from tests.knowledge.search.titles import first, index_of

TITLES = (
    "退货流程",
    "退货流程说明",
    "如何申请退货退款",
    "iPhone 手机退货（7天无理由）",
    "物流停滞超过48小时",
    "重新申请发票",
    "Reset your password",
    "商品破损怎么办",
    "旅游商品退订",
    "还款失败",
    "優惠券無法使用",
    "修改收货地址",
    "银行卡绑定",
    "奶粉临期补偿",
)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    """The titles as bare entries."""
    return index_of(TITLES)


@pytest.mark.parametrize(
    ("typed", "title", "why"),
    [
        ("退货流程", "退货流程", "exact"),
        ("退貨流程", "退货流程", "exact"),
        ("退货流程说", "退货流程说明", "prefix"),
        ("申请退货", "如何申请退货退款", "substring"),
        ("tuihuoliucheng", "退货流程", "pinyin"),
        ("tui huo liu cheng", "退货流程", "pinyin"),
        ("tuìhuò", "退货流程", "pinyin"),
        ("thlcsm", "退货流程说明", "initials"),
        ("tui h liu", "退货流程", "initials"),
        ("tuihliuc", "退货流程", "initials"),
        ("chongxinshenqing", "重新申请发票", "pinyin"),
        ("zhongxinshenqing", "重新申请发票", "pinyin"),
        ("yinhangka", "银行卡绑定", "pinyin"),
        ("huankuan", "还款失败", "pinyin"),
        ("password reset", "Reset your password", "words"),
        ("resett", "Reset your password", "slip"),
        ("RESET YOUR", "Reset your password", "prefix"),
        ("地址 修改", "修改收货地址", "words"),
        ("dizhi xiugai", "修改收货地址", "words"),
        ("退伙流程", "退货流程", "homophone"),
        ("腿获流城", "退货流程", "homophone"),
        ("tuihuoliuxheng", "退货流程", "slip"),
        ("tihuoliucheng", "退货流程", "slip"),
        ("tuuihuoliucheng", "退货流程", "slip"),
        ("tuhiuoliucheng", "退货流程", "slip"),
        ("utihuoliucheng", "退货流程", "slip"),
        ("sangpinposun", "商品破损怎么办", "accent"),
        ("laifenlingqi", "奶粉临期补偿", "accent"),
        ("优惠券", "優惠券無法使用", "prefix"),
        ("youhuiquan", "優惠券無法使用", "pinyin"),
        ("lvyou", "旅游商品退订", "pinyin"),
        ("luyou", "旅游商品退订", "pinyin"),
        ("48xiaoshi", "物流停滞超过48小时", "pinyin"),
        ("７天", "iPhone 手机退货（7天无理由）", "substring"),
        ("ruhetuihuotuikuan", "如何申请退货退款", "partial"),
        ("收货地址怎么修改", "修改收货地址", "partial"),
    ],
)
def test_a_query_finds_its_title_first(index: SearchIndex, typed: str, title: str, why: str) -> None:
    hit = first(index, typed)
    assert (hit.title, hit.why) == (title, why)


@pytest.mark.parametrize(
    ("typed", "lit"),
    [
        ("tuihuo", "退货"),
        ("手机", "手机"),
        ("iphone", "iPhone"),
        ("7twly", "7天无理由"),
        ("手机退货 7天", "手机退货7天"),
        ("無法", "無法"),
    ],
)
def test_highlights_cover_what_matched(index: SearchIndex, typed: str, lit: str) -> None:
    hit = first(index, typed)
    assert "".join(hit.title[start:end] for start, end in hit.matched) == lit


def test_ranks_exact_before_prefix_before_initials_before_homophone_before_typo() -> None:
    titles = ("退货", "退货说明", "怎么退货", "弹簧", "推火")
    index = SearchIndex.build(Entry(id=title, kind="title", title=title) for title in titles)
    assert [hit.id for hit in search(index, "退货")] == ["退货", "退货说明", "怎么退货", "推火"]


@pytest.mark.parametrize("typed", ["", " ", "？！", "qqqqzzzz", "\x00", "龘龘龘", "🙂"])
def test_nothing_is_found_for_nothing(index: SearchIndex, typed: str) -> None:
    assert search(index, typed) == []


def test_use_counts_only_break_ties() -> None:
    index = SearchIndex.build(
        Entry(id=title, kind="title", title=title) for title in ("退货", "退货甲乙丙", "退货丁戊", "怎么退货")
    )
    assert [hit.id for hit in search(index, "退货", weights={"怎么退货": 9.0, "退货甲乙丙": 2.0})] == [
        "退货",
        "退货甲乙丙",
        "退货丁戊",
        "怎么退货",
    ]


def test_other_fields_come_after_the_title() -> None:
    index = SearchIndex.build(
        [
            Entry(id="tag", kind="snippet", title="甲", tags=("到账",)),
            Entry(id="asked", kind="article", title="乙", similar=("钱什么时候到账",)),
            Entry(id="text", kind="snippet", title="丙", text="款项到账后会通知您"),
            Entry(id="title", kind="snippet", title="退款几时到账"),
            Entry(id="short", kind="snippet", title="丁", shortcut="daozhang"),
        ]
    )
    assert [hit.id for hit in search(index, "到账")] == ["title", "asked", "tag", "text"]
    assert first(index, "daozhang").id == "short"


def test_an_entry_added_or_removed_while_running_is_found_or_gone() -> None:
    index = SearchIndex.build([Entry(id="a", kind="snippet", title="旧标题")])
    index.add(Entry(id="b", kind="snippet", title="临时公告：系统维护"))
    index.add(Entry(id="a", kind="snippet", title="新标题"))
    assert [hit.id for hit in search(index, "xitongweihu")] == ["b"]
    assert search(index, "旧") == []
    assert first(index, "xinbiaoti").id == "a"
    index.remove("b")
    assert search(index, "xitongweihu") == []


def test_a_filter_holds_before_the_best_are_chosen() -> None:
    entries = [
        Entry(id=str(n), kind="article" if n == 399 else "snippet", title=f"退款{n}") for n in range(400)
    ]
    index = SearchIndex.build(entries)
    hits = search(index, "tuikuan", limit=5, keep=lambda entry: entry.kind == "article")
    assert [hit.id for hit in hits] == ["399"]
