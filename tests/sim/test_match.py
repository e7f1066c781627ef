"""Folding and matching: the same fact in every reasonable wording, and no number inside another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.sim.match import Fact, fold, is_readable


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("付款后四十八小时内发货", "付款后48小时内发货"),
        ("４８ 小时", "48小时"),
        ("48h内", "48小时内"),
        ("within 48 hours", "48小时内"),
        ("forty-eight hours", "48小时"),
        ("一到三个工作日", "1-3工作日"),
        ("1–3 working days", "1-3工作日"),
        ("1个工作日到3个工作日", "1-3工作日"),
        ("七天无理由", "7天无理由"),
        ("15日内", "15天内"),
        ("seven-day return", "7天return"),
        ("两张店铺券", "2张店铺券"),
        ("二十四个小时", "24小时"),
        ("一百二十元", "120元"),
        ("第一时间", "第一时间"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_folding_never_fails_and_settles(text: str) -> None:
    once = fold(text)
    assert not any(sign.isspace() for sign in once)
    assert isinstance(once, str)


def fact(*rows: tuple[str, ...], unless: tuple[str, ...] = ()) -> Fact:
    return Fact("f", rows, unless, ("?",), ("?",))


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("7天内可退", True),
        ("17天内可退", False),
        ("117 天，7 天都可退", True),
        ("7天内", False),
        ("不支持7天内可退", False),
    ],
)
def test_all_rows_and_no_exception(text: str, stated: bool) -> None:
    assert fact(("7天",), ("可退",), unless=("不支持7天",)).stated_in(fold(text), {}) is stated


@pytest.mark.parametrize(("text", "stated"), [("Nov 2", True), ("Nov 24", False), ("Nov 24, Nov 2.", True)])
def test_a_number_is_whole(text: str, stated: bool) -> None:
    assert fact(("Nov 2",)).stated_in(fold(text), {}) is stated


def test_a_value_counts_in_every_way_it_is_written() -> None:
    eta = {"parcel.eta": ("2026-11-24", "11月24日")}
    assert fact(("{parcel.eta}",)).stated_in(fold("预计 11 月 24 日送达"), eta)
    assert not fact(("{parcel.eta}",)).stated_in(fold("预计11月25日送达"), eta)
    assert not fact(("{parcel.eta}",)).stated_in(fold("预计11月24日送达"), {})


@pytest.mark.parametrize(
    ("text", "language", "readable"),
    [
        ("We ship today", "en", True),
        ("今天发货", "en", False),
        ("今天发货", "zh", True),
        ("We ship today", "zh", False),
        ("48", "zh", True),
    ],
)
def test_readable(text: str, language: str, readable: bool) -> None:
    assert is_readable(text, language) is readable
