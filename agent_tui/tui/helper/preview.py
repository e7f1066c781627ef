"""The preview: a reply in full, seen once before it goes, with its blanks to fill in."""

import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from agent_tui.desk import Desk
from agent_tui.domain.commands import UsedEntry
from agent_tui.domain.models import FileInfo, Message, MessageKind, Part
from agent_tui.domain.text import clean, one_line
from agent_tui.i18n import texts
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.templates.fill import Filled
from agent_tui.tui.composer.checks import MARK
from agent_tui.tui.composer.marks import Checks, Level, Mark, no_checks, questions, refusal
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.enclosed import Enclosed
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.widgets.message_lines import fill, plain


class Reply(Struct, frozen=True, kw_only=True):
    """A reply before it goes: what would be sent, from which entries, and the whisper it came with.

    `values` are what was typed into the blanks of `filled`, by number; `answer` is the entry whose attachment
    goes along, `files` are attachments that have been stored, `handed` what came with the draft besides its
    words.
    """

    title: str
    filled: Filled
    values: dict[int, str] = {}
    entries: tuple[UsedEntry, ...] = ()
    draft: str = ""
    answer: Entry | None = None
    files: tuple[FileInfo, ...] = ()
    handed: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The words, with marks around the prompts of blanks that are still left."""
        text, end = "", 0
        for blank in self.filled.blanks:
            value = self.values.get(blank.number) or f"{MARK}{blank.prompt}{MARK}"
            text += self.filled.text[end : blank.start] + value
            end = blank.end
        return text + self.filled.text[end:]


class Words(Prose):
    """The reply's words with what is still blank standing out."""

    def show(self, filled: Filled, values: dict[int, str], at: int) -> None:
        """Put `values` by blank number in; `at` is the one being typed."""
        runs, end = [], 0
        for blank in filled.blanks:
            value = values.get(blank.number, "")
            tone = "under" if blank.number == at else "accent" if value else "warn"
            runs += [(filled.text[end : blank.start], "strong"), (value or f"[{blank.prompt}]", tone)]
            end = blank.end
        self.tell([*runs, (filled.text[end:], "strong")])

    def show_marked(self, text: str, marks: Iterable[Mark]) -> None:
        """Put what stands against sending apart."""
        runs, end = [], 0
        for mark in sorted(marks, key=lambda one: one.start):
            if mark.start >= end:
                runs += [(text[end : mark.start], "strong"), (text[mark.start : mark.end], "late")]
                end = mark.end
        self.tell([*runs, (text[end:], "strong")])


class Preview(Cover[Reply]):
    """Answers the reply with its blanks filled, ready to go; None when the person went back.

    Enter in the first `guard` seconds does nothing: it was meant for the list. What the customer says while
    the page is open is shown, and Enter has to be pressed once more. What `checks` refuses does not go, what
    they ask about takes Enter twice. An answer with an attachment waits until that is stored.
    """

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL, Place.PREVIEW)

    def __init__(
        self, desk: Desk, ticket: str, reply: Reply, guard: float, checks: Checks = no_checks
    ) -> None:
        row = desk.queue.row(ticket)
        super().__init__(ticket, fill(texts().helper.preview, {"name": row.customer if row else ""}))
        self._desk = desk
        self._reply = reply
        self._guard = guard
        self._opened = 0.0
        self._numbers = list(dict.fromkeys(blank.number for blank in reply.filled.blanks))
        self._prompts = {blank.number: blank.prompt for blank in reversed(reply.filled.blanks)}
        self._values = dict(reply.values)
        self._at = next(iter([*self._left(), *self._numbers]), 0)
        self._heard = self._customer_said()
        self._checks = checks
        self.tell: Callable[[str], None] = lambda _: None
        self._asked: frozenset[str] = frozenset()
        self._warned = self._lacks = ""
        self._enclosed = Enclosed(desk, reply.answer, reply.files)
        self._words = Words(classes="cover--words")
        self._label = Static("", id="blank-label", markup=False)
        self._field = Input(compact=True, id="blank")
        self._warning = Static("", classes="cover--warning", markup=False)

    def body(self) -> Iterable[Widget]:
        """Which answer it is, its words, the blank being typed, and what is in the way."""
        yield Static(self._reply.title, classes="cover--faint", markup=False)
        scroll = VerticalScroll(self._words, classes="cover--scroll")
        scroll.can_focus = False
        yield scroll
        for part in self._reply.handed:
            yield Static(f"📎{part.file.name if part.file else part.type}", markup=False)
        yield self._enclosed
        yield self._label
        yield self._field
        yield self._warning

    def on_mount(self) -> None:
        """Begin at the first blank."""
        self._opened = time.monotonic()
        self.set_class(bool(self._numbers), "-blanks")
        self._to(self._at)

    # -- blanks

    def _to(self, number: int) -> None:
        self._at = number
        if number:
            self._label.update(fill(texts().helper.blank, {"prompt": self._prompts[number]}))
            self._field.value = self._values.get(number, "")
            self._field.focus()
        self._show()

    def _show(self) -> None:
        self._words.show(self._reply.filled, self._values, self._at)
        self.tell(self._made().text)
        words = texts().helper
        send = ("preview-send", words.do["next" if self._left() else "send"])
        tab = [("preview-next-blank", words.do["next"])] if len(self._numbers) > 1 else []
        self.keys.tell([send, *tab, ("helper-ask-anywhere", words.do["ask"]), ("leave", words.do["back"])])

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed stands in the words at once."""
        self._values[self._at] = clean(event.value).replace("\n", " ").strip()
        if self._values[self._at] and self._warned == self._lacks:
            self._warn("")
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a blank is Enter."""
        event.stop()
        self.action_send()

    def action_next_blank(self, by: int) -> None:
        """To another blank."""
        if self._numbers:
            self._to(self._numbers[(self._numbers.index(self._at) + by) % len(self._numbers)])

    def action_scroll(self, by: int) -> None:
        """A long answer is read in pages."""
        self.query_one(VerticalScroll).scroll_relative(y=by * 6, animate=False)

    def _left(self) -> list[int]:
        return [number for number in self._numbers if not self._values.get(number)]

    # -- sending

    def action_send(self) -> None:
        """Enter: the next blank that is left, or send."""
        if time.monotonic() - self._opened < self._guard:
            return
        if left := self._left():
            if self._at in left:
                self._lacks = fill(texts().helper.blank_left, {"prompt": self._prompts[left[0]]})
                self._warn(self._lacks)
            self._to(left[0])
        elif self._customer_said() != self._heard:
            self._heard = self._customer_said()
            self._warn(fill(texts().helper.said_again, {"text": one_line(self._newest(), 60)}))
        elif self._is_held_up():
            return
        else:
            self.dismiss(self._made())

    def _is_held_up(self) -> bool:
        """Say what stands against sending: the rules for what may go out, an attachment that is not there."""
        text = self._made().text
        marks = self._checks(text)
        refused, asked = refusal(marks), {mark.key for mark in questions(marks)}
        if refused or asked - self._asked:
            self._asked |= asked
            again = texts().composer.send_anyway
            said = [refused] if refused else [*(one.words for one in questions(marks)), again]
            self._words.show_marked(text, [one for one in marks if one.level is not Level.HINT])
            self._warn("\n".join(said))
            return True
        trouble = self._enclosed.trouble()
        self._warn(trouble)
        return bool(trouble)

    def _made(self) -> Reply:
        return replace(self._reply, values=dict(self._values), files=self._enclosed.files)

    def reread(self) -> None:
        """The customer may have said something: it is shown, and read before anything goes."""
        if self._customer_said() != self._heard:
            self._warn(fill(texts().helper.saying, {"text": one_line(self._newest(), 60)}))

    def _warn(self, words: str) -> None:
        self._warned = words
        self._warning.update(words)
        self._warning.set_class(bool(words), "-shown")

    def _customer_said(self) -> int:
        return len(self._said())

    def _newest(self) -> str:
        return plain(self._said()[-1]) if self._said() else ""

    def _said(self) -> list[Message]:
        shown = self._desk.conversations.get(self.ticket or "").shown
        return [one.message for one in shown if one.message.kind is MessageKind.CUSTOMER]
