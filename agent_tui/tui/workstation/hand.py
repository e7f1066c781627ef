"""Where the hand is: which ticket is on the screen, which pane has the keys, and how both change."""

from collections.abc import Callable
from functools import partial

from textual.screen import Screen

from agent_tui.desk import BackendError, Desk
from agent_tui.domain.views import View
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.wording import failure
from agent_tui.tui.working import run_beside
from agent_tui.tui.workstation.knowledge import Knowledge
from agent_tui.tui.workstation.open_chats import OpenChats
from agent_tui.tui.workstation.panes import Panes

VIEW_SETTING = "view"
_FILLING = ("-queue", "-chat", "-context")
_IN_QUEUE = (Place.QUEUE, Place.FILTER)


class Hand:
    """One ticket is on the screen; below 100 columns `-queue`, `-chat` or `-context` fills it."""

    def __init__(
        self,
        desk: Desk,
        screen: Screen[None],
        panes: Panes,
        chats: OpenChats,
        knowledge: Knowledge,
        complain: Callable[[str], None],
    ) -> None:
        self._desk = desk
        self._screen = screen
        self._panes = panes
        self._chats = chats
        self._knowledge = knowledge
        self._complain = complain
        self.ticket: str | None = None

    @property
    def place(self) -> Place:
        """Which pane has the keys."""
        return self._panes.place_of(self._screen.focused)

    @property
    def target(self) -> str | None:
        """The ticket that an action is about: the one under the hand."""
        return self._panes.queue.ticket if self.place in _IN_QUEUE else self.ticket

    @property
    def is_narrow(self) -> bool:
        """Whether one pane fills the screen."""
        return self._screen.has_class("-narrow")

    def fill_with(self, pane: str) -> None:
        """Let one pane fill a narrow screen."""
        for name in _FILLING:
            self._screen.set_class(name == pane, name)
        self.tell_colleagues()

    def tell_colleagues(self) -> None:
        """They learn which opened chat is on the screen, not what the cursor of the queue passes by."""
        is_seen = self.ticket in self._chats.ids and not (self.is_narrow and self._screen.has_class("-queue"))
        self._desk.presence.look(
            self.ticket if is_seen else None, self._panes.composer.text if is_seen else ""
        )

    # -- another ticket

    def show(self, ticket: str) -> None:
        """Bring a ticket onto the screen and the cursor into its composer."""
        self._chats.add(ticket)
        self.show_beside(ticket)
        self._panes.tabs.choose(ticket)
        self.to_composer()

    def show_beside(self, ticket: str | None, *, by_itself: bool = False) -> None:
        """Show a ticket while the hand stays where it is; `by_itself` says that no key did it."""
        if ticket == self.ticket:
            return
        before, self.ticket = self.ticket, ticket
        self._panes.show(ticket, by_itself=by_itself)
        self._knowledge.answers.follow(ticket)
        self.tell_colleagues()
        if before is not None and before not in self._chats.ids:
            self._desk.conversations.close(before)
        if ticket is not None:
            run_beside(self._screen, partial(self._open, ticket), "open")

    async def _open(self, ticket: str) -> None:
        try:
            await self._desk.conversations.open(ticket)
        except BackendError as error:
            if not self._desk.conversations.get(ticket).loaded and ticket == self.ticket:
                self._complain(failure(error))

    def rest_on(self, ticket: str | None) -> None:
        """The other panes follow the cursor of the queue while they are in sight."""
        if not self.is_narrow and self.place in _IN_QUEUE:
            self.show_beside(ticket)

    def leave_gone(self) -> None:
        """A ticket that is no longer there leaves the screen."""
        if self.ticket is not None and self._desk.queue.row(self.ticket) is None:
            self.show_beside(None, by_itself=True)

    # -- another pane

    def to_composer(self) -> None:
        """The hand to the words that are written."""
        self.fill_with("-chat")
        self._panes.composer.focus()

    def to_queue(self) -> None:
        """The hand back to the list."""
        self.fill_with("-queue")
        self._panes.queue.focus()

    def go_back(self) -> None:
        """One step towards the queue; there, the filter goes first."""
        if self.place is Place.CHAT or (self.place is Place.CONTEXT and self.ticket in self._chats.ids):
            self.to_composer()
            return
        if self.place in _IN_QUEUE:
            self._panes.filter.remove_class("-shown")
            self._panes.filter.value = ""
        self.to_queue()

    def choose_view(self, view: View) -> None:
        """List another view, and remember it."""
        self._desk.preferences.set(VIEW_SETTING, view)
        self._panes.list(view, self._panes.queue.words)
        self.to_queue()
