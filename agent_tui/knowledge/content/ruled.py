"""The outgoing rules held against content: what may not be sent has no place in a snippet either."""

from collections.abc import Iterator, Sequence
from functools import cache

from agent_tui import i18n
from agent_tui.knowledge.content.entries import Severity
from agent_tui.knowledge.content.sources import built_in
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing.rules import OutgoingContext, Rules

_SEVERITY: dict[str, Severity] = {"refuse": "error", "ask": "warning"}


@cache
def _rules() -> Rules | None:
    """Our own rules file; None where it is missing or broken, which its own test says."""
    for path in built_in().paths:
        file = path / "outgoing.toml"
        if file.is_file():
            try:
                return Rules.load(file)
            except RulesError:
                return None
    return None


def ruled(body: str, channels: Sequence[str]) -> Iterator[tuple[str, int, str, Severity]]:
    """For each rule `body` breaks: its id and the words, the place, what it says, and how bad it is."""
    rules = _rules()
    if rules is None:
        return
    seen: set[tuple[str, int]] = set()
    for channel in channels or ("",):
        for found in rules.check(body, OutgoingContext(channel=channel)):
            severity = _SEVERITY.get(found.action)
            if severity is None or (found.rule, found.start) in seen:
                continue
            seen.add((found.rule, found.start))
            words = body[found.start : found.end]
            says = found.en if i18n.language() == "en" else found.zh
            yield f"{found.rule}「{words}」", found.start, says, severity
