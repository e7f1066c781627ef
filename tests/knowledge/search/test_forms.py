"""What is typed past punctuation, foreign words, rare readings and parts of words finds its title first."""

import pytest

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import search
from tests.knowledge.search.titles import first, index_of

TITLES = (
    "如何申请退款",
    "如何申请退款？",
    "退款申请被拒绝怎么办",
    "API 返回 401 错误",
    "服务器 CPU 占用过高",
    "Webhook 回调收不到",
    "物流停滞：满 48 小时",
    "智能手表无法同步数据",
    "拼团失败会退款吗",
    "PIN 码锁定怎么解锁",
    "云服务器远程连接失败",
    "老年人专属套餐",
    "账号被盗了怎么办",
    "发票还没收到",
    "怎么开发票、发票什么时候开",
    "画面卡顿、花屏",
    "工单超时提醒设置",
    "退款超时，财务核查中",
)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    """The titles as bare entries."""
    return index_of(TITLES)


@pytest.mark.parametrize(
    ("typed", "title", "why"),
    [
        ("如何申请退款？", "如何申请退款？", "exact"),
        ("如何申请退款?", "如何申请退款？", "exact"),
        ("如何申请退款", "如何申请退款", "exact"),
        ("ruheshenqingtuikuan？", "如何申请退款？", "pinyin"),
        ("、发票", "怎么开发票、发票什么时候开", "substring"),
        ("发票发票", "怎么开发票、发票什么时候开", "substring"),
        ("fanhuicuowu", "API 返回 401 错误", "pinyin"),
        ("fhcw", "API 返回 401 错误", "initials"),
        ("fuwqizhanyongguogao", "服务器 CPU 占用过高", "initials"),
        ("fuwuqizhanyonhguogao", "服务器 CPU 占用过高", "slip"),
        ("huwuqizanyongguogao", "服务器 CPU 占用过高", "accent"),
        ("ookhuidiaoshoubudao", "Webhook 回调收不到", "initials"),
        ("manxiaoshi", "物流停滞：满 48 小时", "pinyin"),
        ("wuvatong", "智能手表无法同步数据", "slip"),
        ("PIN", "PIN 码锁定怎么解锁", "prefix"),
        ("雲伺服器遠端連線失敗", "云服务器远程连接失败", "partial"),
        ("老辗人专竖套餐", "老年人专属套餐", "homophone"),
        ("帳號被盜", "账号被盗了怎么办", "prefix"),
        ("famiankadun", "画面卡顿、花屏", "accent"),
        ("chao sc", "退款超时，财务核查中", "initials"),
    ],
)
def test_a_query_finds_its_title_first(index: SearchIndex, typed: str, title: str, why: str) -> None:
    hit = first(index, typed)
    assert (hit.title, hit.why) == (title, why)


@pytest.mark.parametrize(
    ("typed", "lit"),
    [
        ("fanhuicuowu", "返回错误"),
        ("fanhui401cuowu", "返回401错误"),
        ("CPU占用", "CPU占用"),
        ("满 48 小时", "满48小时"),
    ],
)
def test_highlights_cover_only_what_was_typed(index: SearchIndex, typed: str, lit: str) -> None:
    hit = first(index, typed)
    assert "".join(hit.title[start:end] for start, end in hit.matched).replace(" ", "") == lit


@pytest.mark.parametrize("typed", ["如何申请退款？", "、发票", "tuikuan", "shi"])
def test_scores_fall_along_the_hits(index: SearchIndex, typed: str) -> None:
    scores = [hit.score for hit in search(index, typed)]
    assert scores == sorted(scores, reverse=True)


def test_of_titles_that_match_alike_the_one_covered_most_comes_first() -> None:
    titles = ("我的信用卡账单日可以修改吗", "信用卡账单日", "信用卡账单日修改", "查信用卡账单日")
    index = SearchIndex.build(Entry(id=title, kind="title", title=title) for title in titles)
    assert [hit.id for hit in search(index, "信用卡账单日")] == [titles[1], titles[2], titles[3], titles[0]]
