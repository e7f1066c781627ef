"""To whom a ticket goes, and why."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Input

from agent_tui.domain.models import Availability, Role, Seat
from agent_tui.domain.rules import LEADING, can_take
from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice, NarrowingDialog
from agent_tui.tui.messages import TransferTarget

_PERSON, _TEAM = "person:", "team:"


def choices_for(seats: Sequence[Seat], me: Seat) -> list[Choice]:
    """Everybody it can go to, those who can take it first, then the teams."""
    words = texts().dialog
    people = [s for s in seats if s.id != me.id and s.role is not Role.CHANNEL]
    people.sort(key=lambda s: (can_take(s) is not None, s.load, s.name))
    teams = sorted({s.team for s in people if s.team})
    persons = [_choice(s, may_always=me.role in LEADING) for s in people]
    return [*persons, *(Choice(value=_TEAM + t, label=words.transfer_team.format(team=t)) for t in teams)]


def _choice(seat: Seat, *, may_always: bool) -> Choice:
    words = texts()
    cannot = can_take(seat)
    states = words.common.availabilities
    full = seat.availability is Availability.ONLINE and cannot is not None
    state = words.dialog.full if full else states[seat.availability]
    detail = f"{words.common.roles[seat.role]}  {state}  {words.dialog.load.format(load=seat.load)}"
    off = cannot is not None and not may_always
    return Choice(value=_PERSON + seat.id, label=seat.name, detail=detail, off=off)


class TransferDialog(NarrowingDialog):
    """Choose by arrows, digits or a piece of the name, then say why. `target` is the answer."""

    def __init__(self, title: str, seats: Sequence[Seat], me: Seat) -> None:
        words = texts().dialog
        super().__init__(title, choices_for(seats, me), nothing=words.transfer_nobody)
        self.reason = Input(placeholder=words.transfer_reason, compact=True)
        self.target: TransferTarget | None = None
        self._value = ""

    def body(self) -> Iterable[Widget]:
        """The people, then the reason."""
        yield self.list
        yield self.reason

    def taken(self, value: str) -> None:
        """Remember whom, and ask why."""
        self._value = value
        self.complain("")
        self.reason.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Both are needed."""
        event.stop()
        value = self._value or self._highlighted()
        reason = event.value.strip()
        if not reason:
            self.complain(texts().dialog.transfer_need_reason)
        elif value:
            self.target = self._target(value, reason)
            self.dismiss(value)

    def _highlighted(self) -> str:
        at = self.list.highlighted
        return self._choices[at].value if at is not None and not self._choices[at].off else ""

    def _target(self, value: str, reason: str) -> TransferTarget:
        name = next(c.label for c in self._all if c.value == value)
        if value.startswith(_TEAM):
            return TransferTarget(None, value.removeprefix(_TEAM), name, reason)
        return TransferTarget(value.removeprefix(_PERSON), None, name, reason)
