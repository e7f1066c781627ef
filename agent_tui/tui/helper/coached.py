"""What a coach adds to the helper's screen: progress in the head, a page before each part, the result."""

from textual.screen import Screen

from agent_tui.drill.coach import Briefing, Coach
from agent_tui.tui.helper.briefing import BriefingPage
from agent_tui.tui.helper.result import GO_ON, DrillResult
from agent_tui.tui.helper.strips import HeadLine


class Coached:
    """Shows what the coach has to say; each page comes once. `is_over` once the result has come."""

    def __init__(self, coach: Coach, screen: Screen[None], head: HeadLine, guard: float) -> None:
        self._coach = coach
        self._screen = screen
        self._head = head
        self._guard = guard
        self._briefed: Briefing | None = None
        self.is_over = False

    def start(self) -> None:
        """The first customer comes, or what is told before."""
        self._coach.start()
        self.follow()

    def tick(self) -> None:
        """A second has passed."""
        self._head.progress = self._coach.progress

    def follow(self) -> None:
        """Something changed."""
        self.tick()
        self._head.say()
        self._brief()
        result = self._coach.result()
        if result is not None and not self.is_over:
            self.is_over = True
            send = self._coach.send if result.customers else None
            self._screen.app.push_screen(DrillResult(result, send), self._leave)

    def _brief(self) -> None:
        briefing = self._coach.briefing
        if briefing is not None and briefing != self._briefed:
            self._briefed = briefing
            page = BriefingPage(briefing, self._guard)
            self._screen.app.push_screen(page, lambda _: self._coach.begin())

    def _leave(self, answer: str | None) -> None:
        self._coach.goes_on = answer == GO_ON
        self._screen.app.exit()
