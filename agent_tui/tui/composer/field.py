"""The text field of the composer: what keys mean while a person types, with input methods left in peace."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import BindingType
from textual.events import Key, Paste
from textual.message import Message as UiMessage
from textual.widgets import TextArea

from agent_tui.domain.text import clean
from agent_tui.tui.composer.checks import BLANK, first_blank, unmarked
from agent_tui.tui.composer.events import ActionAsked
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.editing import COMPOSER_EDITING
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.keymap.keys import twin, writes

_OTHER_ANSWERS = frozenset({"take-answer", "take-both"})


class ComposerField(TextArea, inherit_bindings=False):
    """A text area in which Enter sends, blanks are walked with Tab, and nothing pasted ever sends.

    Pasted is what the terminal says is pasted (bracketed paste); all else is typing, however fast it comes.
    """

    BINDINGS: ClassVar[list[BindingType]] = COMPOSER_EDITING

    class SendAsked(UiMessage):
        """Enter (or Ctrl+S): send what is written."""

    class EscPressed(UiMessage):
        """Away from the field."""

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self._keymap = keymap
        self._handlers = {"send": self._send, "new-line": self._break, "back": self._leave,
                          "undo-send": self._undo, "to-messages": self._up,
                          "next-blank": self._next_blank, "previous-blank": self._previous_blank}  # fmt: skip
        self._rows = {
            key: id for id in self._handlers for key in keymap.keys(keymap.row(id)) if not writes(key)
        }
        self._gave_away = ""
        self._answer = ""
        self._underlined: list[tuple[int, int, Style]] = []

    # -- keys

    async def _on_key(self, event: Key) -> None:
        handled = self._handled(event)
        if not event.is_printable or handled:
            self._gave_away = self._gave_away if handled and event.key != "backspace" else ""
        if handled:
            event.stop()
            event.prevent_default()
            return
        self._gave_away = ""
        await super()._on_key(event)

    def _handled(self, event: Key) -> bool:
        if event.key == "backspace":
            return self._backspace()
        if event.key in self._rows:
            return self._handlers[self._rows[event.key]](event)
        return self._answer_key(event) if self.text else self._empty_key(event)

    def _send(self, event: Key) -> bool:
        self.post_message(self.SendAsked())
        return True

    def _break(self, event: Key) -> bool:
        return self.break_line()

    def break_line(self) -> bool:
        """A line break at the cursor."""
        self.replace("\n", *self.selection)
        return True

    def _leave(self, event: Key) -> bool:
        self.post_message(self.EscPressed())
        return True

    def _undo(self, event: Key) -> bool:
        self._answer = ""
        if self.text:
            self.undo()
        else:
            self.post_message(ActionAsked("undo-send"))
        return True

    def _up(self, event: Key) -> bool:
        if not self.cursor_at_first_line or self.selection.start != self.selection.end:
            return False
        self.post_message(ActionAsked("to-messages"))
        return True

    def _backspace(self) -> bool:
        if not self._gave_away:
            return False
        typed, self._gave_away = self._gave_away, ""
        self.text = typed
        self.move_cursor((0, len(typed)))
        return True

    def _empty_key(self, event: Key) -> bool:
        found = self._keymap.answering(twin(event.character) or event.key, Place.EMPTY)
        if found is None:
            return False
        action, number = found
        self._gave_away = event.character or ""
        self.post_message(ActionAsked(action.id, (number,) if action.numbered else (), self._gave_away))
        return True

    def _answer_key(self, event: Key) -> bool:
        """Over an answer that is as it was inserted, a digit takes another one in its place."""
        found = self._keymap.answering(twin(event.character) or event.key, Place.EMPTY)
        if found is None or found[0].id not in _OTHER_ANSWERS or not self.holds_answer:
            return False
        action, number = found
        self.post_message(ActionAsked(action.id, (number,) if action.numbered else ()))
        return True

    async def _on_paste(self, event: Paste) -> None:
        """Pasted text is data: cleaned, never sent, never a blank."""
        event.stop()
        event.prevent_default()
        self._gave_away = ""
        if self.read_only:
            return
        result = self._replace_via_keyboard(unmarked(clean(event.text)), *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)

    # -- blanks

    def has_blank(self) -> bool:
        """Whether something is left to fill in."""
        return BLANK.search(self.text) is not None

    @property
    def holds_answer(self) -> bool:
        """Whether an answer is all that is written, as it was inserted, with nothing left to fill."""
        is_behind = self.selection.is_empty and self.selection.end == self.document.end
        return bool(self.text) and self.text == self._answer and is_behind and not self.has_blank()

    def put_answer(self, words: str) -> None:
        """Put `words` in place of the selection, and select their first blank."""
        at = self.selected[0]
        self.replace(words, *self.selection, maintain_selection_offset=False)
        self._answer = words
        self.select_blank(at)

    def put_text(self, text: str) -> None:
        """Let `text` be what is written, with the cursor behind it."""
        self.text = text
        self.move_cursor(self.document.end)

    def select_blank(self, start: int = 0) -> bool:
        """Select the first blank at or after code point `start`, so that typing fills it."""
        match = first_blank(self.text, start)
        if match is None:
            return False
        self.move_cursor(self._location(match.start()))
        self.move_cursor(self._location(match.end()), select=True)
        return True

    def next_blank(self) -> bool:
        """Select the blank the cursor is in or the next one, from a selected one the next; False when none
        is left."""
        start, end = self.selected
        inside = next((one for one in BLANK.finditer(self.text) if one.start() <= start < one.end()), None)
        is_selected = inside is not None and (start, end) == inside.span()
        return self.select_blank(inside.start() if inside is not None and not is_selected else end)

    def previous_blank(self) -> bool:
        """Select the blank before the cursor, from the first one the last; False when none is left."""
        left = [one.start() for one in BLANK.finditer(self.text)]
        before = [at for at in left if at < self.selected[0]]
        return self.select_blank((before or left or [0])[-1])

    def _next_blank(self, event: Key) -> bool:
        return self.next_blank()

    def _previous_blank(self, event: Key) -> bool:
        return self.previous_blank()

    @property
    def blank_here(self) -> tuple[int, int, str] | None:
        """The blank that is selected to be filled: which of how many that are left, and its prompt."""
        left = list(BLANK.finditer(self.text))
        here = (n for n, one in enumerate(left, 1) if one.span() == self.selected)
        return next(((n, len(left), left[n - 1][1]) for n in here), None)

    @property
    def selected(self) -> tuple[int, int]:
        """The selection in `text`, in code points from its first place to its last."""
        places = sorted((self.selection.start, self.selection.end))
        first, last = (self._offset(*place) for place in places)
        return first, last

    def _offset(self, row: int, column: int) -> int:
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    def _location(self, offset: int) -> tuple[int, int]:
        before = self.text[:offset]
        return before.count("\n"), offset - (before.rfind("\n") + 1)

    def get_line(self, line_index: int) -> Text:
        """The line with its blanks marked."""
        line = super().get_line(line_index)
        for match in BLANK.finditer(line.plain):
            line.stylize(Style(reverse=True), match.start(), match.end())
        if self._underlined:
            before = sum(len(one) + 1 for one in self.text.split("\n")[:line_index])
            for start, end, style in self._underlined:
                line.stylize(style, max(0, start - before), max(0, end - before))
        return line

    def underline(self, spans: list[tuple[int, int, Style]]) -> None:
        """Paint `spans` of the text (code points) in their styles from now on."""
        self._underlined = spans
        self.notify_style_update()  # the one public way to make TextArea forget its painted lines
        self.refresh()

    def give(self, typed: str) -> None:
        """Put the character that opened something into the empty field, after a Backspace there."""
        self._gave_away = ""
        self.insert(typed)
