"""Problems of content files in words, in the language in use; the words are in `data/*problems.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from agent_tui import i18n
from agent_tui.knowledge.content.entries import ContentProblem, Severity

_DATA = Path(__file__).parents[1] / "data"
_FILES = ("problems.toml", "pack_problems.toml")


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    said: dict[str, dict[str, list[str]]] = {}
    for name in _FILES:
        said |= tomllib.loads((_DATA / name).read_text("utf-8"))
    return said


def codes() -> frozenset[str]:
    """Every problem there are words for."""
    return frozenset(_words())


def problem(
    code: str,
    file: str,
    line: int = 0,
    field: str = "",
    severity: Severity = "error",
    **values: object,
) -> ContentProblem:
    """The problem `code` at a place, said with `values`."""
    detail, remedy = _words()[code][i18n.language()]
    return ContentProblem(
        file=file,
        line=line,
        field=field,
        detail=detail.format(**values),
        remedy=remedy.format(**values),
        severity=severity,
    )


def said(found: ContentProblem) -> str:
    """One line for a terminal: place, what is wrong, what to do."""
    place = f"{found.file}:{found.line}" if found.line else found.file
    field = f" {found.field}" if found.field else ""
    return f"{place}:{field} {found.detail} → {found.remedy}"
