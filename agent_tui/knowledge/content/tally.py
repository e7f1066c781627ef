"""How many entries there are of what, and how many problems."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from agent_tui.knowledge.content.sources import Content


class Tally(Struct, frozen=True, kw_only=True):
    """Entries by kind, category, language and source, the most first, and problems by severity."""

    entries: int
    kinds: dict[str, int]
    categories: dict[str, int]
    languages: dict[str, int]
    origins: dict[str, int]
    problems: dict[str, int]


def tally(content: Content) -> Tally:
    """Count what the sources hold."""
    entries = content.entries
    severities = Counter(problem.severity for problem in content.problems)
    return Tally(
        entries=len(entries),
        kinds=_counted(entry.kind for entry in entries),
        categories=_counted(entry.category for entry in entries),
        languages=_counted(entry.language for entry in entries),
        origins=_counted(entry.origin or "titles" for entry in entries),
        problems={"error": severities["error"], "warning": severities["warning"]},
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
