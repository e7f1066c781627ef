"""Handling a ticket: claim, status, transfer, snooze."""

from datetime import datetime

from agent_tui.desk import Row, new_id
from agent_tui.domain.commands import Claim, SetStatus, Snooze, Transfer
from agent_tui.domain.models import Status
from agent_tui.i18n import texts
from agent_tui.tui.keymap.action import ANYWHERE, OUTSIDE_FIELDS, Action
from agent_tui.tui.messages import TransferTarget
from agent_tui.tui.workstation.context import Context


def claim(at: Context) -> None:
    """This customer becomes mine."""
    row = at.row()
    if row and at.submit(Claim(id=new_id(), ticket=row.id, version=row.version)):
        at.say(texts().toast.claimed.format(customer=row.customer))
        at.hand.show(row.id)


async def status(at: Context) -> None:
    """Ask which status, and set it."""
    from agent_tui.tui.dialogs.status import StatusDialog

    row = at.row()
    answer = await at.ask(StatusDialog(row)) if row else None
    if row is None or not answer:
        return
    chosen = Status(answer)
    command = SetStatus(id=new_id(), ticket=row.id, status=chosen, version=at.version(row))
    if at.submit(command):
        words = texts()
        said = words.common.statuses[chosen]
        at.say(words.toast.status_set.format(customer=row.customer, status=said))


async def snooze(at: Context) -> None:
    """Ask until when, and put it away."""
    row = at.row()
    until = await _ask_moment(at, row) if row else None
    if row is None or until is None:
        return
    if at.submit(Snooze(id=new_id(), ticket=row.id, until=until, version=at.version(row))):
        at.say(texts().toast.snoozed.format(at=until.astimezone().strftime("%m-%d %H:%M")))


async def _ask_moment(at: Context, row: Row) -> datetime | None:
    from agent_tui.tui.dialogs.snooze import OTHER, MomentDialog, SnoozeDialog
    from agent_tui.tui.moments import read_moment

    now = at.local_now()
    answer = await at.ask(SnoozeDialog(row.customer, now))
    if answer != OTHER:
        return datetime.fromisoformat(answer) if answer else None
    words = await at.ask(MomentDialog(row.customer, now))
    return read_moment(words, at.local_now()) if words else None


async def transfer(at: Context) -> None:
    """Ask to whom and why, and hand over."""
    row = at.row()
    if row is None:
        return
    target = await ask_target(at, texts().dialog.transfer_title.format(customer=row.customer))
    if target and hand_over(at, row, target):
        at.say(texts().toast.transferred.format(name=target.name))


async def ask_target(at: Context, title: str) -> TransferTarget | None:
    """A colleague or a team, and why."""
    from agent_tui.tui.dialogs.transfer import TransferDialog

    dialog = TransferDialog(title, at.desk.team.seats(), at.desk.team.me)
    await at.ask(dialog)
    return dialog.target


def hand_over(at: Context, row: Row, target: TransferTarget) -> bool:
    """Give a ticket to `target`; False when it was refused."""
    return at.submit(
        Transfer(
            id=new_id(),
            ticket=row.id,
            version=at.version(row),
            reason=target.reason,
            assignee=target.assignee,
            team=target.team,
        )
    )


ROWS = (
    Action(id="claim", keys="ctrl+a,c", places=OUTSIDE_FIELDS, group="handle", run=claim),
    Action(id="status", keys="ctrl+r,s", places=ANYWHERE, group="handle", hint=30, run=status),
    Action(id="transfer", keys="ctrl+f,t", places=ANYWHERE, group="handle", hint=45, run=transfer),
    Action(id="snooze", keys="ctrl+l,z", places=ANYWHERE, group="handle", hint=46, run=snooze),
)
