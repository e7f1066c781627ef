"""The workstation: what a person can do where, each action one line to a pane or to the deeds."""

from collections.abc import Callable

from textual import work
from textual.binding import BindingsMap
from textual.widgets import Input

from agent_tui.desk import Desk
from agent_tui.domain.rules import LEADING
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.settings import Settings
from agent_tui.tui.actions import ACTIONS, LEADS_ONLY, Keymap, Owner, Place, at, by_handler
from agent_tui.tui.composer import events
from agent_tui.tui.messages import PartPressed
from agent_tui.tui.palette.rows import Command
from agent_tui.tui.widgets.conversation import ConversationView
from agent_tui.tui.widgets.recommend import Offers
from agent_tui.tui.workstation.answers import Answers, MakeLibrary, RunAsked, Unread
from agent_tui.tui.workstation.beside import Beside
from agent_tui.tui.workstation.station import VIEW_SETTING


class Workstation(Beside):
    """The one screen an agent lives in."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        keymap: Keymap,
        clock: Callable[[], float],
        library: MakeLibrary | None = None,
    ) -> None:
        super().__init__(desk, settings, keymap, clock, library)
        self._keymap = keymap
        self._bindings = BindingsMap(list(keymap.bindings(Owner.DESK)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An action of the table applies where its row says."""
        row = by_handler(action)
        return row is None or self.place in row.places

    # -- what the widgets say

    def on_input_changed(self, event: Input.Changed) -> None:
        """The queue narrows while the filter is typed."""
        self.panes.list(self.panes.queue.view, event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the filter goes to what it found."""
        self.panes.queue.focus()

    def on_composer_leave_asked(self, event: events.LeaveAsked) -> None:
        """Esc in the composer."""
        self.to_queue()

    def on_composer_conversation_asked(self, event: events.ConversationAsked) -> None:
        """Up in the composer."""
        self.panes.chat.focus()

    def on_composer_palette_asked(self, event: events.PaletteAsked) -> None:
        """`/` in the empty composer."""
        commands, typed = self._commands(), event.typed
        self.ask_answers(lambda ready: ready.open_palette(commands, typed=typed))

    def on_composer_help_asked(self, event: events.HelpAsked) -> None:
        """`?` in the empty composer."""
        self.action_help()

    def on_composer_approval_asked(self, event: events.ApprovalAsked) -> None:
        """Enter on nothing while a helper's reply waits."""
        self.action_approve()

    def on_composer_recommendation_asked(self, event: events.RecommendationAsked) -> None:
        """A digit in the empty composer is never sent by habit: it is an answer, or only said to be none."""
        self.ask_answers(lambda ready: self._take(ready, event.number))

    def _take(self, answers: Answers, number: int) -> None:
        if not answers.take(number):
            self.deeds.say(texts().recommend.nothing.format(number=number))

    def on_offers_picked(self, event: Offers.Picked) -> None:
        """A click on a recommended answer."""
        self.answering.take(event.number)

    def on_answering_run_asked(self, event: RunAsked) -> None:
        """A deed was found in the palette."""
        self.perform(event.action)

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
        from agent_tui.tui.opening import open_target

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
        elif event.line in ("tabs", "buddy"):
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
        self._desk.preferences.set(VIEW_SETTING, view)
        self.panes.list(view, self.panes.queue.words)
        self.to_queue()

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
            self.to_queue()

    def action_back(self) -> None:
        """One step towards the queue; there, the filter goes first."""
        if self.place is Place.CHAT or (self.place is Place.CONTEXT and self.ticket in self.chats.ids):
            self.mode("-chat")
            self.panes.composer.focus()
            return
        if self.place in (Place.QUEUE, Place.FILTER):
            self.panes.filter.remove_class("-shown")
            self.panes.filter.value = ""
        self.to_queue()

    # -- actions: reading

    def action_read(self) -> None:
        """The keys go to the messages."""
        if self.target is not None:
            self.show_beside(self.target)
            self.mode("-chat")
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
        self.show_beside(self.target)
        self.mode("-context")
        self.panes.context.focus()
        return None

    # -- actions: writing

    def action_note_mode(self) -> None:
        """Reply or note; beside a helper whisper, draft, reply, note."""
        self.panes.composer.next_mode()
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
        """Find words, filled for this customer."""
        commands = self._commands()
        self.ask_answers(lambda ready: ready.open_palette(commands))

    def action_commands(self) -> None:
        """What can be done here, by a few letters."""
        if isinstance(self.answering, Unread):
            self._list_commands()
        else:
            self.answering.open_palette(self._commands(), begin=">")

    @work(group="deed")
    async def _list_commands(self) -> None:
        from agent_tui.tui.dialogs.commands import CommandsDialog

        action = await self.app.push_screen_wait(CommandsDialog(self._commands()))
        if action:
            self.perform(action)

    def _commands(self) -> tuple[Command, ...]:
        left_out = {"commands", "palette", *(() if self._desk.team.me.role in LEADING else LEADS_ONLY)}
        rows = [a for a in at(self.place) if not a.numbered and a.id not in left_out]
        return tuple(Command(id=a.id, name=a.name, keys=self._keymap.shown(a), short=a.short) for a in rows)

    def action_why_answer(self) -> None:
        """Why these answers are recommended."""
        self.answering.toggle_why()

    def action_save_reply(self) -> None:
        """The half-written reply as a snippet."""
        self.answering.write_snippet()

    def action_save_case(self) -> None:
        """A solved ticket as a case."""
        self.answering.write_case(self.target)

    def action_help(self) -> None:
        """All keys, those that work here first."""
        from agent_tui.tui.dialogs.help import HelpDialog

        self.app.push_screen(HelpDialog(self._keymap, self.place))

    async def action_theme(self) -> None:
        """Dark, light, high contrast."""
        await self.run_action("app.next_theme")

    async def action_new_token(self) -> None:
        """Sign in anew."""
        await self.run_action("app.ask_token")

    def action_reconnect(self) -> None:
        """Do not wait for the next try."""
        self._desk.connection.try_now()

    async def action_quit(self) -> None:
        """Leave, when nothing is unsent."""
        await self.run_action("app.leave")
