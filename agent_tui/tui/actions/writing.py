"""Writing: the composer, the words found for it, and what becomes knowledge of what was written."""

from agent_tui.desk import OutboxItem, SendState
from agent_tui.i18n import texts
from agent_tui.tui.composer.editor import edit_in_editor
from agent_tui.tui.keymap.action import ANYWHERE, COMPOSER, READING, Action, Place
from agent_tui.tui.workstation.answers import Answers
from agent_tui.tui.workstation.context import Context

BLANK = frozenset({Place.BLANK})


def send(at: Context) -> None:
    """Send what is written."""
    at.panes.composer.send()


def new_line(at: Context) -> None:
    """A line break."""
    at.panes.composer.field.break_line()


def next_blank(at: Context) -> None:
    """The next blank that is left."""
    at.panes.composer.field.next_blank()


def previous_blank(at: Context) -> None:
    """The blank before that is left."""
    at.panes.composer.field.previous_blank()


def to_messages(at: Context) -> None:
    """From the first line up into the conversation."""
    at.panes.chat.focus()


def note_mode(at: Context) -> None:
    """Reply or note; beside a helper whisper, draft, reply, note."""
    at.panes.composer.next_mode()
    at.panes.composer.focus()


async def editor(at: Context) -> None:
    """Write in $EDITOR."""
    said = await edit_in_editor(at.app, at.panes.composer.field)
    if said:
        at.say(said, trouble=True)


def undo_send(at: Context) -> None:
    """The newest held reply comes back, of this chat while the hand writes in it, else whichever chat it was
    for; on a failed message, its words do."""
    if at.hand.place is Place.CHAT and at.panes.chat.take_words_back():
        return
    held = _newest_held(at)
    if held is None or held.command.ticket is None:
        at.say(texts().toast.nothing_to_undo)
        return
    at.hand.show(held.command.ticket)
    at.panes.composer.undo_send()


def _newest_held(at: Context) -> OutboxItem | None:
    """The reply whose undo window ends last."""
    held = [i for i in at.desk.outbox.items() if i.state is SendState.HELD]
    here = [i for i in held if at.hand.place is Place.COMPOSER and i.command.ticket == at.hand.ticket]
    found = here or held
    return found[-1] if found else None


def palette(at: Context, typed: str = "") -> None:
    """Find words, filled for this customer; `typed` is the character that asked."""
    offered = at.offered()
    at.knowledge.ask(lambda ready: ready.open_palette(offered, typed=typed))


def take_answer(at: Context, number: int) -> None:
    """A recommended answer into the composer; a digit there is never sent by habit."""

    def take(ready: Answers) -> None:
        if not ready.take(number):
            at.say(texts().recommend.nothing.format(number=number))

    at.knowledge.ask(take)


def take_both(at: Context) -> None:
    """The best answer to each of two questions into the composer, as one message."""

    def take(ready: Answers) -> None:
        if not ready.take_both():
            at.say(texts().recommend.one_question)

    at.knowledge.ask(take)


def why_answer(at: Context) -> None:
    """Why these answers are recommended."""
    at.knowledge.answers.toggle_why()


def save_reply(at: Context) -> None:
    """The half-written reply as a snippet."""
    at.knowledge.answers.write_snippet()


def save_case(at: Context) -> None:
    """A solved ticket as a case."""
    at.knowledge.answers.write_case(at.hand.target)


ROWS = (
    Action(id="send", keys="enter,ctrl+s", places=COMPOSER, group="write", run=send, in_field=True),
    Action(
        id="new-line", keys="ctrl+j,shift+enter", places=COMPOSER, group="write", run=new_line, in_field=True
    ),
    Action(id="next-blank", keys="tab", places=BLANK, group="write", run=next_blank, in_field=True),
    Action(
        id="previous-blank", keys="shift+tab", places=BLANK, group="write", run=previous_blank, in_field=True
    ),
    Action(id="to-messages", keys="up", places=COMPOSER, group="write", run=to_messages, in_field=True),
    Action(
        id="find-words",
        keys="slash",
        places=frozenset({Place.EMPTY}),
        group="write",
        run=palette,
        in_field=True,
    ),
    Action(
        id="take-answer",
        keys="1,2,3",
        places=frozenset({Place.EMPTY}),
        group="write",
        run=take_answer,
        numbered=True,
        in_field=True,
    ),
    Action(
        id="take-both", keys="0", places=frozenset({Place.EMPTY}), group="write", run=take_both, in_field=True
    ),
    Action(id="note-mode", keys="ctrl+o", places=READING, group="write", hint=25, run=note_mode),
    Action(id="editor", keys="ctrl+e", places=READING, group="write", run=editor),
    Action(id="undo-send", keys="ctrl+z", places=ANYWHERE, group="write", run=undo_send),
    Action(id="palette", keys="ctrl+k", places=ANYWHERE, group="write", hint=50, run=palette),
    Action(id="why-answer", keys="r", places=ANYWHERE, group="write", run=why_answer),
    Action(id="save-reply", places=ANYWHERE, group="write", run=save_reply),
    Action(id="save-case", keys="b", places=ANYWHERE, group="write", run=save_case),
)
