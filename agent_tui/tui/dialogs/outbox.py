"""What is unsent: every command on its way or and what can be done about it."""

from collections.abc import Sequence

from agent_tui.desk import Desk, OutboxItem, SendState
from agent_tui.domain.commands import type_of
from agent_tui.domain.text import one_line
from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog
from agent_tui.tui.wording import doubt_of, standing

RETRY, CONFIRM, DISCARD = "retry", "confirm", "discard"
# What was refused because somebody has to look at the words first: they go back, and are asked about there.
_LOOK_AGAIN = frozenset({"contradicts-order", "outgoing"})
MENDABLE = frozenset({SendState.REFUSED, SendState.UNSURE, SendState.UNDELIVERED})


class OutboxDialog(ChoiceDialog):
    """Answers the id of the command to look after."""

    def __init__(self, desk: Desk, items: Sequence[OutboxItem]) -> None:
        words = texts().dialog
        title = words.outbox_title if items else words.outbox_empty
        super().__init__(title, [_choice(desk, item) for item in items], foot="")


class MendDialog(ChoiceDialog):
    """Answers `retry`, where the same words may go after all, `confirm` where they may once their sender has
    looked, or `discard`."""

    def __init__(self, item: OutboxItem) -> None:
        words = texts().dialog
        choices = [
            *([] if _code(item) in _LOOK_AGAIN else [Choice(value=RETRY, label=words.outbox_retry)]),
            *([Choice(value=CONFIRM, label=words.outbox_confirm)] if doubt_of(item.reason) else []),
            Choice(value=DISCARD, label=words.outbox_discard),
        ]
        super().__init__(words_of(item), choices)


def _choice(desk: Desk, item: OutboxItem) -> Choice:
    row = desk.queue.row(item.command.ticket) if item.command.ticket else None
    what = name_of(type_of(item.command))
    label = f"{what} {row.customer}" if row else what
    return Choice(value=item.command.id, label=label, detail=words_of(item), off=item.state not in MENDABLE)


def _code(item: OutboxItem) -> str:
    """The word of its reason, which a detail may follow."""
    return item.reason.partition(":")[0]


def name_of(type: str) -> str:
    """What a command is called; one that nobody has named yet is listed by its type beside the others."""
    return texts().dialog.outbox_commands.get(type, type.replace("-", " "))


def words_of(item: OutboxItem) -> str:
    """The state of a command, its reason and its first words."""
    state = texts().conversation.states[item.state]
    reason = standing(item.reason) if item.reason else ""
    said = state.replace("{reason}", reason).replace("{seconds}", "…").split(" · ")[0]
    text = one_line(item.command.text, 24) if item.command.is_written else ""
    return f"{said}  {text}".strip()
