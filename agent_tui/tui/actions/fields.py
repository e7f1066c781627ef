"""Priority, category and tags set by hand; beside what holds now stands why it holds."""

import re
from collections.abc import Sequence

from agent_tui.desk import BackendError, Row, new_id
from agent_tui.domain.commands import Command, SetCategory, SetPriority, SetTags
from agent_tui.domain.intake import RECENT, why_priority, words_of
from agent_tui.domain.models import Category, MessageKind, Priority, Ticket
from agent_tui.domain.reading import words_for
from agent_tui.i18n import texts
from agent_tui.tui.keymap.action import ANYWHERE, Action
from agent_tui.tui.workstation.context import Context

_QUOTED = 3
_BETWEEN_TAGS = re.compile(r"[,，、;；\s]+")


async def set_priority(at: Context) -> None:
    """Ask how urgent it is."""
    ticket, row = await _read(at)
    if row is None:
        return
    why = _because(why_priority(ticket, _said(at, row))) if ticket else ""
    names = texts().common.priorities
    answer = await _choose(at, "set-priority", row, names, list(Priority), row.priority, why)
    if answer:
        chosen = Priority(answer)
        command = SetPriority(id=new_id(), ticket=row.id, version=at.version(row), priority=chosen)
        _submit(at, "set-priority", row, command, names[chosen])


async def set_category(at: Context) -> None:
    """Ask what it is about."""
    ticket, row = await _read(at)
    if row is None:
        return
    names = texts().common.categories
    why = _why_category(at, row, ticket)
    answer = await _choose(at, "set-category", row, names, list(Category), row.category, why)
    if answer:
        chosen = Category(answer)
        command = SetCategory(id=new_id(), ticket=row.id, version=at.version(row), category=chosen)
        _submit(at, "set-category", row, command, names[chosen])


async def set_tags(at: Context) -> None:
    """Ask for all the tags in one line; an empty line takes them away."""
    from agent_tui.tui.dialogs.dialog import LineDialog

    ticket, row = await _read(at)
    if row is None:
        return
    words = texts()
    if ticket is None:
        at.say(words.toast.done["unread"], trouble=True)
        return
    title = words.dialog.titles["set-tags"].format(customer=row.customer)
    dialog = LineDialog(title, words.dialog.hints["set-tags"])
    dialog.input.value = " ".join(ticket.tags)
    answer = await at.ask(dialog)
    if answer is not None:
        tags = tuple(tag for tag in _BETWEEN_TAGS.split(answer) if tag)
        # The version that was shown: who set tags meanwhile is not overwritten unseen.
        command = SetTags(id=new_id(), ticket=row.id, version=ticket.version, tags=tags)
        _submit(at, "set-tags", row, command, " · ".join(tags) or words.toast.done["no-tags"])


async def _read(at: Context) -> tuple[Ticket | None, Row | None]:
    """The ticket in hand with all its fields, None where it can't be read now, and its row."""
    row = at.row()
    if row is not None and at.desk.tickets.detail(row.id) is None:
        try:
            await at.desk.conversations.open(row.id)
        except BackendError:
            return None, row
    return at.desk.tickets.detail(row.id) if row else None, row


def _said(at: Context, row: Row) -> list[str]:
    shown = (one.message for one in at.desk.conversations.get(row.id).shown)
    return [words_of(message) for message in shown if message.kind is MessageKind.CUSTOMER][-RECENT:]


def _because(reason: str) -> str:
    return texts().dialog.because[reason] if reason else ""


def _why_category(at: Context, row: Row, ticket: Ticket | None) -> str:
    """The words that were read as the category it has, or that a person has set it."""
    if ticket is not None and "category" in ticket.by_hand:
        return _because("by-hand")
    words = " · ".join(words_for(_said(at, row), row.category)[:_QUOTED])
    return _because("said").format(words=words) if words else ""


async def _choose(
    at: Context,
    action: str,
    row: Row,
    names: dict[str, str],
    values: Sequence[Priority | Category],
    holds: Priority | Category,
    why: str,
) -> str | None:
    from agent_tui.tui.dialogs.dialog import Choice, NarrowingDialog

    words = texts()
    choices = [Choice(value=v, label=names[v], detail=why if v is holds else "") for v in values]
    title = words.dialog.titles[action].format(customer=row.customer)
    answer = await at.ask(NarrowingDialog(title, choices, chosen=holds))
    return answer if answer != holds else None


def _submit(at: Context, action: str, row: Row, command: Command, value: str) -> None:
    if at.submit(command):
        at.say(texts().toast.done[action].format(customer=row.customer, value=value))


ROWS = (
    Action(id="set-priority", keys="P", places=ANYWHERE, group="handle", run=set_priority),
    Action(id="set-category", keys="C", places=ANYWHERE, group="handle", run=set_category),
    Action(id="set-tags", keys="T", places=ANYWHERE, group="handle", run=set_tags),
)
