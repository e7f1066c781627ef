"""A procedure: numbered steps, each with what to check and what to do when it fails; ticked when done."""

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.events import Click
from textual.message import Message as UiMessage
from textual.widget import Widget

from agent_tui.i18n import texts
from agent_tui.knowledge.packs.resolved import Procedure, ProcedureStep
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.widgets.message_lines import fill


class StepRow(Prose):
    """One step; a click ticks it."""

    class Pressed(UiMessage):
        """The step with this number was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, number: int, step: ProcedureStep) -> None:
        super().__init__(classes="cover--step")
        self._number = number
        self._step = step

    def show(self, *, is_ticked: bool, is_here: bool) -> None:
        """Paint it ticked or not, under the cursor or not."""
        words = texts().helper
        self.tell(
            [
                ("▌ " if is_here else "· ", "accent" if is_here else "faint"),
                ("✓ " if is_ticked else "○ ", "good" if is_ticked else "faint"),
                (f"{self._number}. {self._step.do}\n", "calm" if is_ticked else "strong"),
                (f"      {words.check}", "faint"),
                (f"{self._step.check}\n", "calm"),
                (f"      {words.if_fails}", "faint"),
                (self._step.if_fails, "warn" if is_here else "calm"),
            ]
        )
        self.set_class(is_here, "-here")

    def on_click(self, event: Click) -> None:
        """Tick."""
        self.post_message(self.Pressed(self._number))


class ProcedurePage(Cover[frozenset[int]]):
    """Answers the numbers of the ticked steps, whichever way it is left."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL, Place.PROCEDURE)

    def __init__(self, ticket: str | None, procedure: Procedure, ticked: frozenset[int]) -> None:
        words = texts().helper
        super().__init__(ticket, fill(words.procedure, {"title": procedure.title}))
        self._rows = [StepRow(number, step) for number, step in enumerate(procedure.steps, 1)]
        self._ticked = set(ticked)
        self._at = 1

    def body(self) -> Iterable[Widget]:
        """The steps."""
        scroll = VerticalScroll(*self._rows, classes="cover--scroll")
        scroll.can_focus = False
        yield scroll

    def on_mount(self) -> None:
        """Begin at the first step that is not done."""
        self._at = self._next_open() or 1
        self._show()

    def _next_open(self) -> int:
        return next((n for n in range(1, len(self._rows) + 1) if n not in self._ticked), 0)

    def _show(self) -> None:
        for number, row in enumerate(self._rows, 1):
            row.show(is_ticked=number in self._ticked, is_here=number == self._at)
        self.call_after_refresh(self._rows[self._at - 1].scroll_visible, animate=False)
        words = texts().helper
        self.keys.tell(
            [
                ("step-tick", words.do["tick"]),
                (f"step-number:{len(self._rows)}", words.do["tick_number"]),
                ("step-up step-down", words.do["move"]),
                ("helper-ask-anywhere", words.do["ask"]),
                ("leave", words.do["done" if not self._next_open() else "back"]),
            ]
        )

    def on_step_row_pressed(self, event: StepRow.Pressed) -> None:
        """A click ticks."""
        self.action_tick(event.number)

    def action_move(self, by: int) -> None:
        """To another step."""
        self._at = min(max(1, self._at + by), len(self._rows))
        self._show()

    def action_tick_here(self) -> None:
        """Tick the step under the cursor and go on; after the last one Enter leaves."""
        if not self._next_open() and self._at in self._ticked:
            self.action_leave()
            return
        self.action_tick(self._at)

    def action_tick(self, number: int) -> None:
        """Tick a step, or take the tick back."""
        if number > len(self._rows):
            return
        self._at = number
        if number in self._ticked:
            self._ticked.discard(number)
        else:
            self._ticked.add(number)
            self._at = self._next_open() or number
        self._show()

    def action_leave(self) -> None:
        """Back to the customer."""
        self.dismiss(frozenset(self._ticked))
