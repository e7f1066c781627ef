"""Quitting while something is unsent or customers are in hand: wait, leave, or stay."""

from agent_tui.i18n import counted, texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

WAIT, LEAVE = "wait", "leave"


class QuitDialog(ChoiceDialog):
    """Answers `wait`, `leave` or nothing."""

    def __init__(self, unsent: int, held: int = 0) -> None:
        words = texts().dialog
        wait = [Choice(value=WAIT, label=words.quit_wait)] if unsent else []
        leave = words.quit_leave if unsent else words.quit_leave_customers
        choices = [
            *wait,
            Choice(value=LEAVE, label=leave),
            Choice(value="", label=words.quit_back),
        ]
        said = [words.quit_title.format(n=unsent)] if unsent else []
        said += [counted(words.quit_held, held)] if held else []
        super().__init__("\n".join(said), choices)
