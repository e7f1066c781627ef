"""Links in content that lead nowhere: Markdown links and images to files that are not there."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from agent_tui.knowledge.content.entries import Problem
from agent_tui.knowledge.content.problems import problem

_LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|\{\{")


def dead_links(text: str, file: str, line: int, field: str) -> Iterator[Problem]:
    """Links of `text`, which begins at `line` of `file`, to files that do not exist beside it."""
    for found in _LINK.finditer(text):
        target = unquote(found["target"].partition("#")[0].removeprefix("file:"))
        if not target or (_ELSEWHERE.match(target) and not found["target"].startswith("file:")):
            continue
        if not (Path(file).parent / target).exists():
            at = line + text.count("\n", 0, found.start())
            yield problem("dead-link", file, at, field, target=target)
