"""What a buddy and a lead are asked: whether a reply may go out, with which word it comes back, who stands
beside whom, and whom to invite."""

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from agent_tui.desk import HelperMade
from agent_tui.domain.models import Availability, Message, Role, Seat
from agent_tui.domain.rules import CORE
from agent_tui.i18n import texts
from agent_tui.tui.composer.marks import Level, Mark
from agent_tui.tui.dialogs.dialog import CURSOR, Choice, ChoiceDialog, LineDialog
from agent_tui.tui.widgets.message_lines import plain

APPROVE, RETURN, TAKE = "approve", "return", "take"
NOBODY = "-"


class ApprovalDialog(ChoiceDialog):
    """The whole reply, once, with what the outgoing rules mark in it and why; Enter lets it go out.

    Answers `approve`, `return` or `take`.
    """

    def __init__(self, message: Message, customer: str, asked: str, marks: Sequence[Mark] = ()) -> None:
        words = texts().buddy
        choices = [
            Choice(value=APPROVE, label=words.approve),
            Choice(value=RETURN, label=words.give_word),
            Choice(value=TAKE, label=words.take_over),
        ]
        super().__init__(words.approve_title.format(helper=message.author.name, customer=customer), choices)
        self._reply, self._asked = plain(message), asked
        self._marks = [mark for mark in marks if mark.level is not Level.HINT]

    def body(self) -> Iterable[Widget]:
        """What the customer said last, the reply, what is wrong with it, and what can be done with it."""
        text = Text()
        if self._asked:
            text.append(f"{self._asked}\n\n", "dim")
        text.append(self._marked())
        yield VerticalScroll(Static(text), classes="dialog--body", can_focus=False)
        yield Static("")
        if self._marks:
            why = "\n".join(dict.fromkeys(mark.words for mark in self._marks))
            yield Static(why, classes="dialog--marks", markup=False)
        yield self.list

    def _marked(self) -> Text:
        reply = Text(self._reply)
        for mark in self._marks:
            reply.stylize("bold underline", mark.start, mark.end)
        return reply


class WordDialog(LineDialog):
    """The word with which a reply goes back; it must say something."""

    def __init__(self, helper: str) -> None:
        words = texts().buddy
        super().__init__(words.return_title.format(helper=helper), words.return_hint)

    def wrong(self, value: str) -> str:
        """A reply that comes back without a reason teaches nothing."""
        return "" if value else texts().buddy.need_word


class NameDialog(LineDialog):
    """How the invited helper is called."""

    def __init__(self) -> None:
        words = texts().buddy
        super().__init__(words.invite_title, words.invite_name)

    def wrong(self, value: str) -> str:
        """A helper is known by their name, and the name is short."""
        return "" if 0 < len(value) <= 60 else texts().buddy.need_name


class InvitedDialog(ChoiceDialog):
    """What the helper comes in with, once: a link or a code for a browser, a token for a terminal.

    A digit copies one of them and leaves the dialog open, so that each can be given to whom it is for.
    """

    def __init__(self, made: HelperMade) -> None:
        words = texts().buddy
        offered = [
            (made.link, words.invited_link),
            (made.code, words.invited_code),
            (made.token, words.invited_token),
        ]
        self._made = made
        choices = [Choice(value=value, label=about) for value, about in offered if value]
        super().__init__(words.invited_title.format(helper=made.name), choices, foot=words.copied)

    def body(self) -> Iterable[Widget]:
        """Until when it holds, who stands beside them, and the things to copy, each under what it is for."""
        made, words = self._made, texts().buddy
        until = made.expires_at.astimezone().strftime("%m-%d %H:%M")
        lines = [words.invited.format(until=until)]
        lines += [words.paired_with.format(name=made.buddy.name)] if made.buddy else []
        yield Static("\n".join([*lines, ""]), markup=False)
        yield self.list

    def _prompt(self, index: int, *, is_here: bool = False) -> Text:
        choice = self._choices[index]
        text = Text(CURSOR if is_here else " ").append(f"{index + 1}  ", "dim").append(choice.label, "bold")
        return text.append(f"\n    {choice.value}\n", "not dim")

    def taken(self, value: str) -> None:
        """Copy it, and say where it belongs."""
        self.app.copy_to_clipboard(value)
        self.notify(texts().buddy.invited_copied.format(helper=self._made.name), timeout=4, markup=False)


def helper_choices(seats: Sequence[Seat]) -> list[Choice]:
    """The helpers who are at work, those without a buddy first."""
    helpers = [s for s in seats if s.role is Role.HELPER and s.availability is not Availability.OFFLINE]
    helpers.sort(key=lambda s: (s.buddy is not None, s.name))
    words = texts()
    return [
        Choice(
            value=s.id,
            label=s.name,
            detail=words.buddy.paired_with.format(name=s.buddy.name) if s.buddy else words.buddy.alone,
        )
        for s in helpers
    ]


def writer_choices(seats: Sequence[Seat]) -> list[Choice]:
    """The helpers who are at work, and whether they may write words of their own."""
    helpers = [s for s in seats if s.role is Role.HELPER and s.availability is not Availability.OFFLINE]
    words = texts().buddy
    return [
        Choice(value=s.id, label=s.name, detail=words.writes if s.free_text else words.writes_not)
        for s in sorted(helpers, key=lambda s: s.name)
    ]


def buddy_choices(seats: Sequence[Seat], last: Choice) -> list[Choice]:
    """The core agents who can stand beside a helper, the least burdened first; then `last`."""
    helped = [s.buddy.id for s in seats if s.buddy is not None and s.availability is not Availability.OFFLINE]
    people = [s for s in seats if s.role in CORE and s.availability is not Availability.OFFLINE]
    people.sort(key=lambda s: (_presence(s) != Availability.ONLINE, helped.count(s.id), s.load, s.name))
    words = texts()
    choices = [
        Choice(
            value=s.id,
            label=s.name,
            detail=f"{words.common.availabilities[_presence(s)]}  "
            + words.buddy.helps.format(n=helped.count(s.id)),
        )
        for s in people
    ]
    return [*choices, last]


def _presence(seat: Seat) -> str:
    """As what somebody counts: who is not connected is not there, whatever they were when they left."""
    return seat.availability.value if seat.connected else Availability.OFFLINE.value
