"""A conversation's lines in the colours of the theme: a message's line, the chosen one's, and the hint."""

from rich.segment import Segment
from textual.strip import Strip

from agent_tui.tui.widgets.message_lines import Line
from agent_tui.tui.widgets.tones import Toned

_TONES = {
    "customer": "text", "customer-name": "strong", "agent": "muted", "agent-name": "name", "note": "note",
    "note-name": "note-name", "event": "quiet", "meta": "quiet", "day": "quiet", "unread": "name",
    "link": "link", "good": "quiet", "bad": "late", "waiting": "warn", "selected": "selected",
}  # fmt: skip


def paint_line(ground: Toned, line: Line, *, is_chosen: bool) -> Strip:
    """`line` as wide as `ground`, with a bar at its left when its message is chosen."""
    base = ground.tone(_TONES["selected"]) if is_chosen else ground.base()
    segments = [Segment(text, base + ground.tone(_TONES[role]) if role else base) for text, role in line]
    if is_chosen and segments:
        bar = ground.base() + ground.tone(_TONES["agent-name"]) + base
        segments = [Segment("▌", bar), *Strip(segments).crop(1)]
    return Strip(segments).adjust_cell_length(ground.size.width, base)


def paint_hint(ground: Toned, hint: str) -> Strip:
    """What Enter would do, over the last line."""
    selected = ground.tone(_TONES["selected"])
    bar = Strip([Segment(f" {hint}", selected + ground.tone(_TONES["agent-name"]))])
    return bar.adjust_cell_length(ground.size.width, selected)
