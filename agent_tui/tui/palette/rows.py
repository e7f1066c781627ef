"""What the palette's lines say: pure functions from a found entry to words in tones."""

from collections.abc import Iterable

from msgspec import Struct
from rich.cells import cell_len

from agent_tui.domain.conditions import Fit
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.reasons import reason_of
from agent_tui.tui.cells import cut, fit, fit_right
from agent_tui.tui.widgets.message_lines import fill

Span = tuple[str, str]

SIGNS = {"snippet": "·", "article": "@", "command": ">", "category": "#", "title": "·"}
_ASIDE, _USES, _LEAST_TITLE = 8, 12, 16


class PaletteRow(Struct, frozen=True, kw_only=True):
    """A line of the palette: `matched` are half-open ranges of `title`; `keys` only a command has.

    `is_untrue` says that the open order denies it.
    """

    id: str
    kind: str
    title: str
    matched: tuple[tuple[int, int], ...] = ()
    aside: str = ""
    uses: int = 0
    keys: str = ""
    is_needed: bool = False
    is_untrue: bool = False


class OfferedAction(Struct, frozen=True, kw_only=True):
    """An action that can be done here and now, by its action's id, with its keys as people write them."""

    id: str
    name: str
    keys: str = ""
    short: str = ""


def row_of(
    entry: Entry,
    uses: int,
    matched: tuple[tuple[int, int], ...] = (),
    *,
    is_needed: bool = False,
    is_untrue: bool = False,
) -> PaletteRow:
    """The line of a snippet or an article; one that is untrue of the order is marked."""
    aside = texts().common.categories.get(entry.category, entry.category)
    return PaletteRow(
        id=entry.id, kind=entry.kind, title=entry.title, matched=matched, aside=aside, uses=uses,
        is_needed=is_needed, is_untrue=is_untrue,
    )  # fmt: skip


def doubt_of(fit: Fit) -> str:
    """What speaks against an answer for this order, or has to be known first; empty where it is true."""
    words = texts().recommend
    if fit.holds:
        return ""
    return fill(words.untrue if fit.holds is False else words.assumes, {"why": reason_of(fit)})


def row_of_command(command: OfferedAction, matched: tuple[tuple[int, int], ...] = ()) -> PaletteRow:
    """The line of an action."""
    return PaletteRow(id=command.id, kind="command", title=command.name, matched=matched, keys=command.keys)


def row_of_category(id: str, count: int) -> PaletteRow:
    """The line of a category, with how many entries it holds."""
    name = texts().common.categories.get(id, id)
    said = fill(texts().palette.count, {"n": str(count)})
    return PaletteRow(id=id, kind="category", title=name, aside=said)


def row_spans(row: PaletteRow, width: int, *, is_chosen: bool) -> list[Span]:
    """`row` in exactly `width` cells: mark, sign, title with matched characters lit, what stands aside."""
    right = _right(row, width - 4 - _LEAST_TITLE)
    room = max(1, width - 4 - sum(cell_len(text) for text, _ in right))
    sign = "×" if row.is_untrue else "★" if row.is_needed else SIGNS.get(row.kind, "·")
    mark = "▌" if is_chosen else " "
    tone = "strong" if is_chosen else "faint" if row.is_untrue else "text"
    return [
        (mark, "accent"),
        (f"{sign} ", "warn" if row.is_untrue else "accent" if row.is_needed else "faint"),
        *lit(row.title, row.matched, room, tone),
        (" ", tone),
        *right,
    ]


def _right(row: PaletteRow, room: int) -> list[Span]:
    """Keys of a command; category and use count of an entry, as far as `room` allows."""
    if row.kind == "command":
        return [(fit_right(row.keys, min(max(0, room), 16)), "calm")]
    found: list[Span] = []
    if room >= _ASIDE:
        found.append((fit(row.aside, _ASIDE), "calm"))
    if room >= _ASIDE + _USES:
        said = fill(texts().palette.uses, {"n": str(row.uses)}) if row.uses else ""
        found.append((fit_right(said, _USES), "faint"))
    return found


def lit(title: str, matched: Iterable[tuple[int, int]], width: int, tone: str) -> list[Span]:
    """`title` in exactly `width` cells with the characters of `matched` in the lit tone."""
    shown = cut(title, width)
    kept = len(shown) - 1 if shown != title else len(shown)
    spans: list[Span] = []
    at = 0
    for start, end in sorted(matched):
        start, end = max(start, at), min(end, kept)
        if start >= end:
            continue
        spans += [(shown[at:start], tone), (shown[start:end], "under")]
        at = end
    spans += [(shown[at:], tone), (" " * (width - cell_len(shown)), tone)]
    return [span for span in spans if span[0]]
