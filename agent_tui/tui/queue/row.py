"""A row of the queue in words and tones: which columns fit a width, and what stands in them."""

from msgspec import Struct
from rich.cells import cell_len

from agent_tui.desk import Row
from agent_tui.domain.models import MessageKind, Mood, Priority, Tier
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.tui.cells import cut, fit, fit_right, steady
from agent_tui.tui.clocks import Tone

CLOCK_AT = 1
CLOCK_WIDTH = 11
_SIGN = 2
_UNREAD = 4
_OURS = frozenset({MessageKind.REPLY, MessageKind.NOTE, MessageKind.WHISPER})

Span = tuple[str, str]


class Columns(Struct, frozen=True):
    """The width of each column in cells, 0 for one that has no room; `words` takes what is left."""

    number: int
    customer: int
    channel: int
    category: int
    words: int
    owner: int


def columns_for(width: int, view: View) -> Columns:
    """The columns that fit `width` cells; clock, sign, customer and last words are always among them."""
    room = width - CLOCK_AT - CLOCK_WIDTH - _SIGN - _UNREAD
    owned = view not in (View.MINE, View.WAITING)
    customer = 12 if room < 40 else 16
    category = 7 if room >= 30 else 0
    number = 8 if room >= 48 else 0
    channel = 7 if room >= 56 else 0
    owner = 7 if room >= (62 if owned else 80) else 0
    words = room - number - customer - channel - category - owner
    return Columns(number, customer, channel, category, max(0, words), owner)


def sign_of(row: Row) -> tuple[str, str]:
    """How loud the customer is, as a sign and its tone."""
    if row.danger is not None:
        return "‼", "late"
    if row.mood is Mood.ANGRY or row.priority is Priority.URGENT:
        return "‼", "warn"
    if row.mood is Mood.ANXIOUS or row.priority is Priority.HIGH:
        return "!", "warn"
    return " ", "faint"


def tier_of(row: Row) -> str:
    """What the customer and the order are worth, as signs; nothing for most."""
    tier = {Tier.VIP: texts().common.vip, Tier.MEMBER: "◇"}.get(row.tier, "")
    return f"{tier} ¥".strip() if row.high_value else tier


def _customer(row: Row, width: int, loud: str) -> list[Span]:
    tier = tier_of(row)
    room = width - 1 - (cell_len(tier) + 1 if tier else 0)
    name = cut(steady(row.customer) or row.customer_id, max(2, room))
    spans: list[Span] = [(name, loud)]
    if tier:
        spans.append((" " + tier, "accent" if row.tier is Tier.VIP else "faint"))
    used = sum(cell_len(text) for text, _ in spans)
    return [*spans, (" " * max(0, width - used), "calm")]


def _column(text: str, width: int) -> str:
    """`text` in exactly `width` cells, the last of them a gap."""
    return fit(text, width - 1) + " "


def last_words(row: Row) -> str:
    """What was said last, on one line; another kind of part is named."""
    parts = texts().common.parts
    named = "" if row.last_part == "text" else parts.get(row.last_part, parts["unknown"])
    said = steady(row.last_text.replace("\n", " "))
    return f"{named} {said}".strip()


def _owner(row: Row, width: int, me: str) -> Span:
    if not row.assignee_id:
        return fit(texts().common.nobody, width), "faint"
    return fit(steady(row.assignee), width), "accent" if row.assignee_id == me else "faint"


def spans_of(row: Row, clock: str, tone: Tone, columns: Columns, me: str) -> list[Span]:
    """The row without its first cell, which belongs to the cursor."""
    waits = row.unread > 0
    loud = "strong" if waits else "calm"
    sign, sign_tone = sign_of(row)
    unread = f"●{min(row.unread, 99)}" if waits else ""
    warned = [] if row.danger is None else [(f"{texts().common.dangers[row.danger]} ", "late")]
    room = columns.words - sum(cell_len(text) for text, _ in warned)
    words = cut(last_words(row), max(0, room - 1))
    said = "text" if waits else "faint" if row.last_kind in _OURS else "calm"
    spans: list[Span] = [
        (fit_right(clock, CLOCK_WIDTH - 1) + " ", tone.value),
        (f"{sign} ", sign_tone),
    ]
    if columns.number:
        spans.append((fit(f"#{row.number}", columns.number), "faint"))
    spans.extend(_customer(row, columns.customer, loud))
    if columns.channel:
        spans.append(
            (_column(texts().common.channels.get(row.channel, row.channel), columns.channel), "faint")
        )
    if columns.category:
        spans.append((_column(texts().common.categories[row.category], columns.category), "calm"))
    spans += [*warned, (fit(words, max(0, room)), said)]
    if columns.owner:
        spans.append(_owner(row, columns.owner, me))
    spans.append((fit_right(unread, _UNREAD), "accent"))
    return spans
