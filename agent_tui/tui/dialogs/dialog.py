"""Dialogs: a question over the workstation, answered with arrows, digits, Enter and Esc or the mouse."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from msgspec import Struct
from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agent_tui.domain.text import fold
from agent_tui.i18n import texts
from agent_tui.tui.cells import fit
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import KeyedScreen

T = TypeVar("T")

CURSOR = "▌"
LABEL, LONGEST_LABEL = 24, 36


class Dialog(KeyedScreen[T], Generic[T]):
    """A box with a title, a body and a line that says what the keys do. Esc answers nothing."""

    CSS_PATH = Path(__file__).with_name("dialog.tcss")
    PLACES: ClassVar[tuple[Place, ...]] = (Place.DIALOG,)

    def __init__(self, title: str, foot: str = "") -> None:
        super().__init__()
        self._title = title
        self._foot = foot or texts().dialog.keys_choose
        self._wrong = Static("", classes="dialog--wrong", markup=False)

    def compose(self) -> ComposeResult:
        """Title, body, what is wrong, keys."""
        with Vertical(classes="dialog--box"):
            yield Static(self._title, classes="dialog--title", markup=False)
            yield from self.body()
            yield self._wrong
            yield Static(self._foot, classes="dialog--foot", markup=False)

    def body(self) -> Iterable[Widget]:
        """What is asked."""
        return ()

    def complain(self, words: str) -> None:
        """Say why the answer will not do."""
        self._wrong.update(words)
        self._wrong.set_class(bool(words), "-shown")

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong with the line before is not known of this one."""
        self.complain("")

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


class Choice(Struct, frozen=True, kw_only=True):
    """One of several answers; one that is `off` says why in `detail` and cannot be taken."""

    value: str
    label: str
    detail: str = ""
    off: bool = False


class ChoiceDialog(Dialog[str]):
    """Choose one: by arrows and Enter, by its digit, or by a click."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.DIALOG, Place.CHOICE)

    def __init__(self, title: str, choices: Sequence[Choice], *, chosen: str = "", foot: str = "") -> None:
        super().__init__(title, foot)
        self._choices = list(choices)
        self._chosen = chosen
        self._here = 0
        self.list = OptionList(*self._options(), compact=True)

    def body(self) -> Iterable[Widget]:
        """The list."""
        yield self.list

    def on_mount(self) -> None:
        """Start at what holds now."""
        self.list.focus()
        # The list has highlighted its first row by itself.
        values = [choice.value for choice in self._choices]
        if self._chosen in values:
            self.list.highlighted = values.index(self._chosen)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer other answers."""
        self._choices = list(choices)
        self.list.clear_options().add_options(self._options())
        self.list.highlighted = 0 if self._choices else None

    def _options(self) -> list[Option]:
        return [Option(self._prompt(n), disabled=choice.off) for n, choice in enumerate(self._choices)]

    def _prompt(self, index: int, *, is_here: bool = False) -> Text:
        choice, number = self._choices[index], index + 1
        digit = f"{number}" if number < 10 else " "
        text = Text(CURSOR if is_here else " ", no_wrap=True, overflow="ellipsis")
        text.append(f"{digit}  ", style="dim").append(fit(choice.label, self._label_cells(choice)))
        return text.append(f" {choice.detail}") if choice.detail else text

    def _label_cells(self, choice: Choice) -> int:
        """Details stand in one column, behind the longest name as far as the box has room."""
        widest = max(cell_len(each.label) for each in self._choices)
        return max(LABEL, min(widest, LONGEST_LABEL)) if choice.detail else cell_len(choice.label)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Mark the row of the cursor with a sign, not by colour alone."""
        event.stop()
        for index in {self._here, event.option_index} & set(range(len(self._choices))):
            prompt = self._prompt(index, is_here=index == event.option_index)
            self.list.replace_option_prompt_at_index(index, prompt)
        self._here = event.option_index

    def action_take(self, number: int) -> None:
        """Take the answer with this number."""
        if number <= len(self._choices) and not self._choices[number - 1].off:
            self.taken(self._choices[number - 1].value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the one under the cursor."""
        event.stop()
        self.taken(self._choices[event.option_index].value)

    def taken(self, value: str) -> None:
        """Answer with `value`."""
        self.dismiss(value)


class NarrowingDialog(ChoiceDialog):
    """Letters narrow the choices to those that contain them; where none does, `nothing` or so is said."""

    def __init__(self, title: str, choices: Sequence[Choice], *, chosen: str = "", nothing: str = "") -> None:
        super().__init__(title, choices, chosen=chosen)
        self._all = list(choices)
        self._nothing = nothing
        self._typed = ""

    def on_key(self, event: Key) -> None:
        """Letters in the list narrow it; digits choose."""
        if self.focused is not self.list or event.key in [str(n) for n in range(10)]:
            return
        if event.key == "backspace":
            self._narrow(self._typed[:-1])
        elif event.is_printable and event.character and not event.character.isspace():
            self._narrow(self._typed + event.character)

    def _narrow(self, typed: str) -> None:
        self._typed = typed
        self.offer([c for c in self._all if fold(typed) in fold(c.label)])
        nothing = self._nothing or texts().palette.nothing.format(query=typed)
        self.complain(typed if self._choices else nothing)


class LineDialog(Dialog[str]):
    """Type one line; `secret` hides it."""

    def __init__(self, title: str, hint: str, *, secret: bool = False) -> None:
        super().__init__(title, texts().dialog.keys_text)
        self.input = Input(placeholder=hint, password=secret, compact=True)

    def body(self) -> Iterable[Widget]:
        """The field."""
        yield self.input

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer, unless it will not do."""
        event.stop()
        wrong = self.wrong(event.value.strip())
        if wrong:
            self.complain(wrong)
        else:
            self.dismiss(event.value.strip())

    def wrong(self, value: str) -> str:
        """Why `value` will not do; empty when it will."""
        return ""


class TextDialog(Dialog[None]):
    """Read something, then Esc or Enter."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.DIALOG, Place.TEXT)

    def __init__(self, title: str, text: Text) -> None:
        super().__init__(title, texts().dialog.keys_close)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """The text, which scrolls when it is long."""
        scroll = VerticalScroll(Static(self._text), classes="dialog--body")
        scroll.can_focus = True
        yield scroll
