"""The composer: writing, checking and sending a reply or a note to the customer its frame names."""

from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.widgets import TextArea

from agent_tui.desk import Change, Desk, Draft, Topic
from agent_tui.domain.commands import UsedEntry
from agent_tui.domain.models import FileInfo
from agent_tui.i18n import texts
from agent_tui.tui.composer import events
from agent_tui.tui.composer.checks import with_blanks
from agent_tui.tui.composer.field import ComposerField
from agent_tui.tui.composer.guard import SendingGuard
from agent_tui.tui.composer.look import RULES, ComposerFrame, hint_over
from agent_tui.tui.composer.marks import Checks, Marking, no_checks
from agent_tui.tui.composer.mode import (
    Mode,
    after,
    awaits_approval,
    helper_of,
    modes_for,
    told_kept,
)
from agent_tui.tui.composer.notice import ComposerNotice
from agent_tui.tui.composer.question import parts_of
from agent_tui.tui.composer.sending import hand_over, take_back
from agent_tui.tui.composer.written import WrittenReply
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.widgets.still_frame import StillFrame


class Composer(StillFrame):
    """Where replies are written. The frame names the customer; the line above the text asks and tells."""

    DEFAULT_CSS = RULES

    def __init__(
        self,
        desk: Desk,
        view: ConversationView,
        clock: Callable[[], float],
        keymap: Keymap,
        *,
        checks: Checks = no_checks,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock
        self.field = ComposerField(keymap)
        self._notice = ComposerNotice(self.field)
        self.marking = Marking(self.field, checks, self._say_marks)
        self._guard = SendingGuard(desk, view, self.field, self.marking, clock)
        self._written = WrittenReply()
        self.entries = self._written.entries
        self._told = ComposerFrame(self, desk, self._written)
        self.ticket: str | None = None

    def compose(self) -> ComposeResult:
        """The line that asks, over the text."""
        yield self._notice
        yield self.field

    # -- whose words these are

    @property
    def text(self) -> str:
        """What is written."""
        return self.field.text

    @property
    def used(self) -> tuple[UsedEntry, ...]:
        """The knowledge entries of which something is left in what is written."""
        return self._written.entries.used_in(self.field.text)

    @property
    def attached(self) -> tuple[FileInfo, ...]:
        """What the next reply carries."""
        return tuple(self._written.files)

    @property
    def mode(self) -> Mode:
        """What Enter would do with what is written."""
        return self._written.mode

    def show(self, ticket: str | None, *, by_itself: bool = False) -> None:
        """Write to `ticket` from now on, with its draft; `by_itself` says that no key of theirs did it."""
        if ticket == self.ticket:
            return self._name_customer()
        self._keep_draft()
        if self._guard.is_asking and self.ticket is not None:
            self.post_message(events.ReplyLeft(self.ticket))
        self.ticket = ticket
        draft = self._desk.drafts.get(ticket) if ticket else Draft()
        text = self._written.restore(draft, self._helper())
        self._guard.begin(ticket, by_itself=by_itself)
        self._put(text)
        self.field.read_only = ticket is None
        self._say("")
        return self._name_customer()

    def refresh_from_desk(self, change: Change) -> None:
        """Keep the frame's words true."""
        if self.ticket is None or not (self.ticket in change.tickets or Topic.SNAPSHOT in change.topics):
            return
        if not self.field.text:
            before, text = self.mode, self._written.follow(self._helper())
            if self.mode is not before:
                self._put(text)
        self._name_customer()

    def focus(self, scroll_visible: bool = True) -> "Composer":
        """Put the cursor into the text."""
        self.field.focus(scroll_visible)
        return self

    def _name_customer(self) -> None:
        self._told.tell(self.ticket, hint_over(self.field))

    def _helper(self) -> str:
        return helper_of(self._desk, self._desk.queue.row(self.ticket or ""))

    # -- writing

    def insert_filled(self, text: str, blanks: tuple[tuple[int, int], ...], *, entry: str = "") -> None:
        """Put a filled answer at the cursor; `blanks` are its spans to fill by hand (code points).

        They stand between marks, and the first is selected to be filled.
        """
        words = with_blanks(text, blanks)
        if entry:
            self.entries.put(entry, words)
        self.field.put_answer(words)
        self.field.focus()

    def carry(self, files: Iterable[FileInfo]) -> None:
        """Let the next reply carry `files`, and no others."""
        self._written.files = list(files)
        self._name_customer()

    def next_mode(self) -> None:
        """From reply to note and back, beside a helper through whisper and draft too, each with its text."""
        self.write_as(after(self.mode, self._helper()))

    def write_as(self, mode: Mode) -> None:
        """Let Enter mean `mode`, over the text that was left in it."""
        if mode is not self.mode:
            self._put(self._written.choose(mode, self.field.text))
        self._guard.take_back()
        self._say("")
        self.marking.changed() if mode.reaches_customer else self.marking.clear()
        self._name_customer()
        self._keep_draft()

    def _put(self, text: str) -> None:
        """Let `text` be what is written, begun when it was begun."""
        self._guard.remember(self._written.begun_at or float("inf"))
        if text != self.field.text:
            self.field.put_text(text)

    def type_in(self, text: str) -> None:
        """Put text at the cursor that came while the hand was elsewhere."""
        self.field.insert(text)
        self._guard.came_by_itself()

    def put_back(self, text: str, mode: Mode = Mode.REPLY) -> None:
        """Give back words that did not go, in the mode they were written in; what was half-written stays
        below them."""
        self.write_as(mode)
        self.field.put_text(f"{text}\n{self.field.text}" if self.field.text.strip() else text)
        self.field.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Note when a draft begins, and keep it."""
        event.stop()
        if self._written.begins(self.field.text, self._clock()):
            self._guard.remember()
        self._guard.take_back()
        self.remove_class("-asking")
        if self.mode.reaches_customer:
            self.marking.changed()
        self._notice.look_again()
        self._keep_draft()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Say which blank is being filled, or what a digit would do."""
        event.stop()
        self._told.follow(self.ticket, hint_over(self.field))

    def _keep_draft(self) -> None:
        draft = self._written.draft(self.field.text)
        if self.ticket is not None and draft != self._desk.drafts.get(self.ticket):
            self._desk.drafts.keep(self.ticket, draft)

    # -- sending

    def on_composer_field_send_asked(self, event: ComposerField.SendAsked) -> None:
        """Enter."""
        event.stop()
        self.send()

    def send(self) -> bool:
        """Send the reply or keep the note, when nothing stands against it; else say what does."""
        files = self._written.files
        if not self.field.text.strip() and not files and awaits_approval(self._desk, self.ticket):
            self.post_message(events.ApprovalAsked())
            return False
        objection = self._guard.objection(self.mode, has_files=bool(files))
        if objection is not None:
            self._say(objection.words, asking=objection.is_question)
        return objection is None and self._submit()

    def _submit(self) -> bool:
        ticket, mode = self.ticket or "", self.mode
        parts = parts_of(self.field.text.strip(), self._written.files)
        trouble = hand_over(self._desk, mode, ticket, parts, self.used, self.marking.confirmed)
        if trouble is not None:
            self._say(trouble)
            return False
        self._guard.passed()
        self.field.text = ""
        self._put(self._written.sent(self._helper()))
        self._desk.drafts.keep(ticket, self._written.draft(self.field.text))
        self._name_customer()
        self._say(told_kept(mode))
        return True

    def undo_send(self) -> bool:
        """Take this ticket's newest held reply back into the field."""
        command = take_back(self._desk, self.ticket)
        if command is None:
            return False
        self.put_back(command.text)
        self._written.take_back(command)
        self._name_customer()
        self._say(texts().composer.undone)
        return True

    # -- what the field's keys ask for

    def on_composer_field_esc_pressed(self, event: ComposerField.EscPressed) -> None:
        """Esc: first the question, then the unusual mode of an empty field, then away."""
        event.stop()
        usual = modes_for(self._helper())[0]
        if self._guard.is_asking:
            self._guard.take_back()
            self._say("")
        elif self.mode is not usual and not self.field.text:
            self.write_as(usual)
        else:
            self.post_message(events.ComposerLeft())

    def _say_marks(self, words: str) -> None:
        if not self._guard.is_asking:
            self._notice.tell(words, holds=lambda: bool(self.marking.marks))

    def _say(self, text: str, *, asking: bool = False) -> None:
        self._notice.say(text)
        self.set_class(asking, "-asking")
