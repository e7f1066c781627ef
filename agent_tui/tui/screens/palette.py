"""What can be done here, found by a few letters: every action of the table that applies, with its keys."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from agent_tui.domain.text import fold
from agent_tui.i18n import texts
from agent_tui.tui.actions import Action, Keymap
from agent_tui.tui.screens.dialog import Choice, ChoiceDialog


class PaletteDialog(ChoiceDialog):
    """Type to narrow, arrows and Enter to do; answers the action's id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("down", "step(1)", show=False, priority=True),
    ]

    def __init__(self, keymap: Keymap, actions: Sequence[Action]) -> None:
        self._offered = [Choice(value=a.id, label=a.name, detail=keymap.shown(a)) for a in actions]
        super().__init__(texts().dialog.palette_title, self._offered)
        self.input = Input(placeholder=texts().dialog.palette_hint, compact=True)

    def body(self) -> Iterable[Widget]:
        """The words, then what they find."""
        yield self.input
        yield self.list

    def on_mount(self) -> None:
        """Type at once."""
        self.input.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow to what contains the words."""
        event.stop()
        wanted = fold(event.value.lstrip(">》 ").strip())
        self.offer([c for c in self._offered if wanted in fold(c.label) or wanted in c.value])
        self.complain("" if self._choices else texts().dialog.palette_none)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do the one under the cursor."""
        event.stop()
        at = self.list.highlighted
        if at is not None and at < len(self._choices):
            self.taken(self._choices[at].value)

    def action_step(self, by: int) -> None:
        """The cursor moves while the words stay."""
        if self._choices:
            self.list.highlighted = ((self.list.highlighted or 0) + by) % len(self._choices)
