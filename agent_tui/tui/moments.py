"""Moments as people type them: `30m`, `2h`, `14:30`, `明天 9:00`."""

import re
from datetime import datetime, timedelta

_LENGTH = re.compile(r"(\d{1,4})(m|min|分|分钟|h|小时|d|天)\Z", re.IGNORECASE)
_CLOCK = re.compile(r"(明天|tomorrow)?\s*(\d{1,2})[::点](\d{2})?\Z", re.IGNORECASE)
_UNITS = {"m": 1, "min": 1, "分": 1, "分钟": 1, "h": 60, "小时": 60, "d": 1440, "天": 1440}


def read_moment(words: str, now: datetime) -> datetime | None:
    """The moment after `now` (aware, local) that `words` name; None when they name none.

    A time of day that has passed is tomorrow's.
    """
    text = words.strip()
    length = _LENGTH.match(text)
    if length:
        minutes = int(length[1]) * _UNITS[length[2].lower()]
        return now + timedelta(minutes=minutes) if minutes else None
    clock = _CLOCK.match(text)
    if clock is None or int(clock[2]) > 23 or int(clock[3] or 0) > 59:
        return None
    today = now.replace(hour=int(clock[2]), minute=int(clock[3] or 0), second=0, microsecond=0)
    return today + timedelta(days=1) if clock[1] or today <= now else today


def tomorrow_at(hour: int, now: datetime) -> datetime:
    """Tomorrow at a full hour, in the zone of `now`."""
    return (now + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
