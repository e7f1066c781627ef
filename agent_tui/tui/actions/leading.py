"""A lead's part in the 1+1: pair, invite, let write, end a shift."""

from collections.abc import Sequence

from agent_tui.desk import BackendError, HelperIn, PackName, new_id
from agent_tui.domain.commands import LetWrite, Pair
from agent_tui.domain.models import Seat
from agent_tui.domain.rules import LEADING
from agent_tui.i18n import texts
from agent_tui.tui.keymap.action import ANYWHERE, Action, Run
from agent_tui.tui.wording import failure
from agent_tui.tui.workstation.context import Context


def leads(at: Context) -> bool:
    """Whether this person leads; says so when not."""
    if at.desk.team.me.role in LEADING:
        return True
    at.say(texts().toast.lead_only, trouble=True)
    return False


async def _ask_helper(at: Context, title: str, choices: Sequence[object]) -> Seat | None:
    """Which of `choices` is meant; says so when no helper is at work."""
    from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

    offered = [one for one in choices if isinstance(one, Choice)]
    if not offered:
        at.say(texts().buddy.no_helpers)
        return None
    return at.desk.team.seat(await at.ask(ChoiceDialog(title, offered)) or "")


async def pair(at: Context) -> None:
    """Ask which helper and which buddy, and pair them."""
    from agent_tui.tui.dialogs.buddying import NOBODY, buddy_choices, helper_choices
    from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

    words = texts().buddy
    if not leads(at):
        return
    helper = await _ask_helper(at, words.pair_title, helper_choices(at.desk.team.seats()))
    if helper is None:
        return
    choices = buddy_choices(at.desk.team.seats(), Choice(value=NOBODY, label=words.nobody))
    title, now = words.pair_buddy.format(helper=helper.name), helper.buddy.id if helper.buddy else ""
    answer = await at.ask(ChoiceDialog(title, choices, chosen=now))
    if answer:
        _pair(at, helper.id, None if answer == NOBODY else answer)


def _pair(at: Context, helper: str, buddy: str | None) -> None:
    words, of = texts().buddy, at.desk.team.seat(helper)
    if not at.submit(Pair(id=new_id(), helper=helper, buddy=buddy)):
        return
    seat, name = at.desk.team.seat(buddy or ""), of.name if of else ""
    at.say(words.paired.format(helper=name, name=seat.name) if seat else words.unpaired.format(helper=name))


async def let_write(at: Context) -> None:
    """Ask for whom it changes, and let them write words of their own or no longer."""
    from agent_tui.tui.dialogs.buddying import writer_choices

    words = texts().buddy
    if not leads(at):
        return
    seat = await _ask_helper(at, words.write_title, writer_choices(at.desk.team.seats()))
    if seat is None:
        return
    allowed = not seat.free_text
    if at.submit(LetWrite(id=new_id(), helper=seat.id, allowed=allowed)):
        said = words.may_write if allowed else words.may_not_write
        at.say(said.format(helper=seat.name))


async def invite_helper(at: Context) -> None:
    """Ask for name, pack and buddy, and show the token that the server made."""
    from agent_tui.tui.dialogs.buddying import InvitedDialog, NameDialog

    if not leads(at):
        return
    try:
        packs = await at.desk.staff.packs()
        name = await at.ask(NameDialog()) if packs else None
        form = await _ask_invitation(at, name, packs) if name else None
        made = await at.desk.staff.invite(form) if form else None
    except BackendError as error:
        at.say(failure(error), trouble=True)
        return
    if not packs:
        at.say(texts().buddy.cannot_invite, trouble=True)
    elif made is not None:
        await at.ask(InvitedDialog(made))


async def _ask_invitation(at: Context, name: str, packs: tuple[PackName, ...]) -> HelperIn | None:
    from agent_tui.tui.dialogs.buddying import NOBODY, buddy_choices
    from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

    words = texts().buddy
    choices = [Choice(value=p.id, label=p.title or p.id, detail=p.id if p.title else "") for p in packs]
    pack = await at.ask(ChoiceDialog(words.invite_pack.format(helper=name), choices))
    if not pack:
        return None
    people = buddy_choices(at.desk.team.seats(), Choice(value=NOBODY, label=words.any_buddy))
    title = words.invite_buddy.format(helper=name)
    buddy = await at.ask(ChoiceDialog(title, [people[-1], *people[:-1]]))
    if not buddy:
        return None
    return HelperIn(name=name, pack=pack, buddy=None if buddy == NOBODY else buddy)


async def revoke_helper(at: Context) -> None:
    """Ask whose shift ends, twice, and end it."""
    from agent_tui.tui.dialogs.buddying import helper_choices
    from agent_tui.tui.dialogs.dialog import Choice, ChoiceDialog

    words = texts().buddy
    if not leads(at):
        return
    seat = await _ask_helper(at, words.revoke_title, helper_choices(at.desk.team.seats()))
    if seat is None:
        return
    sure = [Choice(value="", label=texts().common.back), Choice(value="end", label=words.revoke)]
    if not await at.ask(ChoiceDialog(words.revoke_sure.format(helper=seat.name), sure)):
        return
    try:
        await at.desk.staff.revoke(seat.id)
    except BackendError as error:
        at.say(failure(error), trouble=True)
    else:
        at.say(words.revoked.format(helper=seat.name))


def _row(id: str, run: Run) -> Action:
    return Action(id=id, places=ANYWHERE, group="buddy", run=run, leads=True)


ROWS = (
    _row("pair", pair),
    _row("invite-helper", invite_helper),
    _row("revoke-helper", revoke_helper),
    _row("let-write", let_write),
)
