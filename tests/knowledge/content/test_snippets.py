"""Snippet files: what is good is read, what is wrong is placed and explained."""

from pathlib import Path

import pytest

from agent_tui import i18n
from agent_tui.knowledge.content.entries import Snippet
from agent_tui.knowledge.content.parsing import YamlError, parse
from agent_tui.knowledge.content.problems import said
from agent_tui.knowledge.content.snippets import parse_snippets, read_snippets, write_snippets

GOOD = "- {id: good, title: 好的, body: 您好}\n"


def faults(text: str) -> list[tuple[int, str]]:
    """Line and field of every problem of a YAML text."""
    return [(fault.line, fault.field) for fault in parse_snippets(text, "x.yaml")[1]]


def test_a_bad_item_does_not_hide_a_good_one() -> None:
    placed, problems = parse_snippets(
        GOOD + "- id: bad\n  title: 缺正文\n" + GOOD.replace("good", "more"), "x"
    )
    assert [one.snippet.id for one in placed] == ["good", "more"]
    assert [(fault.line, fault.field) for fault in problems] == [(2, "[1].body")]


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("- id: a\n  title: t\n  body: b\n  neds: [x]\n", 4, "[0].neds"),
        ("- id: a\n  title: t\n  body: b\n  needs: order.number\n", 4, "[0].needs"),
        ("- id: a\n  title: t\n  body: b\n  tags:\n    - ok\n    - {a: b}\n", 6, "[0].tags[1]"),
        ("- id: a b\n  title: t\n  body: b\n", 1, "[0].id"),
        ("- id: a\n  title: ' '\n  body: b\n", 2, "[0].title"),
        ("- just words\n", 1, "[0]"),
        ("id: a\n", 1, ""),
        ("- id: a\n  id: b\n", 2, ""),
        ("- &x a\n- *x\n", 1, ""),
        ("- !!python/object:os.system {}\n", 1, ""),
        ("- id: a\n  title: 'open\n", 3, ""),
        ("[" * 40 + "]" * 40, 1, ""),
    ],
)
def test_a_problem_names_its_line_and_field(text: str, line: int, field: str) -> None:
    assert (line, field) in faults(text)


def test_what_looks_like_a_number_or_a_truth_is_text() -> None:
    placed, problems = parse_snippets("- {id: 12315, title: 618, body: no, shortcut: on}\n", "x")
    assert problems == []
    assert placed[0].snippet == Snippet(id="12315", title="618", body="no", shortcut="on")


def test_a_file_that_is_missing_too_big_or_not_text_is_a_problem(tmp_path: Path) -> None:
    big, binary = tmp_path / "big.yaml", tmp_path / "binary.yaml"
    big.write_text("#" * 1_000_001)
    binary.write_bytes(b"\xff\xfe\x00\x01")
    for path in (tmp_path / "none.yaml", big, binary):
        snippets, problems = read_snippets(path)
        assert snippets == []
        assert len(problems) == 1


def test_problems_speak_the_language_in_use() -> None:
    try:
        i18n.choose("en")
        assert "required field body" in said(parse_snippets("- {id: a, title: t}", "x")[1][0])
        i18n.choose("zh")
        assert "缺少必填字段 body" in said(parse_snippets("- {id: a, title: t}", "x")[1][0])
    finally:
        i18n.choose("zh")


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    snippets = [
        Snippet(id="a", title="no", body="一\n\n  二 {{ order.number }}: ${1:几点}\n", tags=("甲", "乙")),
        Snippet(id="b", title="*星号", body="# 井号: 'x'", language="en", needs=("order.number",)),
    ]
    file = tmp_path / "x.yaml"
    file.write_text(write_snippets(snippets), "utf-8")
    assert read_snippets(file) == (snippets, [])


@pytest.mark.parametrize("text", ["- id: a\n  title：退款\n  body: 好的\n", "- id：a\n  title: 退款\n"])
def test_a_full_width_colon_is_named_as_the_cause(text: str) -> None:
    with pytest.raises(YamlError) as raised:
        parse(text)
    assert raised.value.code == "yaml-wide-colon"


def test_a_full_width_colon_in_a_text_is_text() -> None:
    assert parse("- id: a\n  body: |-\n    单号：{{ parcel.number }}\n").value[0]["body"].startswith("单号：")
