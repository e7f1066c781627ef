"""What `kb check` finds, each rule by one small file that breaks it."""

from datetime import date
from pathlib import Path

import pytest

from agent_tui.knowledge.content.lint import lint
from agent_tui.knowledge.content.sources import folder

DAY = date(2026, 11, 1)
CASE = "---\nid: a\ntitle: 甲乙\nsimilar: [一, 二, 三]\n{front}---\n## 话术\n{script}\n"


def found(tmp_path: Path, text: str, name: str = "x.yaml") -> list[tuple[int, str, str]]:
    """Line, field and severity of everything found in one file."""
    (tmp_path / name).write_text(text, "utf-8")
    _, problems = lint([folder(tmp_path)], DAY)
    return [(fault.line, fault.field, fault.severity) for fault in problems]


def item(id: str = "a", title: str = "甲", body: str = "好", more: str = "") -> str:
    """One snippet, `more` further lines."""
    return f"- id: {id}\n  title: {title}\n  body: '{body}'\n{more}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (item(), []),
        (item(more="  category: 退款\n"), [(4, "category", "error")]),
        (item(more="  channels: [web, fax]\n"), [(4, "channels", "error")]),
        (item(more="  language: fr\n"), [(4, "language", "error")]),
        (item(body="{{ order.nummer }}"), [(3, "body", "error")]),
        (item(body="{{ order.number "), [(3, "body", "error")]),
        (item(body="{{ order.number }}"), [(3, "needs", "warning")]),
        (item(more="  needs: [order.number]\n"), [(4, "needs", "error")]),
        (item(body="{{ order.number }}", more="  needs: [order.number]\n"), []),
        (item(body='{{ parcel.eta | default: "稍后" }}'), []),
        (item(body="好" * 61, more="  channels: [live]\n"), [(3, "body", "error")]),
        (item(body="好" * 281, more="  channels: [web, social]\n"), [(3, "body", "error")]),
        (item(body="好" * 2001), [(3, "body", "error")]),
        (item(title="很" * 31), [(2, "title", "warning")]),
        (item(more="  true_when: paid and not overdue\n"), []),
        (item(more="  true_when: payed\n"), [(4, "true_when", "error")]),
        (item(more="  true_when: scan_hours\n"), [(4, "true_when", "error")]),
        (item(more="  true_when: overdue >= 2\n"), [(4, "true_when", "error")]),
        (item(more="  true_when: paid or\n"), [(4, "true_when", "error")]),
        (item(more="  does: 在快递后台提交催派\n"), []),
        (item(more=f"  does: {'催' * 81}\n"), [(4, "does", "error")]),
        (item(body="好的，我已登记投诉。"), [(3, "body", "error")]),
        (item(body="好的，我已登记投诉。", more="  does: 登记投诉\n"), []),
        (item(more="  file: none.png\n"), [(4, "file", "error")]),
        (item(body="见 [尺码表](size.png)"), [(3, "body", "error")]),
        (item(body="见 [官网](https://example.com)"), [(3, "body", "warning")]),
        (item() + item("b"), [(5, "title", "error")]),
        (item(title="退款多久到账") + item("b", "退款多久到账呢"), [(5, "title", "warning")]),
        (item(title="一级紧急情况公告通知") + item("b", "二级紧急情况公告通知"), []),
        (
            item(more="  shortcut: TK\n") + item("b", "乙", more="  shortcut: tk\n"),
            [(8, "shortcut", "error")],
        ),
        (item() + item("b", "Hi", more="  language: en\n  category: order\n"), [(0, "", "warning")] * 2),
    ],
)
def test_each_lint_rule_for_snippets_fires(
    tmp_path: Path, text: str, expected: list[tuple[int, str, str]]
) -> None:
    assert found(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("", []),
        ("review: 2026-12-02\n", []),
        ("review: 2026-11-20\n", [(5, "review", "warning")]),
        ("review: 2026-10-31\n", [(5, "review", "warning")]),
        ("valid_until: 2026-10-31\n", [(5, "valid_until", "error")]),
        ("valid_from: 2027-01-01\nvalid_until: 2026-12-20\n", [(5, "valid_from", "error")]),
        ("category: no\n", [(5, "category", "error")]),
        ("true_when: shipped and payed\n", [(5, "true_when", "error")]),
    ],
)
def test_each_lint_rule_for_articles_fires(
    tmp_path: Path, front: str, expected: list[tuple[int, str, str]]
) -> None:
    assert found(tmp_path, CASE.format(front=front, script="好"), "a.md") == expected


def test_articles_hold_to_names_and_links_too(tmp_path: Path) -> None:
    text = CASE.format(front="", script="{{ order.x }}\n[图](no.png)")
    assert found(tmp_path, text, "a.md") == [(7, "script", "error"), (8, "script", "error")]


def test_a_problem_names_its_line_within_a_text_of_several(tmp_path: Path) -> None:
    block = "- id: a\n  title: 甲\n  body: |-\n    您好，\n    我已登记投诉。\n"
    assert found(tmp_path, block) == [(5, "body", "error")]
    case = CASE.format(front="", script="\n您好，\n我已登记投诉。")
    (tmp_path / "x.yaml").unlink()
    assert found(tmp_path, case, "a.md") == [(9, "script", "error")]


def test_our_own_outgoing_rules_hold_for_content(tmp_path: Path) -> None:
    assert found(tmp_path, item(body="亲，加我微信详聊"))[0][:2] == (3, "body")


def test_counts_what_it_read(tmp_path: Path) -> None:
    (tmp_path / "titles.txt").write_text("甲\n乙\n", "utf-8")
    assert lint([folder(tmp_path)], DAY)[0] == 2
