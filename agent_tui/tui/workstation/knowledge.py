"""The knowledge on its way: it comes after the first frame, and what was asked of it before is not lost."""

from collections.abc import Callable

from msgspec import Struct
from textual.screen import Screen

from agent_tui.desk import Desk
from agent_tui.tui.workstation.answers import Answers, MakeLibrary, Unread, begun
from agent_tui.tui.workstation.panes import Panes


class _Wish(Struct, frozen=True):
    """What was asked of the knowledge before it was there, and where the hand was then."""

    grant: Callable[[Answers], None]
    made_at: tuple[object, ...]


class Knowledge:
    """Recommended answers and the palette: none until `begin` has brought them in."""

    def __init__(
        self,
        desk: Desk,
        screen: Screen[None],
        panes: Panes,
        library: MakeLibrary | None,
        say_loading: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._screen = screen
        self._panes = panes
        self._make_library = library
        self._say_loading = say_loading
        self._wish: _Wish | None = None
        self.answers: Answers = Unread()

    @property
    def is_ready(self) -> bool:
        """Whether it is there."""
        return not isinstance(self.answers, Unread)

    async def begin(self) -> None:
        """Bring the knowledge in, once the queue is on the screen: it takes as long as all before it."""
        self.answers = await begun(self._desk, self._make_library, self._panes, self._screen)
        self.answers.start()
        self.answers.follow(self._panes.composer.ticket)
        wish, self._wish = self._wish, None
        if wish is not None and wish.made_at == self._whereabouts():
            wish.grant(self.answers)

    def ask(self, grant: Callable[[Answers], None]) -> None:
        """Do `grant` now, or when the knowledge is there, unless the hand has gone on by then."""
        if self.is_ready:
            grant(self.answers)
        else:
            self._wish = _Wish(grant, self._whereabouts())
            self._say_loading()

    def _whereabouts(self) -> tuple[object, ...]:
        composer = self._panes.composer
        return self._screen.focused, composer.ticket, composer.text, len(self._screen.app.screen_stack)
