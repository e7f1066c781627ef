"""Filling: what comes out for whom, what is left blank, and what is stopped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_tui.domain.names import PATHS
from agent_tui.knowledge.templates.blanks import label
from agent_tui.knowledge.templates.fill import Blank, Filled, FillError, fill, paths_of

VALUES = {
    "customer": {"name": "王敏"},
    "order": {"number": "8842"},
    "contact": {"director": {"phone": "400"}},
    "policy": {"return_days": "15"},
}


def shown(filled: Filled) -> list[tuple[str, int]]:
    """Every blank's text and number; the prompt must be what stands there."""
    for blank in filled.blanks:
        assert filled.text[blank.start : blank.end] == blank.prompt
    return [(blank.prompt, blank.number) for blank in filled.blanks]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ customer.name }}您好", "王敏您好"),
        ("{{ customer['name'] }}", "王敏"),
        ("{{ contact.director.phone }}", "400"),
        ("{{ policy.return_days }} 天", "15 天"),
        ("{{ parcel.eta | default: '稍后' }}", "稍后"),
        ("{{ parcel.eta | upcase | default: '稍后' }}", "稍后"),
        ("{{ parcel.eta | default: order.number }}", "8842"),
        ("{% if order.number == '8842' %}是{% else %}否{% endif %}", "是"),
        ("{% assign n = order.number | plus: 1 %}{{ n }}", "8843"),
        ("{% assign l = 'a,b' | split: ',' %}{% for x in l %}{{ x }}{{ forloop.index }}{% endfor %}", "a1b2"),
        ("{% case order.number %}{% when '1' %}一{% else %}多{% endcase %}", "多"),
        ("{% comment %}{{ order.number }}{% endcomment %}好", "好"),
        ("价格 \\$5，$20 起，$1,299", "价格 $5，$20 起，$1,299"),
        ("", ""),
    ],
)
def test_a_template_is_filled(body: str, text: str) -> None:
    assert fill(body, VALUES) == Filled(text)


@pytest.mark.parametrize(
    ("body", "text", "blanks"),
    [
        ("到账 ${1:时间}", "到账 时间", [("时间", 1)]),
        ("${1:时间}，就是 $1 和 ${1}", "时间，就是 时间 和 时间", [("时间", 1)] * 3),
        ("$1", "请填写", [("请填写", 1)]),
        ("单号 {{ parcel.number }}", "单号 快递单号", [("快递单号", 1)]),
        (
            "{{ parcel.number }} ${2:备注} {{ parcel.number }}",
            "快递单号 备注 快递单号",
            [("快递单号", 3), ("备注", 2), ("快递单号", 3)],
        ),
        ("{{ refund.amount | round: 2 | append: '元' }}", "退款金额", [("退款金额", 1)]),
        ("{% if order.status == 'paid' %}甲{% else %}乙{% endif %}", "订单状态", [("订单状态", 1)]),
        ("{% unless order.status %}甲{% endunless %}", "订单状态", [("订单状态", 1)]),
        ("{% for i in order.items %}{{ i }}{% endfor %}", "商品名称", [("商品名称", 1)]),
        ("{% case order.status %}{% when 'a' %}甲{% endcase %}", "订单状态", [("订单状态", 1)]),
        ("{% assign x = order.total %}{{ x }}", "订单金额", [("订单金额", 1)]),
        ("{{ parcel.eta | default: '近 ${1:天数} 天' }}", "近 天数 天", [("天数", 1)]),
        ("{{ parcel.eta | default: parcel.carrier }}", "快递公司", [("快递公司", 1)]),
    ],
)
def test_a_missing_value_leaves_a_blank(body: str, text: str, blanks: list[tuple[str, int]]) -> None:
    filled = fill(body, VALUES)
    assert filled.text == text
    assert shown(filled) == blanks


def test_blank_is_labelled_in_the_language_asked_for() -> None:
    assert fill("{{ order.total }}", {}, "en").blanks == (Blank(0, 11, "order total", 1),)
    assert label("contact.warehouse.phone") == "仓库电话"


def test_every_name_has_a_label_in_both_languages() -> None:
    for path in PATHS:
        assert label(path, "zh") != path
        assert label(path, "en") != path


def test_empty_text_is_no_value() -> None:
    assert shown(fill("{{ customer.name }}", {"customer.name": "  "})) == [("客户称呼", 1)]


def test_paths_tell_what_is_needed_from_what_has_a_default() -> None:
    paths = paths_of(
        "{{ order.number }}{{ parcel.eta | default: '稍后' }}{% if refund.by %}{{ coupon.name }}{% endif %}"
    )
    assert paths.required == ("order.number", "refund.by", "coupon.name")
    assert paths.optional == ("parcel.eta",)


HOSTILE = [
    ("{% for i in (1..100000000) %}x{% endfor %}", "too-complex"),
    ("{% if (1..99999999999) contains 3.5 %}x{% endif %}", "too-complex"),
    ("{% for i in (1..order.total) %}x{% endfor %}", "too-complex"),
    (
        "{% for a in (1..99) %}" * 3 + "x" + "{% endfor %}" * 3,
        "too-complex",
    ),
    ("{% include 'a' %}", "syntax"),
    ("{% render 'a' %}", "syntax"),
    ("{% capture x %}{% endcapture %}", "syntax"),
    ("{% raw %}{% endraw %}", "syntax"),
    ("{{ 9 | times: 9999999999 | times: 9999999999 }}", "too-large"),
    ("{{ '1e999' | plus: 1 }}", "too-large"),
    ("{% assign x = 'aaaaaaaaaaaaaaaa' %}" + "{% assign x = x | append: x %}" * 400, "too-long"),
    ("{% assign x = 'aaaaaaaaaaaaaaaa' %}" + "{% assign x = x | replace: 'a', x %}" * 9, "too-long"),
    ("{{ order[order.number] }}", "dynamic-path"),
    ("{{ customer.__class__ }}", "unknown-name"),
    ("{{ customer }}", "unknown-name"),
    ("{{ now }}", "unknown-name"),
    ("{% assign order = 1 %}", "reserved-name"),
    ("{{ order.number | date: '%999999999d' }}", "unknown-filter"),
    ("{{" * 9_000, "syntax"),
    ("{{ order.number", "syntax"),
    ("{% if 1 %}" * 1_000, "syntax"),
    ("{% if " + " and ".join(["1 == 1"] * 1_700) + " %}{% endif %}", "too-deep"),
    ("x" * 30_000, "too-big"),
    ("${1:{{ order.number }}}", "broken-stop"),
    ("{{ 'a' | divided_by: 0 }}", "value"),
]


@pytest.mark.parametrize(("body", "code"), HOSTILE, ids=[body[:30] for body, _ in HOSTILE])
def test_the_sandbox_stops_a_hostile_template(body: str, code: str) -> None:
    with pytest.raises(FillError) as caught:
        fill(body, VALUES)
    assert caught.value.code == code


names = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["${1:x}", "{{ order.number }}", "{% include 'a' %}", "$1", "\\$1", "}}", "${1:{{ a }}}"]
    ),
)


@given(names)
def test_values_are_never_read_as_template(name: str) -> None:
    filled = fill("「{{ customer.name }}」{{ customer.name | default: '客户' }}", {"customer.name": name})
    if name.strip():
        assert filled == Filled(f"「{name}」{name}")
    else:
        assert shown(filled) == [("客户称呼", 1)]


@given(st.dictionaries(st.sampled_from(sorted(PATHS)), names))
def test_blanks_are_the_paths_without_a_value(values: dict[str, str]) -> None:
    body = "\n".join(f"{{{{ {path} }}}}" for path in sorted(PATHS))
    missing = [path for path in sorted(PATHS) if not values.get(path, "").strip()]
    assert [prompt for prompt, _ in shown(fill(body, values))] == [label(path) for path in missing]


pieces = st.sampled_from(
    [
        *(
            "{{",
            "}}",
            "{%",
            "%}",
            "{% if",
            "{% endif %}",
            "{% for i in",
            "{% endfor %}",
            "{% assign x =",
            "else",
        ),
        *(
            " order.number ",
            " x ",
            " | default: ",
            " | append: ",
            "'",
            '"',
            "(1..9)",
            "${1:",
            "}",
            "$2",
            "\\",
        ),
        *(" == ", " and ", "[", "]", "-", "9" * 5_000, "\n", "名"),
    ]
)


@settings(max_examples=400)
@given(st.lists(pieces | st.text(max_size=8), max_size=14).map("".join))
def test_no_template_raises_anything_but_fill_error(body: str) -> None:
    try:
        filled = fill(body, VALUES)
    except FillError:
        return
    shown(filled)
