"""What can be done here and now, as a plain list: needing no knowledge, it is there from the first frame."""

from collections.abc import Sequence

from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, NarrowingDialog
from agent_tui.tui.palette.rows import OfferedAction


class CommandsDialog(NarrowingDialog):
    """Answers an action's id."""

    def __init__(self, commands: Sequence[OfferedAction]) -> None:
        words = texts()
        choices = [Choice(value=c.id, label=c.name, detail=c.keys) for c in commands]
        super().__init__(words.actions.names["commands"], choices)
