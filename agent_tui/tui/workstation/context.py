"""What an action works with: the desk, the ticket in hand, the panes, and ways to ask and to say."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

from agent_tui.desk import Desk, Row
from agent_tui.domain.commands import Command
from agent_tui.domain.rules import LEADING
from agent_tui.i18n import texts
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.palette.rows import OfferedAction
from agent_tui.tui.submitting import submit
from agent_tui.tui.workstation.answers import MakeLibrary
from agent_tui.tui.workstation.hand import Hand
from agent_tui.tui.workstation.knowledge import Knowledge
from agent_tui.tui.workstation.open_chats import OpenChats
from agent_tui.tui.workstation.panes import Panes

T = TypeVar("T")
_NOT_OFFERED = frozenset({"commands", "palette"})


class Context:
    """The workstation as actions see it."""

    def __init__(
        self,
        desk: Desk,
        screen: Screen[None],
        panes: Panes,
        chats: OpenChats,
        keymap: Keymap,
        clock: Callable[[], float],
        library: MakeLibrary | None,
        perform: Callable[[str], None],
    ) -> None:
        self.desk = desk
        self.panes = panes
        self.chats = chats
        self.keymap = keymap
        self.clock = clock
        self.perform = perform
        self._screen = screen
        self.knowledge = Knowledge(desk, screen, panes, library, lambda: self.say(texts().palette.loading))
        self.hand = Hand(
            desk, screen, panes, chats, self.knowledge, lambda words: self.say(words, trouble=True)
        )

    @property
    def app(self) -> App[Any]:
        """The application, for a screen that is shown over this one."""
        return self._screen.app

    def say(self, words: str, *, trouble: bool = False) -> None:
        """A short toast; one that reports trouble stays longer."""
        if trouble:
            self._screen.notify(words, severity="warning", timeout=6, markup=False)
        else:
            self._screen.notify(words, timeout=2.5, markup=False)

    async def ask(self, dialog: Screen[T | None]) -> T | None:
        """Show a dialog and wait for its answer."""
        return await self.app.push_screen_wait(dialog)

    def submit(self, command: Command) -> bool:
        """Submit `command`; False when it was refused or could not be kept, which is said."""
        return submit(self.desk, command, lambda words: self.say(words, trouble=True))

    def row(self, ticket: str | None = None) -> Row | None:
        """The row of `ticket`, or of the one in hand; says so when there is none."""
        wanted = ticket or self.hand.target
        row = self.desk.queue.row(wanted) if wanted else None
        if row is None:
            self.say(texts().toast.no_ticket)
        return row

    def version(self, row: Row) -> int:
        """The version as it is now: the person answered a question while it may have moved."""
        now = self.desk.queue.row(row.id)
        return now.version if now else row.version

    def local_now(self) -> datetime:
        """This moment, in the person's zone."""
        return datetime.fromtimestamp(self.clock(), tz=UTC).astimezone()

    def offered(self) -> tuple[OfferedAction, ...]:
        """What can be done here and now, for the palette and for the list of commands."""
        is_lead = self.desk.team.me.role in LEADING
        rows = [a for a in self.keymap.at(self.hand.place) if not a.numbered and a.id not in _NOT_OFFERED]
        return tuple(
            OfferedAction(
                id=a.id, name=a.name, keys=self.keymap.shown(a, place=self.hand.place), short=a.short
            )
            for a in rows
            if is_lead or not a.leads
        )
