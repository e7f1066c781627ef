"""The help: what each key does, in the words of the table it is bound from."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from agent_tui.i18n import texts
from agent_tui.tui.cells import fit
from agent_tui.tui.helper.actions import DEEDS
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose


class GuideWords(Prose):
    """A row a key, then the three rules of the house."""

    def on_mount(self) -> None:
        """Write them down."""
        runs = []
        for deed in DEEDS:
            runs += [(f" {fit(deed.shown, 13)}", "accent"), (f"{deed.name}\n", "text")]
        self.tell([*runs, *((f"\n · {rule}", "calm") for rule in texts().helper.rules)])


class GuidePage(Cover[None]):
    """`?`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,question_mark", "leave", show=False)]

    def __init__(self) -> None:
        super().__init__(None, texts().helper.help_title)

    def body(self) -> Iterable[Widget]:
        """The words."""
        yield GuideWords(classes="cover--words")

    def on_mount(self) -> None:
        """One key leads back."""
        self.keys.tell([("leave", "Esc", texts().helper.do["back"])])
