"""A line that speaks of one ticket."""

from collections.abc import Callable

from agent_tui.desk import Desk
from agent_tui.tui.widgets.line import Line


class TicketLine(Line):
    """One row about the ticket that is shown; a subclass says what."""

    def __init__(self, desk: Desk, clock: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._clock = clock
        self.ticket: str | None = None

    def show(self, ticket: str | None) -> None:
        """Speak of another ticket."""
        self.ticket = ticket
        self.say()
