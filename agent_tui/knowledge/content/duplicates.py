"""Near-duplicate titles, found by deletion neighbourhoods (Mor & Fraenkel 1982): none to mix up."""

import re
from collections.abc import Iterator, Sequence

from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.text.tokens import spaced

_FILLERS = re.compile(
    r"怎么办|怎么|如何|怎样|是否|请问|一下|[的了吗呢吧啊呀么]|\b(?:the|a|an|your|my|how to)\b|\s"
)
_TELLING = frozenset("0123456789一二三四五六七八九十不未没无非前后上下大小")

Titled = tuple[str, str, int]


def near_titles(titles: Sequence[Titled]) -> Iterator[ContentProblem]:
    """Problems for (title, file, line) that repeat an earlier title or differ in nothing that tells."""
    exact: dict[str, str] = {}
    bare: dict[str, str] = {}
    for title, file, line in titles:
        text, place = spaced(title), f"{file}:{line}"
        core = _FILLERS.sub("", text) or text
        if text in exact:
            yield problem("duplicate-title", file, line, "title", other=exact[text])
        elif core in bare:
            yield problem("near-title", file, line, "title", "warning", other=bare[core])
        elif other := next((known for key in _one_less(core) if (known := bare.get(key))), ""):
            yield problem("near-title", file, line, "title", "warning", other=other)
        exact.setdefault(text, place)
        bare.setdefault(core, place)


def _one_less(core: str) -> Iterator[str]:
    """`core` without one character that tells nothing, for titles long enough that one is little."""
    if len(core) >= 9:
        for place, char in enumerate(core):
            if char not in _TELLING:
                yield core[:place] + core[place + 1 :]
