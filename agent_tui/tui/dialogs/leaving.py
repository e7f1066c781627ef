"""Quitting while something is unsent: wait for it, leave it to the next start, or stay."""

from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

WAIT, LEAVE = "wait", "leave"


class QuitDialog(ChoiceDialog):
    """Answers `wait`, `leave` or nothing."""

    def __init__(self, unsent: int) -> None:
        words = texts().dialog
        choices = [
            Choice(value=WAIT, label=words.quit_wait),
            Choice(value=LEAVE, label=words.quit_leave),
            Choice(value="", label=words.quit_back),
        ]
        super().__init__(words.quit_title.format(n=unsent), choices)
