"""The workstation: what a person does where, and what each pane is told of it."""

from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.events import DescendantFocus, Resize
from textual.screen import Screen
from textual.widgets import Input

from agent_tui.backends.base import BackendError
from agent_tui.desk import Desk, Link, Topic
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.settings import Settings
from agent_tui.tui.actions import ACTIONS, Keymap, Owner, Place, at, by_handler
from agent_tui.tui.deeds import Deeds
from agent_tui.tui.messages import DeskChanged, PartPressed, TicketChosen, TicketRested
from agent_tui.tui.open_chats import OpenChats
from agent_tui.tui.opening import open_target
from agent_tui.tui.screens.help import HelpDialog
from agent_tui.tui.screens.palette import PaletteDialog
from agent_tui.tui.screens.panes import Panes
from agent_tui.tui.widgets.composer import Composer
from agent_tui.tui.widgets.conversation import ConversationView
from agent_tui.tui.wording import failure

SMALLEST = (60, 16)
VIEW_SETTING = "view"
_MODES = ("-queue", "-chat", "-context")


class Workstation(Screen[None], inherit_bindings=False):
    """The one screen an agent lives in. Below 100 columns `-queue`, `-chat` or `-context` fills it."""

    AUTO_FOCUS = None

    def __init__(self, desk: Desk, settings: Settings, keymap: Keymap, clock: Callable[[], float]) -> None:
        super().__init__(id="workstation", classes="-queue")
        self._desk = desk
        self._clock = clock
        self._keymap = keymap
        self._bindings = BindingsMap(list(keymap.bindings(Owner.DESK)))
        self.chats = OpenChats(desk, clock)
        self.panes = Panes(desk, settings, keymap, self.chats, clock)
        self.deeds = Deeds(desk, clock, self, self)
        self.ticket: str | None = None
        self._begun = False

    def compose(self) -> ComposeResult:
        """The panes."""
        yield from self.panes.compose()

    def on_mount(self) -> None:
        """Begin with the hand in the queue."""
        self.panes.queue.focus()
        self._begin()
        self.panes.tell()

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An action of the table applies where its row says."""
        row = by_handler(action)
        return row is None or self.place in row.places

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The last line follows the hand."""
        self.panes.keys.at(self.place)

    def on_resize(self, event: Resize) -> None:
        """Below the smallest size only a line asks for more room."""
        tiny = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(tiny, "-tiny")
        self.panes.too_small.tell((texts().notice.too_small, "") if tiny else None)

    def _mode(self, mode: str) -> None:
        for name in _MODES:
            self.set_class(name == mode, name)

    # -- what changed

    def _begin(self) -> None:
        """Take up the last view and the open chats, once there is a state to show."""
        if self._begun or not self._desk.has_snapshot:
            return
        self._begun = True
        self.chats.restore()
        self.chats.follow(None)
        self.panes.list(View(self._desk.view_setting(VIEW_SETTING, View.WAITING)), "")
        self.panes.tabs.say()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Show what differs; a chat that is no longer mine leaves the tabs."""
        self._begin()
        change = event.change
        if change.tickets or Topic.SNAPSHOT in change.topics:
            self.chats.follow(self.ticket)
        self.panes.refresh(change)
        if self.ticket is not None and self._desk.row(self.ticket) is None:
            self._display(None, by_itself=True)
        if Topic.CONNECTION in change.topics and self._desk.connection.link is Link.AUTH_EXPIRED:
            self.app.run_worker(self.app.run_action("ask_token"))

    def tick(self) -> None:
        """A second has passed."""
        self.panes.tick()

    def on_ticket_rested(self, event: TicketRested) -> None:
        """The other panes follow the cursor of the queue while they are in sight."""
        if not self.is_narrow and self.place in (Place.QUEUE, Place.FILTER):
            self._display(event.ticket)

    def on_ticket_chosen(self, event: TicketChosen) -> None:
        """Enter in the queue: answer this one."""
        self.show(event.ticket)

    def show(self, ticket: str) -> None:
        """Bring a ticket onto the screen and the cursor into its composer."""
        self.chats.add(ticket)
        self._display(ticket)
        self.panes.tabs.choose(ticket)
        self._mode("-chat")
        self.panes.composer.focus()

    def _display(self, ticket: str | None, *, by_itself: bool = False) -> None:
        if ticket == self.ticket:
            return
        before, self.ticket = self.ticket, ticket
        self.panes.show(ticket, by_itself=by_itself)
        if before is not None and before not in self.chats.ids:
            self._desk.close(before)
        if ticket is not None:
            self._open(ticket)

    @work(group="open")
    async def _open(self, ticket: str) -> None:
        try:
            await self._desk.open(ticket)
        except BackendError as error:
            if not self._desk.conversation(ticket).loaded and ticket == self.ticket:
                self.deeds.say(failure(error), trouble=True)

    def put_back(self, ticket: str, text: str) -> None:
        """Give the words of an unsent reply back to the composer of its ticket."""
        self.show(ticket)
        self.panes.composer.put_back(text)

    # -- what the widgets say

    def on_input_changed(self, event: Input.Changed) -> None:
        """The queue narrows while the filter is typed."""
        self.panes.list(self.panes.queue.view, event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the filter goes to what it found."""
        self.panes.queue.focus()

    def on_composer_leave_asked(self, event: Composer.LeaveAsked) -> None:
        """Esc in the composer."""
        self._to_queue()

    def on_composer_conversation_asked(self, event: Composer.ConversationAsked) -> None:
        """Up in the composer."""
        self.panes.chat.focus()

    def on_composer_palette_asked(self, event: Composer.PaletteAsked) -> None:
        """`/` in the empty composer."""
        self.action_palette()

    def on_composer_help_asked(self, event: Composer.HelpAsked) -> None:
        """`?` in the empty composer."""
        self.action_help()

    def on_composer_recommendation_asked(self, event: Composer.RecommendationAsked) -> None:
        """A digit in the empty composer is a digit while nothing is recommended."""
        self.panes.composer.field.give(str(event.number))

    def on_conversation_view_leave_asked(self, event: ConversationView.LeaveAsked) -> None:
        """Past the newest message: back to writing."""
        self.panes.composer.focus()

    def on_conversation_view_copy_requested(self, event: ConversationView.CopyRequested) -> None:
        """Onto the clipboard, over ssh too."""
        self.app.copy_to_clipboard(event.text)
        self.deeds.say(texts().conversation.copied)

    @work(group="opening")
    async def on_conversation_view_open_requested(self, event: ConversationView.OpenRequested) -> None:
        """A file or a link, its host has been seen."""
        said = await open_target(self._desk, event.target)
        if said:
            self.deeds.say(said)

    def on_conversation_view_mend_asked(self, event: ConversationView.MendAsked) -> None:
        """A failed reply again, or its words back."""
        self.deeds.mend(event.command, again=event.again)

    def on_part_pressed(self, event: PartPressed) -> None:
        """A click on one of the lines."""
        if event.line == "views":
            self._choose_view(View(event.name))
        elif event.line == "tabs":
            self.show(event.name)
        else:
            self.perform(event.name)

    def perform(self, action: str) -> None:
        """Do what a row of the table names, as its key would."""
        row = next(a for a in ACTIONS if a.id == action)
        if row.owner is Owner.DESK:
            self.call_later(self.run_action, row.handler)
        elif row.owner is Owner.QUEUE:
            self.call_later(self.run_action, row.handler, self.panes.queue)
        elif row.id == "send":
            self.panes.composer.send()

    # -- actions: finding

    def action_next_needs_me(self) -> None:
        """The next of my chats that waits for an answer."""
        ticket = self.chats.next_that_needs_me(self.ticket)
        if ticket is None or (ticket == self.ticket and self.place is Place.COMPOSER):
            self.deeds.say(texts().toast.nothing_needs_me)
        else:
            self.show(ticket)

    @work(group="deed")
    async def action_claim_next(self) -> None:
        """The most urgent waiting customer becomes mine."""
        await self.deeds.claim_next()

    def action_chat_tab(self, digit: str) -> None:
        """An open chat by its place."""
        if int(digit) <= len(self.chats.ids):
            self.show(self.chats.ids[int(digit) - 1])

    def action_previous_view(self) -> None:
        """The view to the left."""
        self._choose_view(self.panes.views.beside(-1))

    def action_next_view(self) -> None:
        """The view to the right."""
        self._choose_view(self.panes.views.beside(1))

    def _choose_view(self, view: View) -> None:
        self._desk.set_view_setting(VIEW_SETTING, view)
        self.panes.list(view, self.panes.queue.words)
        self._to_queue()

    def action_filter(self) -> None:
        """Type words that the queue has to contain."""
        self.panes.filter.add_class("-shown")
        self.panes.filter.focus()

    def action_close_chat(self) -> None:
        """Put the chat on the screen away; the ticket stays as it is."""
        ticket = self.target
        if ticket is None:
            return
        self.chats.remove(ticket)
        self.panes.tabs.say()
        if ticket == self.ticket:
            self._to_queue()

    def action_back(self) -> None:
        """One step towards the queue; there, the filter goes first."""
        if self.place is Place.CHAT or (self.place is Place.CONTEXT and self.ticket in self.chats.ids):
            self._mode("-chat")
            self.panes.composer.focus()
            return
        if self.place in (Place.QUEUE, Place.FILTER):
            self.panes.filter.remove_class("-shown")
            self.panes.filter.value = ""
        self._to_queue()

    def _to_queue(self) -> None:
        self._mode("-queue")
        self.panes.queue.focus()

    # -- actions: reading

    def action_read(self) -> None:
        """The keys go to the messages."""
        if self.target is not None:
            self._display(self.target)
            self._mode("-chat")
            self.panes.chat.focus()

    def action_page_older(self) -> None:
        """Older messages, the cursor stays where it is."""
        self.panes.chat.page_up()

    def action_page_newer(self) -> None:
        """Newer messages, the cursor stays where it is."""
        self.panes.chat.page_down()

    def action_open_link(self) -> None:
        """The newest link or file; where it leads is shown first."""
        self.panes.chat.open_newest()

    def action_copy(self) -> None:
        """The chosen message onto the clipboard."""
        self.panes.chat.copy_selected()

    def action_why(self) -> None:
        """Every part of its urgency."""
        self.deeds.why(self.target)

    def action_context(self) -> None:
        """Customer and order; again goes back."""
        if self.place is Place.CONTEXT:
            return self.action_back()
        self._display(self.target)
        self._mode("-context")
        self.panes.context.focus()
        return None

    # -- actions: writing

    def action_note_mode(self) -> None:
        """Reply or note."""
        self.panes.composer.toggle_note()
        self.panes.composer.focus()

    @work(group="deed")
    async def action_editor(self) -> None:
        """Write in $EDITOR."""
        await self.panes.composer.edit_outside()

    def action_undo_send(self) -> None:
        """The newest held reply comes back, whichever chat it was for."""
        held = self.deeds.newest_held()
        if held is None or held.command.ticket is None:
            return self.deeds.say(texts().toast.nothing_to_undo)
        self.show(held.command.ticket)
        self.panes.composer.undo_send()
        return None

    # -- actions: deeds

    def action_claim(self) -> None:
        """This customer becomes mine."""
        self.deeds.claim(self.target)

    @work(group="deed")
    async def action_status(self) -> None:
        """Set the status."""
        await self.deeds.status(self.target)

    @work(group="deed")
    async def action_transfer(self) -> None:
        """Give to a colleague or a team."""
        await self.deeds.transfer(self.target)

    @work(group="deed")
    async def action_snooze(self) -> None:
        """Put away until a moment."""
        await self.deeds.snooze(self.target)

    @work(group="deed")
    async def action_availability(self) -> None:
        """Say whether I take chats."""
        await self.deeds.availability()

    @work(group="deed")
    async def action_outbox(self) -> None:
        """What is unsent."""
        await self.deeds.outbox()

    @work(group="deed")
    async def action_floor(self) -> None:
        """Phase and emergency level."""
        await self.deeds.floor()

    # -- actions: the desk

    def action_palette(self) -> None:
        """One palette; without knowledge it holds what can be done."""
        self.action_commands()

    def action_commands(self) -> None:
        """What can be done here, by a few letters."""
        rows = [a for a in at(self.place) if not a.numbered and a.id not in ("commands", "palette")]
        self.app.push_screen(PaletteDialog(self._keymap, rows), self._chosen)

    def _chosen(self, action: str | None) -> None:
        if action:
            self.perform(action)

    def action_help(self) -> None:
        """All keys, those that work here first."""
        self.app.push_screen(HelpDialog(self._keymap, self.place))

    async def action_theme(self) -> None:
        """Dark, light, high contrast."""
        await self.run_action("app.next_theme")

    async def action_new_token(self) -> None:
        """Sign in anew."""
        await self.run_action("app.ask_token")

    async def action_quit(self) -> None:
        """Leave, when nothing is unsent."""
        await self.run_action("app.leave")
