"""The page before a skill, a scene or a shift of a drill: what it is about, in a sentence."""

import time
from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from agent_tui.drill.coach import Briefing
from agent_tui.i18n import texts
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.keymap.action import Place


class BriefingPage(Cover[None]):
    """Read, then Enter. Keys in the first `guard` seconds were meant for the page before."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL, Place.BRIEFING)

    def __init__(self, briefing: Briefing, guard: float) -> None:
        super().__init__(None, briefing.kind)
        self._briefing = briefing
        self._guard = guard
        self._opened = 0.0
        self._words = Prose(classes="cover--words")

    def body(self) -> Iterable[Widget]:
        """Name, sentence, how many come."""
        yield self._words

    def on_mount(self) -> None:
        """Write it down."""
        self._opened = time.monotonic()
        told = self._briefing
        self._words.tell(
            [(f"{told.name}\n\n", "strong"), (f"{told.told}\n\n", "text"), (told.customers, "calm")]
        )
        self.keys.tell([("briefing-begin", texts().drill.begin)])

    def action_leave(self) -> None:
        """Begin."""
        if time.monotonic() - self._opened >= self._guard:
            self.dismiss(None)
