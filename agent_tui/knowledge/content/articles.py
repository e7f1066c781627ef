"""Article files: Markdown with front matter and four headed parts, one case a file."""

import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Article, ContentProblem
from agent_tui.knowledge.content.parsing import Marked, YamlError, decode, parse, read_text
from agent_tui.knowledge.content.problems import problem

_FENCE = re.compile(r"---[ \t]*\Z")
_HEADING = re.compile(r"##[ \t]+(?P<name>.+?)[ \t#]*\Z")
_PARTS = {
    "问题": "problem", "problem": "problem", "問題": "problem",
    "原因": "cause", "cause": "cause",
    "话术": "script", "script": "script", "話術": "script",
    "处理结果": "result", "result": "result", "處理結果": "result", "结果": "result",
}  # fmt: skip
_OWN_PARTS = frozenset(_PARTS.values())


class PlacedArticle(Struct, frozen=True):
    """An article and where it stands: the lines of its fields and parts by name."""

    article: Article
    file: str
    lines: dict[str, int]

    def line(self, field: str = "") -> int:
        """The line of a field or part, the first when it is not written."""
        return self.lines.get(field, 1)


def read_article(path: Path, shown: str = "") -> tuple[Article | None, list[ContentProblem]]:
    """The article of one Markdown file, and what is wrong with it."""
    placed, problems = place_article(path, shown)
    return (placed.article if placed else None), problems


def place_article(path: Path, shown: str = "") -> tuple[PlacedArticle | None, list[ContentProblem]]:
    """Like `read_article`, with the lines of its fields."""
    shown = shown or str(path)
    text, problems = read_text(path, shown)
    return (None, problems) if text is None else parse_article(text, shown)


def has_front_matter(path: Path) -> bool:
    """Whether a Markdown file means to be an article at all; other Markdown is left alone."""
    try:
        with path.open("rb") as file:
            return file.read(16).removeprefix(b"\xef\xbb\xbf").startswith(b"---")
    except OSError:
        return False


def parse_article(text: str, shown: str) -> tuple[PlacedArticle | None, list[ContentProblem]]:
    """The article of a Markdown text."""
    rows = text.splitlines()
    fences = [number for number, row in enumerate(rows) if _FENCE.match(row)][:2]
    if len(fences) < 2 or fences[0] != 0:
        return None, [problem("no-front-matter", shown, 1)]
    end = fences[1]
    try:
        front = parse("\n".join(rows[1:end]))
    except YamlError as error:
        return None, [problem(error.code, shown, error.line + 1, detail=error.detail)]
    marked = Marked(front.value, {path: line + 1 for path, line in front.lines.items()})
    article, problems = decode(_known(front.value), Article, marked, "", shown)
    problems = _unknown(marked, shown) + problems
    if article is None:
        return None, problems
    parts, lines, found = _parts(rows, end + 1, shown)
    if not parts.get("script"):
        found.append(problem("no-script", shown, end + 1, "script", "warning"))
    whole = replace(article, **parts)
    return PlacedArticle(whole, shown, marked.lines | lines), problems + found


def _known(value: object) -> object:
    """Front matter without what is not a field, so that a stray line costs a warning and not the article."""
    if not isinstance(value, dict):
        return value
    names = frozenset(Article.__struct_fields__) - _OWN_PARTS
    return {name: one for name, one in value.items() if name in names}


def _unknown(marked: Marked, shown: str) -> list[ContentProblem]:
    if not isinstance(marked.value, dict):
        return []
    names = [name for name in Article.__struct_fields__ if name not in _OWN_PARTS]
    return [
        problem("unknown-field", shown, marked.line(name), name, "warning", name=name, known=", ".join(names))
        for name in marked.value
        if name not in names
    ]


def _parts(
    rows: list[str], start: int, shown: str
) -> tuple[dict[str, str], dict[str, int], list[ContentProblem]]:
    """The text below each heading, the line on which each part's text begins, and headings nobody knows."""
    parts: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    problems: list[ContentProblem] = []
    current = ""
    for number, row in enumerate(rows[start:], start + 1):
        heading = _HEADING.match(row)
        if heading is None:
            if row.strip() and not any(map(str.strip, parts.get(current, ()))):
                lines[current] = number
            parts.setdefault(current, []).append(row)
            continue
        current = _PARTS.get(heading["name"].lower(), "")
        if not current:
            problems.append(problem("unknown-heading", shown, number, "", "warning", heading=heading["name"]))
        lines.setdefault(current, number + 1)
    texts = {name: "\n".join(kept).strip() for name, kept in parts.items() if name}
    lines.pop("", None)
    return texts, lines, problems
