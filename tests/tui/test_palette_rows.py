"""What the palette's lines say, without a screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from agent_tui.i18n import choose
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.search.filters import Categories, SearchScope, read_query
from agent_tui.knowledge.templates.blanks import Blank
from agent_tui.knowledge.templates.fill import Filled
from agent_tui.tui.palette.preview import preview, spans_of, wrap
from agent_tui.tui.palette.rows import PaletteRow, lit, row_spans

choose("zh")

ROW = PaletteRow(
    id="a", kind="snippet", title="退货运费谁承担", matched=((0, 1), (2, 4)), aside="退货", uses=41
)


def text(spans: list[tuple[str, str]]) -> str:
    return "".join(words for words, _ in spans)


def cells(spans: list[tuple[str, str]]) -> int:
    return cell_len(text(spans))


def test_matched_characters_are_lit() -> None:
    spans = row_spans(ROW, 60, is_chosen=False)
    assert [words for words, tone in spans if tone == "under"] == ["退", "运费"]


def test_the_chosen_row_has_a_mark_that_is_not_a_colour() -> None:
    assert text(row_spans(ROW, 60, is_chosen=True)).startswith("▌")
    assert text(row_spans(ROW, 60, is_chosen=False)).startswith(" ")


def test_category_and_use_count_stand_aside_where_there_is_room() -> None:
    assert "用过 41 次" in text(row_spans(ROW, 60, is_chosen=False))
    narrow = text(row_spans(ROW, 34, is_chosen=False))
    assert "退货" in narrow
    assert "用过" not in narrow


def test_a_command_shows_its_keys() -> None:
    row = PaletteRow(id="transfer", kind="command", title="转交", keys="Ctrl+F T")
    assert text(row_spans(row, 50, is_chosen=False)).endswith("Ctrl+F T")


@given(
    title=st.text(alphabet="退货Aa1，😀 ", min_size=1, max_size=30),
    ranges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
    width=st.integers(8, 80),
)
def test_a_row_is_exactly_as_wide_as_asked(title: str, ranges: list[tuple[int, int]], width: int) -> None:
    assert cells(lit(title, ranges, width, "text")) == width
    if width >= 24:
        row = PaletteRow(id="a", kind="article", title=title, matched=tuple(ranges), aside="退货", uses=3)
        assert cells(row_spans(row, width, is_chosen=True)) == width


@given(words=st.text(alphabet="退货运费 abc,\n1234567890", max_size=120), width=st.integers(4, 40))
def test_wrapping_loses_no_word_and_keeps_the_width(words: str, width: int) -> None:
    lines = wrap([(words, "text")], width)
    assert all(cells(line) <= width for line in lines)
    kept = "".join(text(line) for line in lines)
    if width >= 12:
        assert "".join(kept.split()) == "".join(words.split()) or "…" in kept


def test_blanks_stand_out_in_the_preview() -> None:
    filled = Filled("预计 到账时间 到账", (Blank(3, 7, "到账时间", 1),))
    assert spans_of(filled) == [("预计 ", "text"), ("▁到账时间▁", "warn"), (" 到账", "text")]


def test_the_preview_says_what_is_needed_and_what_of_it_is_missing() -> None:
    entry = Entry(id="a", kind="snippet", title="t", text="x", needs=("order.number", "refund.amount"))
    lines = preview(entry, Filled("x"), {"order.number"}, 60, 8)
    needs = next(line for line in lines if "需要" in text(line))
    assert ("需要：", "faint") in needs
    assert any("退款金额（要填）" in words and tone == "warn" for words, tone in needs)
    assert any("订单号" in words and tone == "calm" for words, tone in needs)


def test_where_an_entry_comes_from_is_said_and_shipped_ones_only_where_there_is_room() -> None:
    entry = Entry(id="a", kind="snippet", title="t", text="x", origin="published", version=12)
    assert text(preview(entry, Filled("x"), (), 40, 4)[-1]) == "团队 v12"
    shipped = replace(entry, origin="built-in")
    assert text(preview(shipped, Filled("x"), (), 40, 8)[-1]) == "随产品"
    assert [text(line) for line in preview(shipped, Filled("x"), (), 40, 4)] == ["x"]


def test_a_long_text_is_cut_with_a_sign_and_keeps_the_foot() -> None:
    entry = Entry(id="a", kind="snippet", title="t", text="x", author="小赵", origin="own")
    lines = preview(entry, Filled("很长的话。" * 60), (), 30, 6)
    assert len(lines) == 6
    assert text(lines[-1]) == "我的 · 小赵"
    assert text(lines[-2]).endswith("……")


@pytest.mark.parametrize(
    ("typed", "mode", "category", "rest"),
    [
        ("", SearchScope.ALL, "", ""),
        ("tui", SearchScope.ALL, "", "tui"),
        ("#refund", SearchScope.CATEGORY, "refund", ""),
        ("＃退款 到账", SearchScope.CATEGORY, "退款", "到账"),
        ("# tk dz", SearchScope.CATEGORY, "tk", "dz"),
        ("@停滞", SearchScope.ARTICLES, "", "停滞"),
        ("＠", SearchScope.ARTICLES, "", ""),
        (">转交", SearchScope.COMMANDS, "", "转交"),
        ("》转交", SearchScope.COMMANDS, "", "转交"),
    ],
)
def test_prefixes_in_both_widths(typed: str, mode: SearchScope, category: str, rest: str) -> None:
    asked = read_query(typed)
    assert (asked.mode, asked.category, asked.text) == (mode, category, rest)


@pytest.mark.parametrize("typed", ["refund", "退款", "tuikuan", "tk", "REFUND"])
def test_a_category_is_meant_however_it_is_typed(typed: str) -> None:
    names = {"refund": "退款", "return": "退货", "logistics": "物流"}
    assert "refund" in Categories(names).meant(typed)
    assert "logistics" not in Categories(names).meant(typed)
