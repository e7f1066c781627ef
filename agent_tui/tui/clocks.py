"""Clocks in words: how long is left, how long ago; pure functions of two moments."""

from datetime import datetime
from enum import StrEnum

from agent_tui.desk import Row
from agent_tui.i18n import texts

HOUR = 3600
DAY = 24 * HOUR


class Tone(StrEnum):
    """How loud a clock speaks; the value is the name of its style."""

    LATE = "late"
    WARN = "warn"
    CALM = "calm"
    FAINT = "faint"


def span(seconds: float) -> str:
    """A length of time as a clock: `0:38`, `26:10`, `3h05`, `2d4h`, `120d`."""
    whole = int(seconds)
    if whole < HOUR:
        return f"{whole // 60}:{whole % 60:02d}"
    if whole < DAY:
        return f"{whole // HOUR}h{whole % HOUR // 60:02d}"
    if whole < 100 * DAY:
        return f"{whole // DAY}d{whole % DAY // HOUR}h"
    return f"{whole // DAY}d"


def due_text(due: float, now: float) -> str:
    """What is left until `due`, or by how much it is missed."""
    if due < now:
        return texts().common.late.format(span=span(now - due))
    return span(due - now)


def due_tone(due: float, warn: float, now: float) -> Tone:
    """How loud a promise speaks that breaks at `due` and warns from `warn` on."""
    if due < now:
        return Tone.LATE
    return Tone.WARN if 0 < warn <= now else Tone.CALM


def moment(at: float) -> str:
    """A moment near today, in local time: `14:30`."""
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M")


def row_clock(row: Row, now: float) -> tuple[str, Tone]:
    """The first words of a row: what is left of its next promise, or until when it is put away."""
    if row.snoozed_until > now:
        return texts().common.until.format(at=moment(row.snoozed_until)), Tone.FAINT
    if not row.promise_due:
        return "–", Tone.FAINT
    return due_text(row.promise_due, now), due_tone(row.promise_due, row.promise_warn, now)


def ago(seconds: float) -> str:
    """How long ago something was, in words that fit a status line."""
    words = texts().common
    if seconds < 10:
        return words.seconds_ago.format(n=f"{max(0.0, seconds):.1f}")
    if seconds < 60:
        return words.seconds_ago.format(n=int(seconds))
    if seconds < HOUR:
        return words.minutes_ago.format(n=int(seconds // 60))
    return words.hours_ago.format(n=int(seconds // HOUR))


def signed(seconds: int) -> str:
    """Seconds that something adds or takes, with the sign that stands for minus in print."""
    return f"{seconds:+d}".replace("-", "−")
