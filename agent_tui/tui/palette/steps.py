"""The step that an answer's words rest on: asked about once before they go out."""

from collections.abc import Iterable

from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.tui.composer.marks import Level, Mark
from agent_tui.tui.widgets.message_lines import fill


def steps_first(used: Iterable[Entry | None], text: str) -> tuple[Mark, ...]:
    """A question for every answer in `text` that claims what somebody has to do first."""
    steps = dict.fromkeys(entry.does for entry in used if entry is not None and entry.does)
    asks = texts().outgoing.step_first
    end = len(text)
    return tuple(
        Mark(start=end, end=end, level=Level.ASK, words=fill(asks, {"step": step})) for step in steps
    )
