"""After sending: what became of the reply, and one key for what happens to the customer next."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from agent_tui.desk import Desk, SendState, Shown
from agent_tui.domain.models import MessageState
from agent_tui.i18n import texts
from agent_tui.tui.cells import steady
from agent_tui.tui.dialogs.dialog import Choice
from agent_tui.tui.helper.cover import Chooser
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.wording import standing

SOLVED, WAITS, HAND_OVER, STAY, UNDO, AGAIN = "solved", "waits", "hand-over", "stay", "undo", "again"
_FAILED = (SendState.REFUSED, SendState.UNDELIVERED, SendState.UNSURE)


class SentPage(Chooser):
    """Answers one of the words above; None leaves everything as it is."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.DIALOG, Place.CHOICE, Place.CALL, Place.SENT)

    def __init__(self, desk: Desk, ticket: str, command: str) -> None:
        self._desk = desk
        self.command = command
        self._stage = ""
        row = desk.queue.row(ticket)
        title = fill(texts().helper.sent, {"name": steady(row.customer) if row else ""})
        super().__init__(ticket, title, [])
        self._status = Prose(classes="sent--status")

    def body(self) -> Iterable[Widget]:
        """What became of it, and what next."""
        yield self._status
        yield self.list

    def on_mount(self) -> None:
        """Say it."""
        self.list.focus()
        self.reread()

    @property
    def stage(self) -> str:
        """`held`, `waiting`, `awaiting`, `returned`, `failed` or `sent`."""
        return self._stage

    def reread(self) -> None:
        """The reply may have gone, may await approval, may have come back."""
        shown = next(
            (
                one
                for one in self._desk.conversations.get(self.ticket or "").shown
                if one.message.id == self.command
            ),
            None,
        )
        self._status.tell([(self._words(shown), "text")])
        self._stage = _stage_of(shown)
        choices = _choices(self._stage, is_awaiting=_is_awaiting(shown))
        if choices != self._choices:
            self._offer_in_place(choices)

    def _offer_in_place(self, choices: list[Choice]) -> None:
        """The hand may be about to press Enter: the cursor stays where it is unless that is off now."""
        here = self.list.highlighted if self._choices else len(choices) - 1 if self._is_alarming() else 0
        self.offer(choices)
        self.list.highlighted = here if here is not None and not choices[here].off else len(choices) - 1

    def _is_alarming(self) -> bool:
        """Whether a lead is being called: then Enter must not close the customer."""
        ticket = self._desk.tickets.get(self.ticket or "")
        return ticket is not None and ticket.help is not None and ticket.help.reason == "card"

    def _words(self, shown: Shown | None) -> str:
        buddy = self._desk.team.me.buddy
        values = {"name": steady(buddy.name) if buddy else texts().helper.somebody}
        if shown is not None and shown.reason:
            values["reason"] = standing(shown.reason)
        return fill(texts().helper.stages[_stage_of(shown)], values)

    def action_undo(self) -> None:
        """Take it back while it is held."""
        if self._stage == "held":
            self.dismiss(UNDO)


def _stage_of(shown: Shown | None) -> str:
    if shown is None:
        return "waiting"
    if shown.state is SendState.HELD:
        return "held"
    if shown.state in _FAILED:
        return "failed"
    if shown.message.state is MessageState.RETURNED:
        return "returned"
    if shown.state in (SendState.QUEUED, SendState.SENDING):
        return "waiting"
    return "awaiting" if shown.message.state is MessageState.AWAITING else "sent"


def _is_awaiting(shown: Shown | None) -> bool:
    return shown is not None and shown.message.state is MessageState.AWAITING


def _choices(stage: str, *, is_awaiting: bool) -> list[Choice]:
    """Every answer has its digit for good: what a reply becomes while the hand moves never changes what a key
    means. One that awaits approval, or did not go, has answered nobody: there is nothing to close.
    """
    after = texts().helper.after
    has_failed = stage in ("returned", "failed")
    why = after["unsent"] if has_failed else after["unapproved"] if is_awaiting else ""
    settling = [
        Choice(value=value, label=after[value], detail=why, off=bool(why)) for value in (SOLVED, WAITS)
    ]
    last = AGAIN if has_failed else STAY
    return [*settling, *(Choice(value=value, label=after[value]) for value in (HAND_OVER, last))]
