"""Until when a ticket is put away."""

from datetime import datetime, timedelta

from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog, LineDialog
from agent_tui.tui.moments import read_moment, tomorrow_at

OTHER = "other"


class SnoozeDialog(ChoiceDialog):
    """Three usual moments and a free one; answers an ISO time, or `other`."""

    def __init__(self, customer: str, now: datetime) -> None:
        words = texts().dialog
        moments = {
            words.snooze_quarter: now + timedelta(minutes=15),
            words.snooze_hour: now + timedelta(hours=1),
            words.snooze_tomorrow: tomorrow_at(9, now),
        }
        choices = [
            Choice(value=at.isoformat(), label=label, detail=at.strftime("%m-%d %H:%M"))
            for label, at in moments.items()
        ]
        other = Choice(value=OTHER, label=words.snooze_other)
        super().__init__(words.snooze_title.format(customer=customer), [*choices, other])


class MomentDialog(LineDialog):
    """A moment in the person's own words."""

    def __init__(self, customer: str, now: datetime) -> None:
        words = texts().dialog
        super().__init__(words.snooze_title.format(customer=customer), words.snooze_free)
        self._now = now

    def wrong(self, value: str) -> str:
        """It has to be a moment to come."""
        return "" if read_moment(value, self._now) else texts().dialog.snooze_bad
