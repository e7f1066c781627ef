"""What a coach adds to the helper's screen: progress in the head, a page before each part, the result."""

from textual.screen import Screen

from agent_tui.drill.coach import Briefing, Coach
from agent_tui.i18n import texts
from agent_tui.tui.helper.briefing import BriefingPage
from agent_tui.tui.helper.result import GO_ON, DrillResult
from agent_tui.tui.helper.strips import HeadLine


class Coached:
    """Shows what the coach has to say, where there is one; each page comes once.

    `is_over` once the result has come.
    """

    def __init__(self, coach: Coach | None, screen: Screen[None], head: HeadLine, guard: float) -> None:
        self._coach = coach
        self._screen = screen
        self._head = head
        self._guard = guard
        self._briefed: Briefing | None = None
        self.is_over = False

    def start(self) -> None:
        """The first customer comes, or what is told before."""
        if self._coach is not None:
            self._coach.start()
            self.follow()

    def tick(self) -> None:
        """A second has passed."""
        if self._coach is not None:
            self._head.progress = self._coach.progress
        self._head.say()

    def follow(self) -> None:
        """Something changed."""
        self.tick()
        if self._coach is not None:
            self._brief(self._coach)
            self._conclude(self._coach)

    def _brief(self, coach: Coach) -> None:
        briefing = coach.briefing
        if briefing is not None and briefing != self._briefed:
            self._briefed = briefing
            self._screen.app.push_screen(BriefingPage(briefing, self._guard), lambda _: coach.begin())

    def _conclude(self, coach: Coach) -> None:
        result = coach.result()
        if result is None or self.is_over:
            return
        self.is_over = True

        def leave(answer: str | None) -> None:
            coach.goes_on = answer == GO_ON
            self._screen.app.exit()

        send = coach.send if result.customers else None
        self._screen.app.push_screen(DrillResult(result, send), leave)

    def rest(self) -> tuple[str, str] | None:
        """What is said once the customers of a trial have gone, and what comes next."""
        command = self._coach.goes_on_by if self._coach is not None else ""
        words = texts().drill
        return (words.tried, words.tried_next.format(command=command)) if command else None
