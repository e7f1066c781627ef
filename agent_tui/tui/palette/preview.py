"""What the palette shows of the chosen entry: its text as this customer would read it, blanks in sight."""

import re
from collections.abc import Iterable

from rich.cells import cell_len

from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.sources import BUILT_IN, OWN
from agent_tui.knowledge.templates.blanks import label
from agent_tui.knowledge.templates.fill import Filled
from agent_tui.tui.attaching import name_of
from agent_tui.tui.cells import cut
from agent_tui.tui.palette.rows import Span
from agent_tui.tui.widgets.message_lines import fill

Lines = list[list[Span]]

LOW = 6

_WORD = re.compile(r"\n|[A-Za-z0-9][A-Za-z0-9.,:'_-]*|\s|.", re.DOTALL)


def preview(
    entry: Entry,
    filled: Filled,
    known: Iterable[str],
    width: int,
    height: int,
    standing: str = "",
    doubt: str = "",
) -> Lines:
    """The lines of the preview, `height` at most: what speaks against it for this order, the filled text, the
    step it rests on, what it needs, where it comes from and how it stands with the colleagues."""
    # Where there is little room, the words themselves come before saying that they are the usual ones.
    is_usual = entry.origin == BUILT_IN and height <= LOW
    told = (
        _attached(entry, width), _step(entry, width), _needs(entry, set(known), width),
        [] if is_usual else _origin(entry, width, standing),
    )  # fmt: skip
    foot = [line for line in told if line]
    head = wrap([(f"{doubt}\n", "warn")], width) if doubt else []
    body = [*head, *wrap(spans_of(filled), width)]
    room = max(1, height - len(foot) - (1 if foot and height > LOW else 0))
    if len(body) > room:
        body = body[:room]
        body[-1] = [*_shortened(body[-1], width - 2), ("……", "faint")]
    gap: Lines = [[]] * max(0, height - len(body) - len(foot)) if height > LOW else []
    return [*body, *gap, *foot]


def spans_of(filled: Filled) -> list[Span]:
    """The filled text with its blanks marked as the composer will mark them."""
    spans: list[Span] = []
    at = 0
    for blank in sorted(filled.blanks, key=lambda one: one.start):
        spans += [(filled.text[at : blank.start], "text"), (f"▁{blank.prompt}▁", "warn")]
        at = blank.end
    return [span for span in (*spans, (filled.text[at:], "text")) if span[0]]


def wrap(spans: list[Span], width: int) -> Lines:
    """`spans` broken into lines of at most `width` cells: between Chinese characters, not inside a word."""
    lines: Lines = [[]]
    used = 0
    for text, tone in spans:
        for piece in _WORD.findall(text):
            size = cell_len(piece)
            if piece == "\n" or (used + size > width and used):
                lines.append([])
                used = 0
                if piece.isspace():
                    continue
            lines[-1].append((cut(piece, width), tone))
            used += size
    return [_joined(line) for line in lines]


def _joined(line: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for text, tone in line:
        if joined and joined[-1][1] == tone:
            joined[-1] = (joined[-1][0] + text, tone)
        else:
            joined.append((text, tone))
    return joined


def _shortened(line: list[Span], width: int) -> list[Span]:
    kept: list[Span] = []
    used = 0
    for text, tone in line:
        part = text if used + cell_len(text) <= width - 2 else cut(text, max(0, width - 2 - used)).rstrip("…")
        kept.append((part, tone))
        used += cell_len(part)
    return kept


def _step(entry: Entry, width: int) -> list[Span]:
    if not entry.does:
        return []
    return [(cut(fill(texts().outgoing.step_first, {"step": entry.does}), width), "warn")]


def _attached(entry: Entry, width: int) -> list[Span]:
    if not entry.file:
        return []
    return [(cut(fill(texts().palette.attachment, {"name": name_of(entry)}), width), "calm")]


def _needs(entry: Entry, known: set[str], width: int) -> list[Span]:
    if not entry.needs:
        return []
    words = texts().palette
    spans: list[Span] = [(words.needs, "faint")]
    for path in entry.needs:
        name = label(path, entry.language)
        have = path in known
        said = name if have else fill(words.missing, {"name": name})
        spans.append((f" {said}", "calm" if have else "warn"))
    return wrap(spans, width)[0]


def _origin(entry: Entry, width: int, standing: str) -> list[Span]:
    # What is shared says so itself; on an own entry it has to be said.
    parts = (
        fill(texts().palette.origins.get(entry.origin, ""), {"version": str(entry.version)}),
        entry.author,
        standing if entry.origin == OWN else "",
    )
    said = " · ".join(filter(None, parts))
    return [(cut(said, width), "faint")] if said else []
