"""Whom the composer writes to: the customer, the file, or the helper whose customer this is."""

from enum import StrEnum

from agent_tui.desk import Desk, Draft, Row
from agent_tui.domain.commands import AddNote, Command, HandDraft, SendReply, UsedEntry, Whisper
from agent_tui.domain.models import MessageKind, MessageState, Part, Role, Status
from agent_tui.i18n import texts
from agent_tui.tui.widgets.message_lines import fill


class Mode(StrEnum):
    """What Enter does with the words; the value names the frame's class and its texts."""

    REPLY = "reply"
    NOTE = "note"
    WHISPER = "whisper"
    DRAFT = "draft"

    @property
    def reaches_customer(self) -> bool:
        """Whether the words are for a customer in the end, so that the rules for replies hold."""
        return self in (Mode.REPLY, Mode.DRAFT)


def helper_of(desk: Desk, row: Row | None) -> str:
    """The name of the helper who answers this customer now; empty when it is nobody or no helper."""
    if row is None or not row.assignee_id:
        return ""
    seat = desk.team.seat(row.assignee_id)
    return row.assignee if seat is not None and seat.role is Role.HELPER else ""


def has_helper(desk: Desk, row: Row | None) -> bool:
    """Whether a helper answers this customer, or did until somebody took over."""
    return row is not None and (row.helper is not None or bool(helper_of(desk, row)))


def awaits_approval(desk: Desk, ticket: str | None) -> bool:
    """Whether a helper's reply waits on `ticket`, be it behind an emergency card that goes on calling."""
    row = desk.queue.row(ticket) if ticket else None
    if row is None:
        return False
    is_called = row.help is not None and row.help.reason == "approval"
    return is_called or any(
        one.message.state is MessageState.AWAITING for one in desk.conversations.get(row.id).shown
    )


def modes_for(helper: str) -> tuple[Mode, ...]:
    """The modes to choose from, the usual one first: beside a helper, one the customer never sees."""
    if helper:
        return (Mode.WHISPER, Mode.DRAFT, Mode.REPLY, Mode.NOTE)
    return (Mode.REPLY, Mode.NOTE)


def after(mode: Mode, helper: str) -> Mode:
    """The mode that follows; from one that is no longer offered, the usual one."""
    modes = modes_for(helper)
    return modes[(modes.index(mode) + 1) % len(modes)] if mode in modes else modes[0]


def mode_of_draft(draft: Draft, helper: str) -> Mode:
    """The mode in which a half-written text was left: words for a helper never become a reply."""
    if not draft.text:
        return modes_for(helper)[0]
    if draft.aside:
        return Mode(draft.aside)
    return Mode.NOTE if draft.is_note else Mode.REPLY


def mode_of(command: Command) -> Mode:
    """The mode in which the words of `command` were written."""
    if any(part.type == "draft" for part in command.words):
        return Mode.DRAFT
    return Mode(command.says or MessageKind.NOTE)


def command_of(
    mode: Mode, id: str, ticket: str, parts: tuple[Part, ...], entries: tuple[UsedEntry, ...]
) -> Command:
    """The command that Enter means; a reply is the desk's own to make, because it is held back."""
    match mode:
        case Mode.WHISPER:
            return Whisper(id=id, ticket=ticket, parts=parts)
        case Mode.DRAFT:
            text = "\n".join(p.text for p in parts if p.text)
            attached = tuple(p for p in parts if not p.text)
            return HandDraft(id=id, ticket=ticket, text=text, entries=entries, parts=attached)
        case Mode.NOTE:
            return AddNote(id=id, ticket=ticket, parts=parts)
        case Mode.REPLY:
            return SendReply(id=id, ticket=ticket, parts=parts, entries=entries)


def title_of(mode: Mode, row: Row, helper: str) -> str:
    """The frame's title: whom it goes to, and who will not see it. Not yet safe from markup."""
    words, customer = texts(), f"{row.customer} #{row.number}"
    if mode in (Mode.WHISPER, Mode.DRAFT) or (helper and mode is Mode.REPLY):
        who = helper or (row.helper.name if row.helper else "") or row.assignee
        return fill(words.buddy.modes[mode], {"helper": who, "customer": customer})
    title = fill(words.composer.reply_to, {"customer": customer})
    return f"{title} · {words.composer.note_on}" if mode is Mode.NOTE else title


def hint_of(mode: Mode, row: Row, helper: str) -> str:
    """What the keys do with what is written."""
    words = texts()
    if row.status is Status.CLOSED:
        return words.composer.closed
    if helper:
        awaits = row.help is not None and row.help.reason == "approval"
        look = f" · {words.buddy.hint_approval}" if awaits else ""
        return words.buddy.hints[mode] + look
    if mode in (Mode.WHISPER, Mode.DRAFT):
        return words.buddy.hints[mode]
    return words.composer.hint_note if mode is Mode.NOTE else words.composer.hint


def told_kept(mode: Mode) -> str:
    """What is said when Enter has kept what was written; a reply shows by itself."""
    if mode is Mode.REPLY:
        return ""
    return texts().composer.kept if mode is Mode.NOTE else texts().buddy.kept[mode]
