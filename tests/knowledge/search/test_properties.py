"""What holds for every search, whatever the titles and whatever is typed."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search import index as indexes
from agent_tui.knowledge.search.bitmap import Bitmap
from agent_tui.knowledge.search.index import SearchIndex, SignatureList
from agent_tui.knowledge.search.search import search
from agent_tui.knowledge.text.tables import tables
from agent_tui.knowledge.text.tokens import spaced, spell, units

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ODD = st.sampled_from("aZ9 -（，。İß½ﷺ🙂\u200d\u0301ǚ後")
TITLE = st.text(
    st.one_of(HAN, st.sampled_from("退货款物流查询单发票地址修改取消"), ODD), min_size=1, max_size=14
)
TYPED = st.text(st.one_of(HAN, st.sampled_from("tuihongxzsn 退货款"), st.characters()), max_size=80)


def indexed(titles: list[str]) -> SearchIndex:
    """Titles as an index."""
    return SearchIndex.build(Entry(id=str(n), kind="title", title=title) for n, title in enumerate(titles))


@settings(max_examples=150)
@given(st.lists(TITLE, max_size=12), TYPED)
def test_search_never_raises_and_highlights_lie_within_the_title(titles: list[str], typed: str) -> None:
    for hit in search(indexed(titles), typed):
        ends = [place for pair in hit.matched for place in pair]
        assert ends == sorted(set(ends))
        assert not ends or (ends[0] >= 0 and ends[-1] <= len(hit.title))
        assert 0 <= hit.score <= 1


@settings(max_examples=150)
@given(st.lists(TITLE.filter(lambda title: bool(spaced(title))), min_size=1, max_size=12, unique_by=spaced))
def test_the_exact_title_ranks_first(titles: list[str]) -> None:
    index = indexed(titles)
    for title in titles:
        if len(spaced(title)) <= 64:
            assert search(index, title)[0].title == title


@settings(max_examples=100)
@given(st.text(st.sampled_from("退货款物流查询单发票地址修改取消优惠券"), min_size=2, max_size=8))
def test_pinyin_and_characters_find_the_same_entry(title: str) -> None:
    index = indexed([title, "其他内容", "Something else"])
    typed = spell(units(spaced(title)))
    assert search(index, typed)[0].title == search(index, title)[0].title == title


@settings(max_examples=60)
@given(st.lists(TITLE, min_size=1, max_size=20), TYPED)
def test_the_bit_sliced_index_ranks_as_the_linear_scan_does(titles: list[str], typed: str) -> None:
    plain = indexed(titles)
    assert isinstance(plain.block, SignatureList)
    turned = SearchIndex(plain.entries, plain.texts, Bitmap.build(plain.block.signatures))
    assert search(turned, typed) == search(plain, typed)


def test_many_titles_use_the_bitmap_and_few_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "PLAIN_MOST", 3)
    assert isinstance(indexed(["一", "二", "三"]).block, SignatureList)
    assert isinstance(indexed(["一", "二", "三", "四"]).block, Bitmap)


@given(st.sampled_from(sorted(tables().simplified)))
def test_simplified_forms_are_simplified_once_and_for_all(char: str) -> None:
    assert spaced(spaced(char)) == spaced(char)


def test_searching_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from agent_tui.knowledge.content.entries import Entry\n"
        "from agent_tui.knowledge.search.index import SearchIndex\n"
        "from agent_tui.knowledge.search.search import search\n"
        "index = SearchIndex.build([Entry(id='1', kind='title', title='退货流程')])\n"
        "assert search(index, 'tuihuoliuchemg')\n"
        "heavy = {'numpy', 'pypinyin', 'opencc', 'liquid', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
