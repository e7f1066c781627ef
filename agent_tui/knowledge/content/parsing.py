"""YAML to typed structs with the line of each value, so that a problem names its place and remedy.

Every scalar stays the text its author wrote (`618`, `no` and `12315` are titles, not numbers); only an empty
one and `~` are nothing. Anchors, aliases and tags are refused: content needs none, and they are how a small
file becomes a large one.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml
from msgspec import Struct

from agent_tui.knowledge.content.entries import Article, ContentProblem, Snippet
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.errors import KnowledgeError

_DEEPEST = 12
_MOST_NODES = 200_000
_NOTHING = ("", "~", "null")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


class YamlError(KnowledgeError):
    """YAML that cannot be used: its code is `yaml-` and syntax, wide-colon, alias, tag, deep, big or twice.

    `line` counts from 1.
    """


class Marked(Struct, frozen=True):
    """The value of a YAML text; `lines` holds the line of each path, such as `[3].needs[0]`, from 1."""

    value: Any
    lines: dict[str, int]

    def line(self, path: str) -> int:
        """The line of `path` or of the nearest thing around it; 0 for an empty text."""
        while path not in self.lines and path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 0)


# A field whose colon an input method made: YAML reads on as if it were text, and names another cause.
_WIDE_COLON = re.compile(
    r"^[ \t]*(?:- )?(id|title|body|category|tags|channels|language|shortcut|needs|file|tone|true_when|does|"
    r"questions|similar|owner|review|valid_from|valid_until)：",
    re.MULTILINE,
)


def parse(text: str) -> Marked:
    """Read one YAML document. Raises YamlError."""
    if wide := _WIDE_COLON.search(text):
        raise YamlError("yaml-wide-colon", wide[1], text.count("\n", 0, wide.start(1)) + 1)
    builder = _Builder()
    try:
        value = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError("yaml-syntax", error.problem or "", mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise YamlError("yaml-syntax", str(error).splitlines()[0]) from error
    return Marked(value, builder.lines)


# Their text begins on the line below the mark.
_BLOCKS = ("|", ">")


class _Builder:
    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self._nodes = 0

    def document(self, events: Iterator[Any]) -> Any:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self._node(next(events), events, "", 0)
        return None

    def _node(self, event: Any, events: Iterator[Any], path: str, depth: int) -> Any:
        line = event.start_mark.line + 1
        self._check(event, line, depth)
        self.lines.setdefault(path, line)
        if isinstance(event, yaml.ScalarEvent):
            if event.style in _BLOCKS:
                self.lines[path] = line + 1
            plain = event.style is None and event.value.lower() in _NOTHING
            return None if plain else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path, depth)
        return self._mapping(events, path, depth)

    def _check(self, event: Any, line: int, depth: int) -> None:
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlError("yaml-alias", f"*{event.anchor}", line)
        if event.anchor is not None:
            raise YamlError("yaml-alias", f"&{event.anchor}", line)
        if event.tag is not None:
            raise YamlError("yaml-tag", event.tag, line)
        if depth > _DEEPEST:
            raise YamlError("yaml-deep", str(_DEEPEST), line)
        if self._nodes > _MOST_NODES:
            raise YamlError("yaml-big", str(_MOST_NODES), line)

    def _list(self, events: Iterator[Any], path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, events, f"{path}[{len(found)}]", depth + 1))
        return found

    def _mapping(self, events: Iterator[Any], path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise YamlError("yaml-syntax", "key", line)
            key = event.value
            if key in found:
                raise YamlError("yaml-twice", key, line)
            self._check(event, line, depth)
            inner = f"{path}.{key}" if path else key
            self.lines[inner] = line
            found[key] = self._node(next(events), events, inner, depth + 1)
        return found


def is_id(text: str) -> bool:
    """Whether `text` can be an entry's id."""
    return _ID.match(text) is not None


def read_text(path: Path, shown: str) -> tuple[str | None, list[ContentProblem]]:
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
) -> tuple[Source | None, list[ContentProblem]]:
    """One struct of `kind` from a plain value that stands at path `at` of a file."""
    if isinstance(value, dict):
        value = {key: one for key, one in value.items() if one is not None}
    try:
        source = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return None, [_problem(str(error), kind, marked, at, shown)]
    found = _faults(source, marked, at, shown)
    return (None, found) if found else (source, [])


def _problem(message: str, kind: type[Source], marked: Marked, at: str, shown: str) -> ContentProblem:
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


def _faults(source: Snippet | Article, marked: Marked, at: str, shown: str) -> list[ContentProblem]:
    """What a struct's types cannot say: a usable id, a title, a body."""
    found: list[ContentProblem] = []
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


class BlockDumper(yaml.SafeDumper):
    """YAML as people write it: text of several lines is a block."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


BlockDumper.add_representer(str, _block)


def dump(told: object, width: int = 100) -> str:
    """`told` as the text of a YAML file, in its own order."""
    return str(yaml.dump(told, Dumper=BlockDumper, allow_unicode=True, sort_keys=False, width=width))
