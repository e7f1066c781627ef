"""Plain values to typed structs, one at a time, every failure a problem with its place and remedy."""

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from agent_tui.knowledge.content.entries import Article, Problem, Snippet
from agent_tui.knowledge.content.parsing import Marked
from agent_tui.knowledge.content.problems import problem

MOST_BYTES = 1_000_000
_ID = re.compile(r"[A-Za-z0-9._-]{1,80}\Z")
_PATH = re.compile(r" - at `(?P<path>[^`]*)`$")
_NAMED = re.compile(r"field `(?P<name>[^`]*)`")
_EXPECTED = {
    "array": ("列表", "a list"),
    "str": ("文字", "text"),
    "object": ("一条条目（字段: 值）", "an entry (field: value)"),
    "date": ("日期，如 2027-03-01", "a date such as 2027-03-01"),
}

Source = TypeVar("Source", Snippet, Article)


def is_id(text: str) -> bool:
    """Whether `text` can be an entry's id."""
    return _ID.match(text) is not None


def read_text(path: Path, shown: str) -> tuple[str | None, list[Problem]]:
    """The text of a content file, or why there is none."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return None, [problem("too-big", shown, size=size, most=MOST_BYTES)]
        return path.read_text("utf-8-sig"), []
    except UnicodeDecodeError as error:
        return None, [problem("not-readable", shown, detail=error.reason)]
    except OSError as error:
        return None, [problem("not-readable", shown, detail=error.strerror or "")]


def decode(
    value: object, kind: type[Source], marked: Marked, at: str, shown: str
) -> tuple[Source | None, list[Problem]]:
    """One struct of `kind` from a plain value that stands at path `at` of a file."""
    if isinstance(value, dict):
        value = {key: one for key, one in value.items() if one is not None}
    try:
        source = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return None, [_problem(str(error), kind, marked, at, shown)]
    found = _faults(source, marked, at, shown)
    return (None, found) if found else (source, [])


def _problem(message: str, kind: type[Source], marked: Marked, at: str, shown: str) -> Problem:
    """The decoder's message as a problem: its path `$.needs[0]` leads to the line."""
    where = _PATH.search(message)
    inner = where["path"].removeprefix("$").removeprefix(".") if where else ""
    text = _PATH.sub("", message)
    named = _NAMED.search(text)
    if named and "unknown field" in text:
        path = _join(at, named["name"])
        known = ", ".join(kind.__struct_fields__)
        return problem("unknown-field", shown, marked.line(path), path, name=named["name"], known=known)
    if named and "missing required" in text:
        return problem("missing-field", shown, marked.line(at), _join(at, named["name"]), name=named["name"])
    path = _join(at, inner)
    return problem(
        "wrong-type",
        shown,
        marked.line(path),
        path,
        name=inner or path,
        detail=text,
        expected=_expected(text),
    )


def _expected(text: str) -> str:
    from agent_tui import i18n

    place = 1 if i18n.language() == "en" else 0
    word = next((word for word in _EXPECTED if f"`{word}`" in text.partition(",")[0]), "")
    if not word and ("RFC" in text or "ISO" in text or "date" in text):
        word = "date"
    return _EXPECTED.get(word, ("正确的值", "a fitting value"))[place]


def _faults(source: Snippet | Article, marked: Marked, at: str, shown: str) -> list[Problem]:
    """What a struct's types cannot say: a usable id, a title, a body."""
    found: list[Problem] = []
    if not _ID.match(source.id):
        path = _join(at, "id")
        found.append(problem("bad-id", shown, marked.line(path), path, id=source.id))
    needed = ("title", "body") if isinstance(source, Snippet) else ("title",)
    for name in needed:
        if not str(getattr(source, name)).strip():
            path = _join(at, name)
            found.append(problem("empty-field", shown, marked.line(path), path, name=name))
    return found


def _join(at: str, inner: str) -> str:
    if not inner or inner.startswith("["):
        return at + inner
    return f"{at}.{inner}" if at else inner
