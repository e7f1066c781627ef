"""The desk itself: commands and help, availability, outbox, phase and level, theme, token, the way out."""

from agent_tui.desk import OutboxItem, new_id
from agent_tui.domain.commands import (
    SetAvailability,
    SetEmergency,
    SetPhase,
)
from agent_tui.domain.models import Availability, Phase
from agent_tui.domain.views import View
from agent_tui.i18n import counted, texts
from agent_tui.tui.actions.handling import ask_target, hand_over
from agent_tui.tui.actions.leading import leads
from agent_tui.tui.composer.mode import mode_of
from agent_tui.tui.keymap.action import ANYWHERE, OUTSIDE_FIELDS, Action, Place, Run
from agent_tui.tui.wording import doubt_of
from agent_tui.tui.workstation.context import Context


async def commands(at: Context) -> None:
    """What can be done here, by a few letters."""
    if at.knowledge.is_ready:
        at.knowledge.answers.open_palette(at.offered(), begin=">")
        return
    from agent_tui.tui.dialogs.commands import CommandsDialog

    action = await at.ask(CommandsDialog(at.offered()))
    if action:
        at.perform(action)


def help(at: Context) -> None:
    """All keys, those that work here first."""
    from agent_tui.tui.dialogs.help import HelpDialog

    at.app.push_screen(HelpDialog(at.keymap, at.hand.place))


def back(at: Context) -> None:
    """One step towards the queue."""
    at.hand.go_back()


# -- my own state


async def availability(at: Context) -> None:
    """Ask whether I take chats; who goes offline is asked what becomes of theirs."""
    from agent_tui.tui.dialogs.availability import AvailabilityDialog

    answer = await at.ask(AvailabilityDialog(at.desk.team.me.availability))
    if not answer:
        return
    going = Availability(answer)
    if going is Availability.OFFLINE and not await _may_leave(at, going):
        return
    if at.submit(SetAvailability(id=new_id(), availability=going)):
        at.say(texts().toast.availability_set.format(availability=texts().common.availabilities[going]))


async def _may_leave(at: Context, going: Availability) -> bool:
    from agent_tui.tui.dialogs.availability import HAND_OVER, KEEP, LeavingDialog

    mine = at.desk.queue.ids(View.MINE)
    if not mine:
        return True
    answer = await at.ask(LeavingDialog(len(mine), going))
    if answer != HAND_OVER:
        return answer == KEEP
    target = await ask_target(at, counted(texts().dialog.hand_over_title, len(mine)))
    if target is None:
        return False
    handed = [hand_over(at, row, target) for row in map(at.desk.queue.row, mine) if row is not None]
    return all(handed)


# -- the outbox


async def outbox(at: Context) -> None:
    """Show what is unsent; one that failed can be sent again or taken back."""
    from agent_tui.tui.dialogs.outbox import OutboxDialog

    items = at.desk.outbox.items()
    answer = await at.ask(OutboxDialog(at.desk, items))
    chosen = next((i for i in items if i.command.id == answer), None)
    if chosen is not None:
        await ask_how(at, chosen)


async def ask_how(at: Context, item: OutboxItem) -> None:
    """Ask what becomes of a command that failed: again, all the same, or its words back."""
    from agent_tui.tui.dialogs.outbox import CONFIRM, DISCARD, RETRY, MendDialog

    wanted, doubt = await at.ask(MendDialog(item)), doubt_of(item.reason)
    if wanted == CONFIRM and doubt is not None:
        at.desk.outbox.retry(item.command.id, confirmed=(doubt.rule,))
        at.say(texts().toast.retried)
    elif wanted in (RETRY, DISCARD):
        mend(at, item.command.id, again=wanted == RETRY)


async def send_again(at: Context, command: str) -> None:
    """A failed command again; what its sender has to look at first, asked about."""
    item = next((one for one in at.desk.outbox.items() if one.command.id == command), None)
    if item is not None and doubt_of(item.reason) is not None:
        await ask_how(at, item)
    else:
        mend(at, command, again=True)


def mend(at: Context, command: str, *, again: bool) -> None:
    """Send a failed command again, or give its words back."""
    if again:
        at.desk.outbox.retry(command)
        at.say(texts().toast.retried)
        return
    dropped = at.desk.outbox.discard(command)
    if dropped is not None and dropped.is_written and dropped.ticket is not None:
        at.hand.show(dropped.ticket)
        at.panes.composer.put_back(dropped.text, mode_of(dropped))
        at.say(texts().toast.discarded)


# -- the floor


async def floor(at: Context) -> None:
    """Ask the lead for phase or level, and set it."""
    from agent_tui.tui.dialogs.floor import FloorDialog

    if not leads(at):
        return
    answer = await at.ask(FloorDialog(at.desk.team.floor))
    if answer:
        id = new_id()
        is_level = answer.isdigit()
        at.submit(
            SetEmergency(id=id, level=int(answer)) if is_level else SetPhase(id=id, phase=Phase(answer))
        )


def reconnect(at: Context) -> None:
    """Do not wait for the next try."""
    at.desk.connection.try_now()


def _row(id: str, run: Run, keys: str = "", hint: int = 0) -> Action:
    return Action(id=id, keys=keys, places=ANYWHERE, group="desk", hint=hint, run=run)


def _of_program(id: str, handler: str) -> Action:
    return Action(id=id, places=ANYWHERE, group="desk", handler=handler)


ROWS = (
    _row("commands", commands, "ctrl+p,greater_than_sign", 90),
    _row("availability", availability, "ctrl+d,a"),
    _row("outbox", outbox, "ctrl+u,u"),
    Action(id="floor", keys="ctrl+v,e", places=OUTSIDE_FIELDS, group="desk", run=floor),
    _row("back", back, "escape", 28),
    _row("help", help, "question_mark,f1", 1),
    Action(
        id="help-here",
        keys="question_mark",
        places=frozenset({Place.EMPTY}),
        group="desk",
        run=help,
        in_field=True,
    ),
    _of_program("theme", "app.next_theme"),
    _of_program("new-token", "app.ask_token"),
    _row("reconnect", reconnect),
    Action(
        id="quit",
        keys="ctrl+q",
        places=ANYWHERE | {Place.PALETTE, Place.FORM, Place.DIALOG, Place.HELPER, Place.PAGE},
        group="desk",
        hint=70,
        handler="app.leave",
    ),
    Action(
        id="say-how-to-quit",
        keys="ctrl+c",
        places=frozenset({Place.PROGRAM}),
        group="desk",
        handler="say_how_to_quit",
    ),
)
