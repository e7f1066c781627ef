"""The workstation: its panes on one screen, keys that do what the table says, and what widgets tell it."""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from inspect import isawaitable

from textual import work
from textual.app import App, ComposeResult
from textual.events import DescendantFocus, Resize
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input

from agent_tui.desk import Desk
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.settings import Settings
from agent_tui.tui.actions.program import mend, send_again
from agent_tui.tui.actions.writing import palette
from agent_tui.tui.composer import events
from agent_tui.tui.conversation.events import ConversationLeft, CopyAsked, MendAsked, OpenAsked
from agent_tui.tui.keymap.action import ANYWHERE, Place
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.messages import ActionFound, DeskChanged, PartPressed, TicketChosen, TicketRested
from agent_tui.tui.widgets.message_lines import fill
from agent_tui.tui.widgets.recommend import Offers
from agent_tui.tui.working import run_beside
from agent_tui.tui.workstation.answers import Answers, MakeLibrary
from agent_tui.tui.workstation.context import Context
from agent_tui.tui.workstation.following import Following
from agent_tui.tui.workstation.open_chats import OpenChats
from agent_tui.tui.workstation.panes import Panes
from agent_tui.tui.workstation.typed_text import TypedText

SMALLEST = (60, 16)


def _width_class(app: App[None]) -> str:
    return [name for least, name in app.HORIZONTAL_BREAKPOINTS or [] if app.size.width >= least][-1]


class Workstation(Screen[None], inherit_bindings=False):
    """The one screen an agent lives in."""

    # None would mean the application's choice: the first widget that takes keys.
    AUTO_FOCUS = ""
    is_practice = False

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        keymap: Keymap,
        clock: Callable[[], float],
        library: MakeLibrary | None = None,
        hand: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(id="workstation", classes="-queue")
        self._desk = desk
        self._keymap = keymap
        self.chats = OpenChats(desk, clock)
        self.panes = Panes(desk, settings, keymap, self.chats, clock, hand)
        self.context = Context(desk, self, self.panes, self.chats, keymap, clock, library, self.perform)
        self.typed = TypedText(self.context, self)
        self._following = Following(desk, self, self.context)
        self._ground: Strip | None = None
        self._bindings = keymap.bindings(ANYWHERE)

    @property
    def ticket(self) -> str | None:
        """The ticket on the screen."""
        return self.context.hand.ticket

    @property
    def place(self) -> Place:
        """Where the hand is."""
        return self.context.hand.place

    @property
    def answering(self) -> Answers:
        """The knowledge, as far as it is there."""
        return self.context.knowledge.answers

    # -- the screen

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
        self._following.begin()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The last line follows the hand."""
        self.panes.keys.at(self.place)

    def on_resize(self, event: Resize) -> None:
        """Below the smallest size only a line asks for more room."""
        tiny = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(tiny, "-tiny")
        self.panes.too_small.tell((texts().notice.too_small, "") if tiny else None)

    # -- what changed

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Show what differs."""
        self._following.follow(event.change)

    async def begin_answering(self) -> None:
        """Bring the knowledge in."""
        await self.context.knowledge.begin()

    def tick(self) -> None:
        """A second has passed."""
        self.panes.tick()

    # -- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An action of the table applies where its row says."""
        return action != "perform" or self.place in self._keymap.row(str(parameters[0])).places

    def action_perform(self, id: str, number: int = 0) -> None:
        """Do what a row of the table says; while one that is alone still runs, nothing."""
        row, numbers = self._keymap.row(id), (number,) if number else ()
        if row.run is None or (row.alone and self._is_running(id)):
            return
        done = row.run(self.context, *numbers)
        if isawaitable(done):
            run_beside(self, partial(_awaited, done), "action", name=id)

    def _is_running(self, id: str) -> bool:
        return any(one.name == id and not one.is_finished for one in self.workers)

    def perform(self, id: str) -> None:
        """Do what a row of the table names, as its key would."""
        self.call_later(self.run_action, self._keymap.row(id).call())

    # -- what the widgets say

    def on_input_changed(self, event: Input.Changed) -> None:
        """The queue narrows while the filter is typed."""
        self.panes.list(self.panes.queue.view, event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the filter goes to what it found."""
        self.panes.queue.focus()

    def on_composer_left(self, event: events.ComposerLeft) -> None:
        """Esc in the composer."""
        self.context.hand.to_queue()

    def on_reply_left(self, event: events.ReplyLeft) -> None:
        """The question was not answered: what is written there has not gone."""
        row = self._desk.queue.row(event.ticket)
        name = row.customer if row else ""
        self.context.say(fill(texts().toast.reply_left, {"customer": name}), trouble=True)

    def on_approval_asked(self, event: events.ApprovalAsked) -> None:
        """Enter on nothing while a helper's reply waits."""
        self.action_perform("approve")

    def on_action_asked(self, event: events.ActionAsked) -> None:
        """A key in the composer that its own field answers."""
        if event.id == "find-words":
            palette(self.context, event.typed)
        else:
            self.action_perform(event.id, *event.numbers)

    def on_offers_picked(self, event: Offers.Picked) -> None:
        """A click on a recommended answer."""
        self.answering.take(event.number)

    def on_action_found(self, event: ActionFound) -> None:
        """An action was found in the palette."""
        self.perform(event.action)

    def on_conversation_left(self, event: ConversationLeft) -> None:
        """Past the newest message: back to writing."""
        self.panes.composer.focus()

    def on_copy_asked(self, event: CopyAsked) -> None:
        """Onto the clipboard, over ssh too."""
        self.app.copy_to_clipboard(event.text)
        self.context.say(texts().conversation.copied)

    @work(group="opening")
    async def on_open_asked(self, event: OpenAsked) -> None:
        """A file or a link, its host has been seen."""
        from agent_tui.tui.opening import open_target

        said = await open_target(self._desk, event.target)
        if said:
            self.context.say(said)

    def on_mend_asked(self, event: MendAsked) -> None:
        """A failed reply again, or its words back."""
        if event.again:
            again = partial(send_again, self.context, event.command)
            run_beside(self, again, "action", name="mend")
        else:
            mend(self.context, event.command, again=False)

    def on_ticket_rested(self, event: TicketRested) -> None:
        """The other panes follow the cursor of the queue."""
        self.context.hand.rest_on(event.ticket)

    def on_ticket_chosen(self, event: TicketChosen) -> None:
        """Enter in the queue: answer this one."""
        self.context.hand.show(event.ticket)

    def on_part_pressed(self, event: PartPressed) -> None:
        """A click on one of the lines."""
        if event.line == "views":
            self.context.hand.choose_view(View(event.name))
        elif event.line in ("tabs", "buddy"):
            self.context.hand.show(event.name)
        else:
            self.perform(event.name)


async def _awaited(done: Awaitable[None]) -> None:
    await done
