"""The station: which ticket is on the screen, where the hand is, and how the panes learn what changed."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from textual import work
from textual.app import App, ComposeResult
from textual.events import DescendantFocus, Resize
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from agent_tui.desk import BackendError, Desk, Link, Topic
from agent_tui.domain.events import DrillReported, Event
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.settings import Settings
from agent_tui.tui.actions import Keymap, Place
from agent_tui.tui.composer.mode import Mode
from agent_tui.tui.deeds import Deeds
from agent_tui.tui.messages import DeskChanged, TicketChosen, TicketRested
from agent_tui.tui.wording import failure
from agent_tui.tui.workstation.answers import Answers, MakeLibrary, Unread, begun
from agent_tui.tui.workstation.open_chats import OpenChats
from agent_tui.tui.workstation.panes import Panes

SMALLEST = (60, 16)
VIEW_SETTING = "view"
_MODES = ("-queue", "-chat", "-context")


class _Wish(Struct, frozen=True):
    """What was asked of the knowledge before it was there, and where the hand was then."""

    grant: Callable[[Answers], None]
    made_at: tuple[object, ...]


def _width_class(app: App[None]) -> str:
    return [name for least, name in app.HORIZONTAL_BREAKPOINTS or [] if app.size.width >= least][-1]


class Station(Screen[None], inherit_bindings=False):
    """Panes around one ticket. Below 100 columns `-queue`, `-chat` or `-context` fills the screen."""

    # None would mean the application's choice: the first widget that takes keys.
    AUTO_FOCUS = ""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        keymap: Keymap,
        clock: Callable[[], float],
        library: MakeLibrary | None = None,
    ) -> None:
        super().__init__(id="workstation", classes="-queue")
        self._desk = desk
        self.chats = OpenChats(desk, clock)
        self.panes = Panes(desk, settings, keymap, self.chats, clock)
        self.deeds = Deeds(desk, clock, self, self)
        self._helping: Any = None
        self._make_library = library
        self.answering: Answers = Unread()
        self.ticket: str | None = None
        self._begun = False
        self._wish: _Wish | None = None
        self._ground: Strip | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing is seen of the screen itself, but the compositor asks for every frame."""
        if self._ground is None or self._ground.cell_length != crop.width:
            self._ground = Strip.blank(crop.width, self.rich_style)
        return [self._ground] * crop.height

    def notify_style_update(self) -> None:
        """Paint in the new theme's colours."""
        super().notify_style_update()
        self._ground = None

    def compose(self) -> ComposeResult:
        """The panes."""
        # Known before anything is styled, the width does not style it all a second time.
        self.add_class(_width_class(self.app), update=False)
        yield from self.panes.compose()

    def on_mount(self) -> None:
        """Begin with the hand in the queue."""
        self.panes.queue.focus()
        self.panes.composer.show(None)
        self._begin()
        self.panes.tell()
        self._desk.feed.follow(self._heard)

    def _heard(self, event: Event | None) -> None:
        if isinstance(event, DrillReported):
            self.helping.heard(event)

    @property
    def helping(self) -> Any:
        """A buddy's deeds, brought in when they are first asked for: the first frame needs none of them."""
        if self._helping is None:
            from agent_tui.tui.buddy import BuddyDeeds

            self._helping = BuddyDeeds(self._desk, self.deeds, self)
        return self._helping

    # -- where the hand is

    @property
    def place(self) -> Place:
        """Where the hand is."""
        return self.panes.place_of(self.focused)

    @property
    def target(self) -> str | None:
        """The ticket that a deed is about: the one under the hand."""
        return self.panes.queue.ticket if self.place in (Place.QUEUE, Place.FILTER) else self.ticket

    @property
    def is_narrow(self) -> bool:
        """Whether one pane fills the screen."""
        return self.has_class("-narrow")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The last line follows the hand."""
        self.panes.keys.at(self.place)

    def on_resize(self, event: Resize) -> None:
        """Below the smallest size only a line asks for more room."""
        tiny = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(tiny, "-tiny")
        self.panes.too_small.tell((texts().notice.too_small, "") if tiny else None)

    def mode(self, mode: str) -> None:
        """Let one pane fill a narrow screen."""
        for name in _MODES:
            self.set_class(name == mode, name)
        self._look()

    def _look(self) -> None:
        """Colleagues learn which opened chat is on the screen, not what the cursor of the queue passes by."""
        is_seen = self.ticket in self.chats.ids and not (self.is_narrow and self.has_class("-queue"))
        self._desk.presence.look(
            self.ticket if is_seen else None, self.panes.composer.text if is_seen else ""
        )

    # -- what changed

    def _begin(self) -> None:
        """Take up the last view and the open chats, once there is a state to show."""
        if self._begun or not self._desk.tickets.is_loaded:
            return
        self._begun = True
        self.chats.restore()
        self.chats.follow(None)
        self.panes.list(View(self._desk.preferences.get(VIEW_SETTING, View.WAITING)), "")
        self.panes.tabs.say()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Show what differs; a chat that is no longer mine leaves the tabs."""
        self._begin()
        change = event.change
        if change.tickets or Topic.SNAPSHOT in change.topics:
            self.chats.follow(self.ticket)
            self._look()
        self.panes.refresh(change)
        self.answering.refresh_from_desk(change)
        if self.ticket is not None and self._desk.queue.row(self.ticket) is None:
            self.show_beside(None, by_itself=True)
        if Topic.CONNECTION in change.topics and self._desk.connection.state.link is Link.AUTH_EXPIRED:
            self.app.run_worker(self.app.run_action("ask_token"))

    async def begin_answering(self) -> None:
        """Bring the knowledge in, once the queue is on the screen: it takes as long as all before it."""
        self.answering = await begun(self._desk, self._make_library, self.panes, self)
        self.answering.start()
        self.answering.follow(self.ticket)
        wish, self._wish = self._wish, None
        if wish is not None and wish.made_at == self._whereabouts():
            wish.grant(self.answering)

    def ask_answers(self, grant: Callable[[Answers], None]) -> None:
        """Do `grant` now, or when the knowledge is there, unless the hand has gone on by then."""
        if isinstance(self.answering, Unread):
            self._wish = _Wish(grant, self._whereabouts())
            self.deeds.say(texts().palette.loading)
        else:
            grant(self.answering)

    def _whereabouts(self) -> tuple[object, ...]:
        return self.focused, self.ticket, self.panes.composer.text, len(self.app.screen_stack)

    def tick(self) -> None:
        """A second has passed."""
        self.panes.tick()

    def on_ticket_rested(self, event: TicketRested) -> None:
        """The other panes follow the cursor of the queue while they are in sight."""
        if not self.is_narrow and self.place in (Place.QUEUE, Place.FILTER):
            self.show_beside(event.ticket)

    def on_ticket_chosen(self, event: TicketChosen) -> None:
        """Enter in the queue: answer this one."""
        self.show(event.ticket)

    def show(self, ticket: str) -> None:
        """Bring a ticket onto the screen and the cursor into its composer."""
        self.chats.add(ticket)
        self.show_beside(ticket)
        self.panes.tabs.choose(ticket)
        self.mode("-chat")
        self.panes.composer.focus()

    def show_beside(self, ticket: str | None, *, by_itself: bool = False) -> None:
        """Show a ticket while the hand stays where it is; `by_itself` says that no key did it."""
        if ticket == self.ticket:
            return
        before, self.ticket = self.ticket, ticket
        self.panes.show(ticket, by_itself=by_itself)
        self.answering.follow(ticket)
        self._look()
        if before is not None and before not in self.chats.ids:
            self._desk.conversations.close(before)
        if ticket is not None:
            self._open(ticket)

    @work(group="open")
    async def _open(self, ticket: str) -> None:
        try:
            await self._desk.conversations.open(ticket)
        except BackendError as error:
            if not self._desk.conversations.get(ticket).loaded and ticket == self.ticket:
                self.deeds.say(failure(error), trouble=True)

    def put_back(self, ticket: str, text: str, mode: Mode) -> None:
        """Give unsent words back to the composer of their ticket, in the mode they were written in."""
        self.show(ticket)
        self.panes.composer.put_back(text, mode)

    def to_queue(self) -> None:
        """The hand back to the list."""
        self.mode("-queue")
        self.panes.queue.focus()
