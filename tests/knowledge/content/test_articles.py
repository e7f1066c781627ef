"""Article files: front matter, headings in both languages, and problems with their lines."""

from datetime import date

import pytest

from agent_tui.knowledge.content.articles import parse_article

WHOLE = """---
id: stuck
title: 物流停滞
similar: [三天没动了]
review: 2027-03-01
---
## 问题
没有更新
## 原因
爆仓
## 话术
{{ customer.name }}您好
### 小标题
还在话术里
## 处理结果
催件
"""


def test_reads_the_parts() -> None:
    placed, problems = parse_article(WHOLE, "x.md")
    assert problems == []
    assert placed is not None
    article = placed.article
    assert (article.problem, article.cause, article.result) == ("没有更新", "爆仓", "催件")
    assert article.script == "{{ customer.name }}您好\n### 小标题\n还在话术里"
    assert article.review == date(2027, 3, 1)
    assert placed.line("script") == 12


def test_reads_english_headings() -> None:
    text = "---\nid: a\ntitle: Late\n---\n## Problem\np\n## Cause\nc\n## Script\ns\n## Result\nr\n"
    placed, problems = parse_article(text, "x.md")
    assert problems == []
    assert placed is not None
    assert (placed.article.problem, placed.article.script) == ("p", "s")


@pytest.mark.parametrize(
    ("text", "line", "field", "is_kept"),
    [
        ("# no front matter\n", 1, "", False),
        ("---\nid: a\n", 1, "", False),
        ("---\nid: a\n---\n## 话术\nx\n", 2, "title", False),
        ("---\nid: a\ntitle: t\nreview: soon\n---\n## 话术\nx\n", 4, "review", False),
        ("---\nid: a\ntitle: t\nowner: [x]\n---\n## 话术\nx\n", 4, "owner", False),
        ("---\nid: a\ntitle: t\nauthor: x\n---\n## 话术\nx\n", 4, "author", True),
        ("---\nid: a\ntitle: t\n---\n## 话术\nx\n## 备注\ny\n", 7, "", True),
        ("---\nid: a\ntitle: t\n---\n## 问题\nx\n", 4, "script", True),
    ],
)
def test_a_problem_names_its_line(text: str, line: int, field: str, is_kept: bool) -> None:
    placed, problems = parse_article(text, "x.md")
    assert (line, field) in [(fault.line, fault.field) for fault in problems]
    assert (placed is not None) == is_kept
