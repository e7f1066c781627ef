"""Whether I take chats, and what becomes of those at hand when I go."""

from agent_tui.domain.models import Availability
from agent_tui.i18n import counted, texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

HAND_OVER, KEEP = "hand-over", "keep"


class AvailabilityDialog(ChoiceDialog):
    """在线 / 忙碌 / 小休 / 下线."""

    def __init__(self, now: Availability) -> None:
        words = texts()
        choices = [Choice(value=a.value, label=words.common.availabilities[a]) for a in Availability]
        super().__init__(words.dialog.availability_title, choices, chosen=now.value)


class LeavingDialog(ChoiceDialog):
    """Asked of who goes offline with customers at hand."""

    def __init__(self, count: int, going: Availability) -> None:
        words = texts()
        state = words.common.availabilities[going]
        choices = [
            Choice(value=HAND_OVER, label=words.dialog.leaving_hand_over),
            Choice(value=KEEP, label=words.dialog.leaving_keep.format(availability=state)),
            Choice(value="", label=words.dialog.leaving_back),
        ]
        super().__init__(counted(words.dialog.leaving_title, count), choices)
