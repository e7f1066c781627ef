"""Which status a ticket gets."""

from agent_tui.desk import Row
from agent_tui.domain.models import Status
from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

OFFERED = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED)


class StatusDialog(ChoiceDialog):
    """The five a person can set; the cursor starts at solved, which is wanted most."""

    def __init__(self, row: Row) -> None:
        words = texts()
        choices = [Choice(value=s.value, label=words.common.statuses[s]) for s in OFFERED]
        chosen = Status.SOLVED if row.status is not Status.SOLVED else Status.OPEN
        super().__init__(
            words.dialog.status_title.format(customer=row.customer), choices, chosen=chosen.value
        )
