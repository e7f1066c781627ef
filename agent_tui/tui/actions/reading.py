"""Reading a chat: its messages, links and files, and what is known around it."""

from agent_tui.i18n import texts
from agent_tui.tui.keymap.action import ANYWHERE, CHAT, READING, Action, Place, Run
from agent_tui.tui.workstation.context import Context


def read(at: Context) -> None:
    """The keys go to the messages."""
    if at.hand.target is not None:
        at.hand.show_beside(at.hand.target)
        at.hand.fill_with("-chat")
        at.panes.chat.focus()


def why(at: Context) -> None:
    """Every part of its urgency."""
    from agent_tui.tui.dialogs.why import WhyDialog

    known = at.desk.tickets.get(at.hand.target) if at.hand.target else None
    if known is None:
        at.say(texts().toast.no_ticket)
    else:
        at.app.push_screen(WhyDialog(known, at.clock()))


def context(at: Context) -> None:
    """Customer and order; again goes back."""
    if at.hand.place is Place.CONTEXT:
        at.hand.go_back()
        return
    at.hand.show_beside(at.hand.target)
    at.hand.fill_with("-context")
    at.panes.context.focus()


def close_chat(at: Context) -> None:
    """Put the chat on the screen away; the ticket stays as it is."""
    ticket = at.hand.target
    if ticket is None:
        return
    at.chats.remove(ticket)
    at.panes.tabs.say()
    if ticket == at.hand.ticket:
        at.hand.to_queue()


def _messages(id: str, keys: str, run: Run, hint: int = 0) -> Action:
    return Action(id=id, keys=keys, places=CHAT, group="chat", run=run, hint=hint)


ROWS = (
    Action(
        id="read", keys="ctrl+x,v", places=frozenset({Place.QUEUE, Place.CONTEXT}), group="chat", run=read
    ),
    _messages("message-up", "up", lambda at: at.panes.chat.step(-1)),
    _messages("message-down", "down", lambda at: at.panes.chat.step(1)),
    _messages("oldest", "home", lambda at: at.panes.chat.to_oldest()),
    _messages("newest", "end", lambda at: at.panes.chat.to_newest()),
    _messages("confirm", "enter", lambda at: at.panes.chat.confirm()),
    Action(
        id="open-numbered",
        keys="1,2,3,4,5,6,7,8,9",
        places=CHAT,
        group="chat",
        run=lambda at, number: at.panes.chat.ask_to_open(number),
        numbered=True,
    ),
    Action(
        id="page-older", keys="pageup", places=READING, group="chat", run=lambda at: at.panes.chat.page_up()
    ),
    Action(
        id="page-newer",
        keys="pagedown",
        places=READING,
        group="chat",
        run=lambda at: at.panes.chat.page_down(),
    ),
    _messages("open-link", "o", lambda at: at.panes.chat.open_newest(), 6),
    _messages("copy", "y", lambda at: at.panes.chat.copy_selected(), 7),
    Action(id="why", keys="ctrl+y,w", places=ANYWHERE, group="chat", hint=40, run=why),
    Action(id="context", keys="ctrl+g,i", places=ANYWHERE, group="chat", hint=35, run=context),
    Action(id="close-chat", keys="ctrl+w,x", places=ANYWHERE, group="chat", run=close_chat),
)
