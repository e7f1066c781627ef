"""The help: what each key does, in the words of the table it is bound from."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from agent_tui.i18n import texts
from agent_tui.tui.cells import fit
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import keymap_of


class GuideWords(Prose):
    """A row a key, then the three rules of the house."""

    def on_mount(self) -> None:
        """Write them down."""
        keymap, runs = keymap_of(self.app), []
        for action in keymap.at(Place.HELPER):
            runs += [(f" {fit(keymap.shown(action), 13)}", "accent"), (f"{action.name}\n", "text")]
        self.tell([*runs, *((f"\n · {rule}", "calm") for rule in texts().helper.rules)])


class GuidePage(Cover[None]):
    """`?`."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL, Place.GUIDE)

    def __init__(self) -> None:
        super().__init__(None, texts().helper.help_title)

    def body(self) -> Iterable[Widget]:
        """The words."""
        yield GuideWords(classes="cover--words")

    def on_mount(self) -> None:
        """One key leads back."""
        self.keys.tell([("leave", texts().helper.do["back"])])
