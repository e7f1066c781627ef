"""Finding a customer: the queue, its views and filter, and the chats at hand."""

from agent_tui.desk import BackendError, RefusedHere
from agent_tui.i18n import texts
from agent_tui.tui.clocks import row_clock
from agent_tui.tui.keymap.action import ANYWHERE, QUEUE, Action, Place, Run
from agent_tui.tui.wording import failure, refusal
from agent_tui.tui.workstation.context import Context


def next_needs_me(at: Context) -> None:
    """The next of my chats that waits for an answer; where no other does, the one on the screen may."""
    shown = at.hand.ticket
    ticket = at.chats.next_that_needs_me(shown)
    if ticket is None and at.chats.needs_me(shown):
        ticket = shown
    if ticket is None:
        at.say(texts().toast.nothing_needs_me)
    elif ticket == shown and at.hand.place is Place.COMPOSER:
        _say_it_is_this_one(at, ticket)
    else:
        at.hand.show(ticket)


def _say_it_is_this_one(at: Context, ticket: str) -> None:
    row = at.row(ticket)
    if row is not None:
        clock, _ = row_clock(row, at.clock())
        at.say(texts().toast.only_this_needs_me.format(customer=row.customer, clock=clock))


async def claim_next(at: Context) -> None:
    """The most urgent waiting customer becomes mine."""
    try:
        ticket = await at.desk.claims.next()
    except RefusedHere as error:
        at.say(refusal(error), trouble=True)
    except BackendError as error:
        at.say(failure(error), trouble=True)
    else:
        at.hand.show(ticket)


def previous_view(at: Context) -> None:
    """The view to the left."""
    at.hand.choose_view(at.panes.views.beside(-1))


def next_view(at: Context) -> None:
    """The view to the right."""
    at.hand.choose_view(at.panes.views.beside(1))


def narrow(at: Context) -> None:
    """Type words that the queue has to contain."""
    at.panes.narrow()


def chat_tab(at: Context, number: int) -> None:
    """An open chat by its place."""
    if number <= len(at.chats.ids):
        at.hand.show(at.chats.ids[number - 1])


def _queue(id: str, keys: str, run: Run, hint: int = 0) -> Action:
    return Action(id=id, keys=keys, places=QUEUE, group="find", run=run, hint=hint)


def _move(id: str, keys: str, run: Run, hint: int = 0) -> Action:
    return Action(id=id, keys=keys, places=QUEUE, group="find", run=run, hint=hint, moves=True)


ROWS = (
    Action(id="next-needs-me", keys="ctrl+n,tab", places=ANYWHERE, group="find", hint=20, run=next_needs_me),
    Action(
        id="claim-next", keys="ctrl+t,n", places=ANYWHERE, group="find", hint=10, run=claim_next, alone=True
    ),
    _queue("open", "enter", lambda at: at.panes.queue.open(), 5),
    _move("move-up", "up,k", lambda at: at.panes.queue.move(-1)),
    _move("move-down", "down,j", lambda at: at.panes.queue.move(1)),
    _move("page-up", "pageup", lambda at: at.panes.queue.page(-1)),
    _move("page-down", "pagedown", lambda at: at.panes.queue.page(1)),
    _move("first", "home,g", lambda at: at.panes.queue.move_to_row(0)),
    _move("last", "end,G", lambda at: at.panes.queue.move_to_row(-1)),
    _move("previous-view", "left,h,left_square_bracket", previous_view),
    _move("next-view", "right,l,right_square_bracket", next_view, 33),
    _queue("filter", "slash", narrow, 12),
    Action(id="chat-tab", keys="1,2,3,4,5,6,7,8,9", places=QUEUE, group="find", run=chat_tab, numbered=True),
)
