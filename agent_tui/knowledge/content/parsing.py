"""YAML read as plain text values with the line of each, so that a problem can name its place.

Every scalar stays the text its author wrote (`618`, `no` and `12315` are titles, not numbers); only an empty
one and `~` are nothing. Anchors, aliases and tags are refused: content needs none, and they are how a small
file becomes a large one.
"""

from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct

from agent_tui.knowledge.errors import KnowledgeError

_DEEPEST = 12
_MOST_NODES = 200_000
_NOTHING = ("", "~", "null")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(KnowledgeError):
    """YAML that cannot be used: its code is `yaml-` and syntax, alias, tag, deep, big or twice.

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


def parse(text: str) -> Marked:
    """Read one YAML document. Raises YamlError."""
    builder = _Builder()
    try:
        value = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlError("yaml-syntax", error.problem or "", mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise YamlError("yaml-syntax", str(error).splitlines()[0]) from error
    return Marked(value, builder.lines)


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
