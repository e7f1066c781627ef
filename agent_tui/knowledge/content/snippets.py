"""Snippet files: a YAML list to snippets and problems; a bad item never hides a good one."""

from pathlib import Path

import msgspec

from agent_tui.knowledge.content.entries import ContentProblem, Snippet
from agent_tui.knowledge.content.parsing import YamlError, decode, dump, parse, read_text
from agent_tui.knowledge.content.problems import problem


class PlacedSnippet(msgspec.Struct, frozen=True):
    """A snippet and where it stands: the lines of its fields by name, its own under the empty name."""

    snippet: Snippet
    file: str
    lines: dict[str, int]

    def line(self, field: str = "") -> int:
        """The line of a field, or of the snippet when the field is not written."""
        return self.lines.get(field, self.lines.get("", 0))


def read_snippets(path: Path, shown: str = "") -> tuple[list[Snippet], list[ContentProblem]]:
    """The snippets of one YAML file and what is wrong with the rest; `shown` is the name problems give it."""
    placed, problems = place_snippets(path, shown)
    return [one.snippet for one in placed], problems


def place_snippets(path: Path, shown: str = "") -> tuple[list[PlacedSnippet], list[ContentProblem]]:
    """Like `read_snippets`, each snippet with its lines."""
    shown = shown or str(path)
    text, problems = read_text(path, shown)
    return ([], problems) if text is None else parse_snippets(text, shown)


def parse_snippets(text: str, shown: str) -> tuple[list[PlacedSnippet], list[ContentProblem]]:
    """The snippets of a YAML text."""
    try:
        marked = parse(text)
    except YamlError as error:
        return [], [problem(error.code, shown, error.line, detail=error.detail)]
    if marked.value is None:
        return [], []
    if not isinstance(marked.value, list):
        return [], [problem("not-a-list", shown, marked.line(""))]
    placed: list[PlacedSnippet] = []
    problems: list[ContentProblem] = []
    for number, value in enumerate(marked.value):
        at = f"[{number}]"
        snippet, found = decode(value, Snippet, marked, at, shown)
        problems += found
        if snippet is not None:
            placed.append(PlacedSnippet(snippet, shown, _lines(marked.lines, at)))
    return placed, problems


def _lines(lines: dict[str, int], at: str) -> dict[str, int]:
    inner = {path.removeprefix(at + "."): line for path, line in lines.items() if path.startswith(at + ".")}
    return {"": lines.get(at, 0)} | inner


def write_snippets(snippets: list[Snippet]) -> str:
    """Snippets as the text of a YAML file that `read_snippets` reads back the same."""
    plain = [msgspec.to_builtins(snippet) for snippet in snippets]
    listed = [{key: list(v) if isinstance(v, tuple) else v for key, v in one.items()} for one in plain]
    return dump(listed, width=1000)
