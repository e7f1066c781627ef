"""Synonym files (`synonyms.toml` in a folder of content): reading them, and what they must not merge."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from agent_tui.domain.team_content import SYNONYMS_FILE
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.parsing import read_text
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.text.synonyms import SynonymGroup
from agent_tui.knowledge.text.tokens import spaced

FILE_NAME = SYNONYMS_FILE
_APART = "apart"
_FIELDS = frozenset({"words", "from", "to", "unless", "near"})


class PlacedGroup(Struct, frozen=True):
    """A group and where it is written; one without words takes away an earlier one of its name."""

    group: SynonymGroup
    file: str
    line: int


class SynonymFile(Struct, frozen=True, kw_only=True):
    """What one file holds: its groups, the rows of words that must stay apart, what could not be read."""

    groups: tuple[PlacedGroup, ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    problems: tuple[ContentProblem, ...] = ()


def read_synonyms(file: Path) -> SynonymFile:
    """Everything in `file`; what cannot be read is among the problems."""
    text, problems = read_text(file, str(file))
    return SynonymFile(problems=tuple(problems)) if text is None else parse_synonyms(text, str(file))


def parse_synonyms(text: str, shown: str) -> SynonymFile:
    """Everything in the text of a file; `shown` is how that file is called."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return SynonymFile(problems=(problem("toml-syntax", shown, detail=str(error)),))
    groups, problems = [], []
    for name, value in found.items():
        line = _line(text, name)
        try:
            if name == _APART:
                continue
            groups.append(PlacedGroup(_group(name, value), shown, line))
        except ValueError as error:
            problems.append(problem("bad-synonyms", shown, line, name, detail=str(error)))
    apart, more = _apart(found.get(_APART, []), shown, _line(text, _APART))
    return SynonymFile(groups=tuple(groups), apart=apart, problems=(*problems, *more))


def _group(name: str, value: Any) -> SynonymGroup:
    """A group; ValueError for what is neither a list of words nor a table of the known fields."""
    if isinstance(value, list):
        words = _words(value)
        return SynonymGroup(name=name, typed=words, meant=words)
    if not isinstance(value, dict) or set(value) - _FIELDS:
        raise ValueError(", ".join(sorted(set(value) - _FIELDS)) if isinstance(value, dict) else repr(value))
    both = _words(value.get("words", []))
    typed, meant = (*both, *_words(value.get("from", []))), (*both, *_words(value.get("to", [])))
    if not typed or not meant:
        raise ValueError("words, from + to")
    return SynonymGroup(
        name=name, typed=typed, meant=meant,
        unless=_words(value.get("unless", [])), near=_words(value.get("near", [])),
    )  # fmt: skip


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and spaced(word) for word in value):
        raise ValueError(repr(value))
    return tuple(value)


def _apart(value: Any, file: str, line: int) -> tuple[tuple[tuple[str, ...], ...], list[ContentProblem]]:
    rows, problems = [], []
    for row in value if isinstance(value, list) else [value]:
        try:
            rows.append(_words(row))
        except ValueError as error:
            problems.append(problem("bad-synonyms", file, line, _APART, detail=str(error)))
    return tuple(rows), problems


def _line(text: str, name: str) -> int:
    found = re.search(rf"""^\s*(?:"{re.escape(name)}"|{re.escape(name)}|\[{re.escape(name)}\])""", text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def combined(groups: Iterable[PlacedGroup]) -> tuple[PlacedGroup, ...]:
    """Groups of several files, a later one in the place of an earlier one with its name."""
    by_name: dict[str, PlacedGroup] = {}
    for one in groups:
        by_name[one.group.name] = one
    return tuple(one for one in by_name.values() if one.group.typed)


def check_synonyms(files: Sequence[SynonymFile], shipped: SynonymFile) -> Iterator[ContentProblem]:
    """Words that must stay apart and that groups, one alone or several in a row, make the same.

    `files` are what is checked, read after the `shipped` one; a problem stands at a group of `files`.
    """
    ours = {one.file for file in files for one in file.groups}
    reach = _Reach(combined(one for file in (shipped, *files) for one in file.groups))
    for first, second in sorted(set(_pairs((shipped, *files)))):
        path = reach.path(first, second) or reach.path(second, first)
        to_blame = [one for one in path if one.file in ours]
        if to_blame:
            yield problem(
                "synonyms-merge", to_blame[-1].file, to_blame[-1].line, to_blame[-1].group.name,
                one=first, two=second, groups=" → ".join(one.group.name for one in path),
            )  # fmt: skip


def _pairs(files: Sequence[SynonymFile]) -> Iterator[tuple[str, str]]:
    for file in files:
        for row in file.apart:
            for place, first in enumerate(row):
                for second in row[place + 1 :]:
                    yield first, second


class _Reach:
    """Which words lead to which, over as many groups as it takes."""

    def __init__(self, groups: Sequence[PlacedGroup]) -> None:
        self._leaving: dict[str, list[PlacedGroup]] = {}
        for one in groups:
            for word in one.group.typed:
                self._leaving.setdefault(spaced(word), []).append(one)

    def path(self, first: str, second: str) -> list[PlacedGroup]:
        """The groups that lead from one word to the other, as few as can be; none when nothing does."""
        goal = spaced(second)
        waiting: list[tuple[str, list[PlacedGroup]]] = [(spaced(first), [])]
        seen = {spaced(first)}
        while waiting:
            word, path = waiting.pop(0)
            if word == goal:
                return path
            for one in self._leaving.get(word, ()):
                for other in map(spaced, one.group.meant):
                    if other not in seen:
                        seen.add(other)
                        waiting.append((other, [*path, one]))
        return []
