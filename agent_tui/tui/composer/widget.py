"""The composer: writing, checking and sending a reply or a note to the customer its frame names."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from agent_tui.desk import Change, Desk, Draft, RefusedHere, SendState, StoreError, Topic, new_id
from agent_tui.domain.commands import SendReply, UsedEntry
from agent_tui.domain.models import FileInfo, Part
from agent_tui.i18n import texts
from agent_tui.tui.composer import events
from agent_tui.tui.composer.checks import LIMIT, first_blank, unseen, with_blanks
from agent_tui.tui.composer.editor import EditorFailed, edit_in_editor
from agent_tui.tui.composer.entries import EntriesWritten
from agent_tui.tui.composer.field import ComposerField
from agent_tui.tui.composer.marks import Checks, Marking, no_checks, questions, refusal
from agent_tui.tui.composer.mode import (
    Mode,
    after,
    awaits_approval,
    command_of,
    helper_of,
    hint_of,
    mode_of_draft,
    modes_for,
    title_of,
    told_kept,
)
from agent_tui.tui.composer.question import parts_of, question
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.widgets.still_frame import StillFrame
from agent_tui.tui.wording import standing

SETTLE_SECONDS = 0.3


class Composer(StillFrame):
    """Where replies are written. The frame names the customer; the line above the text asks and tells."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        min-height: 4;
        max-height: 12;
        border: round $accent 60%;
        border-title-color: $accent;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        &:focus-within { border: round $accent; }
        &.-note { border: round $warning; border-title-color: $warning; background: $warning 8%; }
        &.-whisper { border: round $secondary; border-title-color: $secondary; background: $secondary 8%; }
        &.-draft { border: double $success; border-title-color: $success; }
        &.-over { border: round $error; border-title-color: $error; }
        &.-asking { border: round $error; }
        & > .composer--notice { height: auto; max-height: 5; display: none; color: $warning; }
        & > .composer--notice.-shown { display: block; }
        & > ComposerField { height: auto; min-height: 2; max-height: 8; border: none; padding: 0;
                            background: transparent; }
        & > ComposerField:focus { border: none; }
    }
    """

    def __init__(
        self,
        desk: Desk,
        view: ConversationView,
        clock: Callable[[], float],
        keymap: Keymap,
        *,
        send_key: str = "enter",
        checks: Checks = no_checks,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._view = view
        self._clock = clock
        self.field = ComposerField(keymap, send_key=send_key)
        self._notice = Static("", classes="composer--notice", markup=False)
        self.marking = Marking(self.field, checks, self._say_mark)
        self.ticket: str | None = None
        self._mode = Mode.REPLY
        self._shown_by_itself_at = float("-inf")
        self._known: frozenset[str] = frozenset()
        self._asked: frozenset[str] = frozenset()
        self._entries = EntriesWritten()
        self._attached: list[FileInfo] = []
        self._begun_at = 0.0
        self._chose_mode = False

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
        return self._entries.used_in(self.field.text)

    @property
    def attached(self) -> tuple[FileInfo, ...]:
        """What the next reply carries."""
        return tuple(self._attached)

    @property
    def is_note(self) -> bool:
        """Whether Enter would keep a note."""
        return self._mode is Mode.NOTE

    @property
    def mode(self) -> Mode:
        """What Enter would do with what is written."""
        return self._mode

    def show(self, ticket: str | None, *, by_itself: bool = False) -> None:
        """Write to `ticket` from now on, with its draft; `by_itself` says that no key of theirs did it."""
        if ticket == self.ticket:
            return self._name_customer()
        self._keep_draft()
        self.ticket = ticket
        self._shown_by_itself_at = self._clock() if by_itself else float("-inf")
        self._attached, self._asked, self._chose_mode = [], frozenset(), False
        draft = self._desk.drafts.get(ticket) if ticket else Draft()
        self._entries.restore(draft.entries)
        self._begun_at = draft.begun_at
        self._mode = mode_of_draft(draft, self._helper())
        self._known = self._ids_here(draft.begun_at if draft.text else float("inf"))
        self.field.text = draft.text
        self.field.move_cursor(self.field.document.end)
        self.field.read_only = ticket is None
        self._say("")
        return self._name_customer()

    def refresh_from_desk(self, change: Change) -> None:
        """Keep the frame's words true."""
        if self.ticket is None or not (self.ticket in change.tickets or Topic.SNAPSHOT in change.topics):
            return
        # Who has the customer may have changed; a mode that was chosen, or words, stay as they are.
        if not self.field.text and not (self._chose_mode and self._mode in modes_for(self._helper())):
            self._mode = self._usual()
        self._name_customer()

    def focus(self, scroll_visible: bool = True) -> "Composer":
        """Put the cursor into the text."""
        self.field.focus(scroll_visible)
        return self

    def _name_customer(self) -> None:
        row = self._desk.queue.row(self.ticket) if self.ticket else None
        if row is None:
            self.border_title, self.border_subtitle = texts().composer.no_ticket, ""
            return
        helper = self._helper()
        files = "".join(f"📎{f.name} " for f in self._attached)
        # Border titles take markup: a name from outside is only ever put in escaped.
        self.border_title = title_of(self._mode, row, helper).replace("[", "\\[")
        self.border_subtitle = (files + hint_of(self._mode, row, helper)).replace("[", "\\[")
        for mode in (Mode.NOTE, Mode.WHISPER, Mode.DRAFT):
            self.set_class(mode is self._mode, f"-{mode}")
        self.set_class(bool(helper) and self._mode is Mode.REPLY, "-over")

    def _helper(self) -> str:
        return helper_of(self._desk, self._desk.queue.row(self.ticket) if self.ticket else None)

    def _usual(self) -> Mode:
        self._chose_mode = False
        return modes_for(self._helper())[0]

    # -- writing

    def insert(self, text: str, *, entry: str = "") -> None:
        """Put `text` at the cursor; blanks in it stand between marks, the first is selected to be filled."""
        at = self.field.offset_of_cursor()
        self.field.replace(text, *self.field.selection)
        if entry:
            self._entries.put(entry, text)
        self.field.select_blank(at)
        self.field.focus()

    def insert_filled(self, text: str, blanks: tuple[tuple[int, int], ...], *, entry: str = "") -> None:
        """Put a filled answer at the cursor; `blanks` are its spans to fill by hand (code points)."""
        self.insert(with_blanks(text, blanks), entry=entry)

    def attach(self, file: FileInfo) -> None:
        """Let the next reply carry `file`."""
        self._attached.append(file)
        self._name_customer()

    def next_mode(self) -> None:
        """From reply to note and back, beside a helper through whisper and draft too; the text stays."""
        self.write_as(after(self._mode, self._helper()))

    def write_as(self, mode: Mode) -> None:
        """Let Enter mean `mode`; the text stays."""
        self._mode, self._chose_mode, self._asked = mode, True, frozenset()
        self._say("")
        self.marking.changed() if mode.reaches_customer else self.marking.clear()
        self._name_customer()
        self._keep_draft()

    def put_back(self, text: str, mode: Mode = Mode.REPLY) -> None:
        """Give back words that did not go, in the mode they were written in; what was half-written stays
        below them."""
        self.write_as(mode)
        self.field.text = f"{text}\n{self.field.text}" if self.field.text.strip() else text
        self.field.move_cursor(self.field.document.end)
        self.field.focus()

    async def edit_outside(self) -> None:
        """Write in $EDITOR; the text is untouched when the editor does not end well."""
        words = texts().composer
        try:
            text = await edit_in_editor(self.app, self.field.text)
        except EditorFailed as error:
            self._say(words.no_editor if error.code == "no-editor" else words.editor_failed)
            return
        self.field.text = text
        self.field.move_cursor(self.field.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Note when a draft begins, and keep it."""
        event.stop()
        if self.field.text and not self._begun_at:
            self._begun_at = self._clock()
            self._known = self._ids_here()
        if not self.field.text:
            self._begun_at = 0.0
            self._entries.restore(())
        if (self.field.text and not self.marking.marks) or self._asked:
            self._asked = frozenset()
            self._say("")
        if self._mode.reaches_customer:
            self.marking.changed()
        self._keep_draft()

    def _keep_draft(self) -> None:
        if self.ticket is None:
            return
        aside = self._mode.value if self._mode in (Mode.WHISPER, Mode.DRAFT) else ""
        draft = Draft(
            text=self.field.text,
            is_note=self.is_note,
            aside=aside,
            entries=self._entries.used_in(self.field.text),
            begun_at=self._begun_at,
        )
        if draft.text or self._desk.drafts.get(self.ticket).text:
            self._desk.drafts.keep(self.ticket, draft)

    def _ids_here(self, before: float = float("inf")) -> frozenset[str]:
        shown = self._desk.conversations.get(self.ticket).shown if self.ticket else ()
        return frozenset(s.message.id for s in shown if s.message.at.timestamp() < before)

    # -- sending

    def on_composer_field_send_asked(self, event: ComposerField.SendAsked) -> None:
        """Enter."""
        event.stop()
        self.send()

    def send(self) -> bool:
        """Send the reply or keep the note, when nothing stands against it; else say what does."""
        if not self.field.text.strip() and not self._attached and awaits_approval(self._desk, self.ticket):
            self.post_message(events.ApprovalAsked())
            return False
        trouble = self._trouble()
        if trouble:
            self._say(trouble)
            return False
        if self._mode is Mode.REPLY and self._must_ask():
            return False
        return self._submit()

    def _trouble(self) -> str:
        words, text = texts().composer, self.field.text
        if self.ticket is None:
            return words.no_ticket
        if self._clock() - self._shown_by_itself_at < SETTLE_SECONDS:
            return words.changed_under
        if not text.strip() and not self._attached:
            return words.empty
        if len(text) > LIMIT:
            return fill(words.too_long, {"limit": str(LIMIT)})
        blank = first_blank(text)
        if blank is not None:
            self.field.select_blank(blank.start())
            return fill(words.blank_left, {"prompt": blank.group(1)})
        return refusal(self.marking.checks(text)) if self._mode.reaches_customer else ""

    def _must_ask(self) -> bool:
        found = unseen(
            self._desk.conversations.get(self.ticket or "").shown,
            self._desk.team.me.id,
            self._known,
            self._view.painted_at,
            self._clock(),
        )
        marks = questions(self.marking.checks(self.field.text))
        asked = found.ids | {mark.key for mark in marks}
        if not asked - self._asked:
            return False
        self._asked = self._asked | asked
        self._say(question(found.shown, [mark.words for mark in marks]), asking=True)
        return True

    def _submit(self) -> bool:
        ticket, text = self.ticket or "", self.field.text.strip()
        try:
            self._keep(ticket, parts_of(text, self._attached))
        except RefusedHere as error:
            self._say(standing(error.code))
            return False
        except StoreError as error:
            self._say(fill(texts().composer.not_kept, {"reason": str(error)}))
            return False
        said = told_kept(self._mode)
        self._attached, self._asked, self._mode = [], frozenset(), self._usual()
        self.field.text = ""
        self._desk.drafts.keep(ticket, Draft())
        self._name_customer()
        self._say(said)
        return True

    def _keep(self, ticket: str, parts: tuple[Part, ...]) -> None:
        if self._mode is Mode.REPLY:
            self._desk.outbox.reply(ticket, parts, self._entries.used_in(self.field.text))
            return
        command = command_of(self._mode, new_id(), ticket, parts, self._entries.used_in(self.field.text))
        self._desk.submit(command)

    def undo_send(self) -> bool:
        """Take this ticket's newest held reply back into the field."""
        held = [
            o
            for o in self._desk.outbox.items()
            if o.state is SendState.HELD and o.command.ticket == self.ticket
        ]
        command = self._desk.outbox.undo(held[-1].command.id) if held else None
        if not isinstance(command, SendReply):
            return False
        self.put_back("\n".join(p.text for p in command.parts if p.type == "text"))
        self._attached = [p.file for p in command.parts if p.file is not None]
        self._entries.restore(command.entries)
        self._name_customer()
        self._say(texts().composer.undone)
        return True

    # -- what the field's keys ask for

    def on_composer_field_undo_asked(self, event: ComposerField.UndoAsked) -> None:
        """Ctrl+Z in the empty field."""
        event.stop()
        self.undo_send()

    def on_composer_field_esc_pressed(self, event: ComposerField.EscPressed) -> None:
        """Esc: first the question, then the unusual mode of an empty field, then away."""
        event.stop()
        if self._asked:
            self._asked = frozenset()
            self._say("")
        elif self._mode is not modes_for(self._helper())[0] and not self.field.text:
            self.write_as(self._usual())
        else:
            self.post_message(events.ComposerLeft())

    def _say_mark(self, text: str) -> None:
        if not self._asked:
            self._say(text)

    def _say(self, text: str, *, asking: bool = False) -> None:
        self._notice.update(text)
        self._notice.set_class(bool(text), "-shown")
        self.set_class(asking, "-asking")
