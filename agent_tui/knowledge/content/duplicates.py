"""Near-duplicates of short texts, found by deletion neighbourhoods (Mor & Fraenkel 1982)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.text.tokens import spaced

_FILLERS = re.compile(
    r"怎么办|怎么|如何|怎样|是否|请问|一下|[的了吗呢吧啊呀么]|\b(?:the|a|an|your|my|how to)\b|\s"
)
_TELLING = frozenset("0123456789一二三四五六七八九十不未没无非前后上下大小")

Titled = tuple[str, str, int]
T = TypeVar("T")


class NearDuplicates(Generic[T]):
    """Short texts, each with what it stands for, asked for those that differ in nothing that tells."""

    def __init__(self) -> None:
        self._bare: dict[str, list[T]] = defaultdict(list)
        self._less: dict[str, list[T]] = defaultdict(list)

    def add(self, text: str, stands_for: T) -> None:
        """Keep `text` to be found by what is like it."""
        core = _core(text)
        self._bare[core].append(stands_for)
        for key in dict.fromkeys(_one_less(core)):
            self._less[key].append(stands_for)

    def near(self, text: str) -> Iterator[T]:
        """What was kept under the same words, fillers aside, or under one character more or less."""
        core = _core(text)
        for key in dict.fromkeys((core, *_one_less(core))):
            yield from self._bare.get(key, ())
        yield from self._less.get(core, ())


def near_titles(titles: Sequence[Titled]) -> Iterator[ContentProblem]:
    """Problems for (title, file, line) that repeat an earlier title or differ in nothing that tells."""
    exact: dict[str, str] = {}
    bare: NearDuplicates[str] = NearDuplicates()
    for title, file, line in titles:
        text, place = spaced(title), f"{file}:{line}"
        if text in exact:
            yield problem("duplicate-title", file, line, "title", other=exact[text])
        elif other := next(bare.near(title), ""):
            yield problem("near-title", file, line, "title", "warning", other=other)
        exact.setdefault(text, place)
        bare.add(title, place)


def _core(text: str) -> str:
    """What tells a text from others: normalized, without fillers, unless nothing else is left."""
    plain = spaced(text)
    return _FILLERS.sub("", plain) or plain


def _one_less(core: str) -> Iterator[str]:
    """`core` without one character that tells nothing, for texts long enough that one is little."""
    if len(core) >= 9:
        for place, char in enumerate(core):
            if char not in _TELLING:
                yield core[:place] + core[place + 1 :]
