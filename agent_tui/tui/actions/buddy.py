"""Beside a helper: whisper, draft, approve, return, take over and give back."""

from agent_tui.desk import BackendError, Row, new_id
from agent_tui.domain.commands import Approve, GiveBack, ReturnReply, TakeOver
from agent_tui.domain.models import Message, MessageState
from agent_tui.i18n import texts
from agent_tui.tui.composer.marks import confirmed
from agent_tui.tui.composer.mode import Mode, has_helper, helper_of
from agent_tui.tui.keymap.action import ANYWHERE, Action, Place, Run
from agent_tui.tui.widgets.message_lines import plain
from agent_tui.tui.wording import failure
from agent_tui.tui.workstation.context import Context


def _helped(at: Context) -> str | None:
    """The customer under the hand, or the one on the screen when only that one has a helper."""
    near = (at.hand.target, at.hand.ticket)
    return next((id for id in near if has_helper(at.desk, at.desk.queue.row(id or ""))), at.hand.target)


def next_helper(at: Context) -> None:
    """The helper who has waited longest for me; again goes on to the next."""
    is_in_queue = at.hand.place in (Place.QUEUE, Place.FILTER)
    ticket = at.panes.buddy.next_call(None if is_in_queue else at.hand.ticket)
    if ticket is None:
        at.say(texts().buddy.nobody_waits)
    else:
        at.hand.show(ticket)


# -- a reply that awaits approval


async def approve(at: Context) -> None:
    """Show the whole reply once and ask what becomes of it."""
    from agent_tui.tui.dialogs.buddying import APPROVE, RETURN, TAKE, ApprovalDialog

    row, message = await _awaiting(at, _helped(at))
    if row is None or message is None:
        return
    marks = at.knowledge.answers.check(row.id, plain(message))
    answer = await at.ask(ApprovalDialog(message, row.customer, _asked(at, row.id), marks))
    if answer == APPROVE:
        agreed = confirmed(marks)
        if at.submit(Approve(id=new_id(), ticket=row.id, message=message.id, confirmed=agreed)):
            at.say(texts().buddy.approved.format(helper=message.author.name, customer=row.customer))
    elif answer == RETURN:
        await _return(at, row, message)
    elif answer == TAKE:
        _take_over(at, row.id)


async def return_reply(at: Context) -> None:
    """Ask for a word, and give the reply back with it."""
    row, message = await _awaiting(at, _helped(at))
    if row is not None and message is not None:
        await _return(at, row, message)


async def _return(at: Context, row: Row, message: Message) -> None:
    from agent_tui.tui.dialogs.buddying import WordDialog

    word = await at.ask(WordDialog(message.author.name))
    if word and at.submit(ReturnReply(id=new_id(), ticket=row.id, message=message.id, text=word)):
        at.say(texts().buddy.returned.format(helper=message.author.name))


async def _awaiting(at: Context, ticket: str | None) -> tuple[Row | None, Message | None]:
    """The oldest reply of `ticket` that awaits approval; says so when there is none."""
    row = at.row(ticket)
    if row is None:
        return None, None
    message = _oldest(at, row.id)
    is_called = message is not None or (row.help is not None and row.help.reason == "approval")
    if is_called and (message is None or at.desk.tickets.detail(row.id) is None):
        # The key may be faster than the page that brings the reply, and the order it is held against.
        await _bring(at, row.id)
        message = _oldest(at, row.id)
    if message is None:
        at.say(texts().buddy.nothing_awaits)
    return row, message


async def _bring(at: Context, ticket: str) -> None:
    try:
        await at.desk.conversations.open(ticket)
    except BackendError as error:
        at.say(failure(error), trouble=True)


def _oldest(at: Context, ticket: str) -> Message | None:
    said = (shown.message for shown in at.desk.conversations.get(ticket).shown)
    return next((m for m in said if m.state is MessageState.AWAITING), None)


def _asked(at: Context, ticket: str) -> str:
    row = at.desk.queue.row(ticket)
    said = [s.message for s in at.desk.conversations.get(ticket).shown if s.message.author.kind == "customer"]
    words = "\n".join(p.text for p in said[-1].parts if p.text) if said else ""
    return f"{row.customer}:{words}" if row is not None and words else words


# -- writing to a helper, taking over


def _write_as(at: Context, mode: Mode) -> None:
    ticket = _helped(at)
    if ticket is None or not helper_of(at.desk, at.desk.queue.row(ticket)):
        at.say(texts().buddy.not_helpers)
        return
    at.hand.show(ticket)
    at.panes.composer.write_as(mode)


def whisper(at: Context) -> None:
    """Write to the helper alone."""
    _write_as(at, Mode.WHISPER)


def hand_draft(at: Context) -> None:
    """Write a reply for the helper to send."""
    _write_as(at, Mode.DRAFT)


def take_over(at: Context) -> None:
    """A helper's customer becomes mine; they can be given back."""
    _take_over(at, _helped(at))


def _take_over(at: Context, ticket: str | None) -> None:
    row = at.desk.queue.row(ticket) if ticket else None
    helper = helper_of(at.desk, row)
    if row is None or not helper:
        at.say(texts().buddy.not_helpers)
    elif at.submit(TakeOver(id=new_id(), ticket=row.id, version=row.version)):
        at.say(texts().buddy.taken.format(helper=helper, customer=row.customer))


def give_back(at: Context) -> None:
    """Their helper has the customer again."""
    ticket = _helped(at)
    row = at.desk.queue.row(ticket) if ticket else None
    if row is None or row.helper is None:
        at.say(texts().buddy.not_taken)
        return
    name = row.helper.name
    if at.submit(GiveBack(id=new_id(), ticket=row.id, version=row.version)):
        at.say(texts().buddy.given.format(helper=name, customer=row.customer))


def _row(id: str, run: Run, keys: str = "") -> Action:
    return Action(id=id, keys=keys, places=ANYWHERE, group="buddy", run=run)


ROWS = (
    _row("next-helper", next_helper, "ctrl+right_square_bracket,m"),
    _row("approve", approve, "p"),
    _row("return-reply", return_reply, "f"),
    _row("whisper", whisper),
    _row("hand-draft", hand_draft),
    _row("take-over", take_over, "d"),
    _row("give-back", give_back, "D"),
)
