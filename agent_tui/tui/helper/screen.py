"""The helper's screen: which customer is on it, what is offered for them, and one short method a key."""

from collections.abc import Callable
from pathlib import Path

from textual import work
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, Static

from agent_tui.desk import BackendError, Desk, Link, Topic
from agent_tui.drill.coach import Coach
from agent_tui.i18n import texts
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.helper.alarm import Alarm
from agent_tui.tui.helper.aside import Aside, beside
from agent_tui.tui.helper.coached import Coached
from agent_tui.tui.helper.covers import Covers
from agent_tui.tui.helper.errands import Errands
from agent_tui.tui.helper.field import HelperField
from agent_tui.tui.helper.handbook import Handbook, in_force
from agent_tui.tui.helper.item_list import ItemList
from agent_tui.tui.helper.items import OWN, PROCEDURE, Advised, PackItem, found, offered
from agent_tui.tui.helper.key_hints import hints_at_rest, hints_at_work
from agent_tui.tui.helper.prose import Rule
from agent_tui.tui.helper.rest import rest_words
from agent_tui.tui.helper.served import category_of, order_of, shown_of
from agent_tui.tui.helper.strips import HeadLine, KeysLine
from agent_tui.tui.helper.turn import next_customer
from agent_tui.tui.helper.typed import Typed
from agent_tui.tui.helper.wish import told_of
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import bind, keymap_of
from agent_tui.tui.messages import DeskChanged, PartPressed
from agent_tui.tui.palette.answering import said_in
from agent_tui.tui.widgets.notice import Notice
from agent_tui.tui.widgets.pane import PaneRow
from agent_tui.tui.wording import failure

SMALLEST = (60, 20)
TALL = 34


class HelperScreen(Screen[None], inherit_bindings=False):
    """One customer at a time. `coach` leads a drill instead of a server; `guard` is how many seconds a page
    that has just come up takes no Enter."""

    CSS_PATH = Path(__file__).with_name("helper.tcss")
    AUTO_FOCUS = None

    def __init__(
        self,
        desk: Desk,
        handbook: Handbook,
        clock: Callable[[], float],
        *,
        coach: Coach | None = None,
        guard: float = 0.35,
    ) -> None:
        super().__init__(id="helper", classes="-resting")
        self._desk = desk
        self._clock = clock
        self.handbook = handbook
        self._typed = Typed(desk)
        self.covers = Covers(self, self._typed, self.action_ask)
        self.errands = Errands(desk, handbook, self, self.covers, guard)
        self._alarm = Alarm(handbook)
        self._advised = Advised()
        self._heard: object = None
        self._pack_asked: str | None = None
        self._finished = False
        self._reads_older = False
        self.ticket: str | None = None
        self.head = HeadLine(desk, handbook, id="helper-head")
        self._coached = Coached(coach, self, self.head, guard) if coach is not None else None
        self.wish = Static("", id="helper-wish", markup=False)
        self.facts = Static("", id="helper-facts", markup=False)
        self.chat = ConversationView(desk, clock, id="helper-chat")
        self.chat.can_focus = False  # the digits are not its own here
        self.aside = Aside(id="helper-aside")
        self.field = HelperField(texts().helper.search, id="helper-field")
        self.items = ItemList(id="helper-items")
        self.rest = Notice(id="helper-rest")
        self.keys = KeysLine(id="helper-keys")
        self.too_small = Notice(id="helper-too-small")

    def _post_register(self, app: App[object]) -> None:
        super()._post_register(app)
        bind(self, app, (Place.HELPER,))

    def compose(self) -> ComposeResult:
        """Head, the customer, the chat, what can be answered, keys."""
        yield self.head
        with Vertical(id="helper-work"):
            yield self.wish
            yield self.facts
            yield Rule()
            with PaneRow(id="helper-talk"):
                yield self.chat
                yield self.aside
            yield Rule()
            yield self.field
            yield self.items
        yield self.rest
        yield self.keys
        yield self.too_small

    def on_mount(self) -> None:
        """Take up whoever is here."""
        self.run_worker(self.handbook.follow(self.open_pack), group="follow-pack")
        self._reread_all()
        if self._coached is not None:
            self._coached.start()

    def on_resize(self, event: Resize) -> None:
        """Taller windows show more to choose from."""
        tiny = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        self.set_class(tiny, "-tiny")
        self.set_class(event.size.height >= TALL, "-tall")
        self.too_small.tell((texts().helper.too_small, "") if tiny else None)

    # -- what changed

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Show what differs; a pack or a customer that changed is taken up."""
        change = event.change
        if Topic.CONNECTION in change.topics and self._desk.connection.state.link is Link.AUTH_EXPIRED:
            self._expired()
        if Topic.PACKS in change.topics:
            self.open_pack()
        self.chat.refresh_from_desk(change)
        self._reread_all()

    def _expired(self) -> None:
        if not self._finished:
            self.app.run_worker(self.app.run_action("ask_token"))

    def tick(self) -> None:
        """A second has passed."""
        if self._coached is not None:
            self._coached.tick()
        self._tell_aside()
        self.head.say()

    def _reread_all(self) -> None:
        told = self.field.allow(self._desk.team.me.free_text) if self._desk.team.me.id else ""
        if told:
            self.errands.say(told, trouble=True)
            self._list(first=True)
        self._follow_pack()
        self._take(next_customer(self._desk, self.ticket))
        self._tell_customer()
        self._tell_aside()
        self._renew()
        self._alert()
        self.errands.reread(self.ticket)
        self._tell_rest()
        if self._coached is not None:
            self._coached.follow()

    def _take(self, ticket: str | None) -> None:
        if ticket == self.ticket:
            return
        before, self.ticket = self.ticket, ticket
        self.head.ticket = ticket
        self._typed.at(ticket)
        self.field.value = ""
        self._heard, self._advised, self._reads_older = None, Advised(), False
        self.chat.show(ticket)
        self.set_class(ticket is None, "-resting")
        self.set_focus(None if ticket is None else self.field)
        if before is not None:
            self.errands.left(before)
            self._desk.conversations.close(before)
        if ticket is not None:
            self._open(ticket)
            self.app.bell()
        self._list(first=True)

    @work(group="open")
    async def _open(self, ticket: str) -> None:
        try:
            await self._desk.conversations.open(ticket)
        except BackendError as error:
            if not self._desk.conversations.get(ticket).loaded and ticket == self.ticket:
                self.errands.say(failure(error), trouble=True)

    def _tell_customer(self) -> None:
        ticket = self._desk.tickets.get(self.ticket) if self.ticket else None
        if ticket is not None:
            wish, facts = told_of(ticket, self._desk.tickets.detail(ticket.id), self._talk())
            self.wish.update(wish)
            self.facts.update(facts)

    def _talk(self) -> tuple[Said, ...]:
        return said_in(shown_of(self._desk, self.ticket))

    def _tell_aside(self) -> None:
        ticket = self._desk.tickets.get(self.ticket) if self.ticket else None
        self.aside.show(beside(ticket, shown_of(self._desk, self.ticket), self.errands.taken, self._clock()))
        self.head.say()
        if not self._reads_older:
            self.call_after_refresh(self.chat.scroll_end, animate=False)

    def _tell_rest(self) -> None:
        self.rest.tell(rest_words(self._desk, self._finished) if self.ticket is None else None)
        if self.ticket is None:
            self.keys.tell(hints_at_rest(self._desk.team.me.availability))
        else:
            self.keys.tell(hints_at_work(self.aside.said, self.field.value, self.items.chosen))

    # -- the pack

    def _follow_pack(self) -> None:
        wanted = self._desk.team.me.pack or ""
        if self._desk.team.me.id and wanted != self._pack_asked:
            self._pack_asked = wanted
            self.open_pack()

    @work(group="pack", exclusive=True)
    async def open_pack(self) -> None:
        """Read the pack anew, and say what a newer version changed."""
        id = self._pack_asked or ""
        opened = await self.handbook.open(id, await in_force(self._desk, id))
        if opened.words:
            self.errands.say(opened.words, trouble=True)
        self._desk.tickets.use_pack(self.handbook.entries, self.handbook.cards)
        self._heard = None
        self._reread_all()
        self._list(first=True)

    # -- what is offered

    def _renew(self) -> None:
        heard = (self._talk(), order_of(self._desk, self.ticket))
        if self.ticket is not None and heard != self._heard:
            self._heard = heard
            self._advise()

    @work(group="recommend", exclusive=True)
    async def _advise(self) -> None:
        ticket = self.ticket
        advised = await self.handbook.advise(
            self._talk(),
            category_of(self._desk, self.ticket),
            order_of(self._desk, self.ticket),
        )
        if ticket == self.ticket:
            self._advised = advised
            self._list(first=False)

    def _list(self, *, first: bool) -> None:
        pack = self.handbook.pack
        if pack is None or self.ticket is None:
            self.items.show((), first=True)
        elif self.field.value.strip():
            self.items.show(found(pack, self.field.value, self.field.own), first=True)
        else:
            items = offered(pack, self._advised, category_of(self._desk, self.ticket))
            self.items.show(items, first=first or not self.items.has_moved)
        self._typed.under_cursor(self.items.chosen)

    def _alert(self) -> None:
        card = self._alarm.look(self.ticket, shown_of(self._desk, self.ticket), self._desk.team.floor.level)
        if card is not None:
            self.errands.card(self.ticket, card.card, tells=card.by_words)

    # -- keys

    def on_helper_field_key_given(self, event: HelperField.KeyGiven) -> None:
        """A character that is a key while nothing is typed."""
        self.call_later(self.run_action, event.call)

    def action_move(self, by: int) -> None:
        """Up and down the list."""
        self.items.move(by)
        self._typed.under_cursor(self.items.chosen)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list narrows while words are typed."""
        self._list(first=True)
        self._tell_rest()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter opens what the cursor is on."""
        self.action_open()

    def on_item_list_opened(self, event: ItemList.Opened) -> None:
        """A click on a row."""
        self._open_item(event.item)

    def on_aside_draft_pressed(self, event: Aside.DraftPressed) -> None:
        """A click on the draft."""
        self.action_draft()

    def on_part_pressed(self, event: PartPressed) -> None:
        """A click on the last line: a span of digits means its first."""
        row = keymap_of(self.app).row(event.name)
        self.call_later(self.run_action, row.call(1 if row.numbered else None))

    def action_answer(self, number: int) -> None:
        """A recommended answer by its number."""
        self._open_numbered(str(number))

    def action_procedure(self, number: int) -> None:
        """A fitting procedure by its number, which goes on after the answers'."""
        self._open_numbered(str(number + 3))

    def _open_numbered(self, digit: str) -> None:
        item = self.items.numbered(digit)
        if self.ticket is None:
            return
        if item is not None:
            self._open_item(item)
        else:
            self.errands.say(texts().helper.no_digit.format(key=digit))

    def action_cards(self) -> None:
        """The emergency cards."""
        if self.ticket is not None:
            self.errands.cards(self.ticket)

    def action_take_leave(self) -> None:
        """A break, or the end of the shift."""
        self.errands.leave(self.ticket)

    def action_hand_over(self) -> None:
        """Pass the customer on."""
        if self.ticket is not None:
            self.errands.hand_over(self.ticket)

    def action_open(self) -> None:
        """Open the row under the cursor; at rest, come back from a break."""
        if self.ticket is None:
            self.errands.come_back()
        elif self.items.chosen is not None:
            self._open_item(self.items.chosen)

    def _open_item(self, item: PackItem) -> None:
        if self.ticket is None:
            return
        if item.kind == PROCEDURE:
            self.errands.procedure(self.ticket, item.id)
        elif item.kind == OWN:
            self.errands.own(self.ticket, item.title)
        else:
            self.errands.answer(self.ticket, item.id)

    def action_ask(self) -> None:
        """Call the buddy; words in the search field go along as the question."""
        if self.ticket is not None:
            self.errands.ask(self.ticket, self.field.value.strip())
            self.field.value = ""

    def action_draft(self) -> None:
        """See the buddy's draft as it would go out; without one, what becomes of who has been answered."""
        said = self.aside.said
        if self.ticket is not None and said.draft is not None:
            self.errands.draft(self.ticket, said.draft)
        elif self.ticket is not None and said.answered:
            self.errands.after(self.ticket, said.answered)

    def action_read_older(self) -> None:
        """Older messages."""
        self.chat.page_up()
        self._reads_older = not self.chat.is_at_end

    def action_read_newer(self) -> None:
        """Newer messages."""
        self.chat.page_down()
        self._reads_older = not self.chat.is_at_end

    def action_clear(self) -> None:
        """Esc empties the search."""
        self.field.value = ""

    def action_help(self) -> None:
        """What the keys do."""
        self.errands.help()

    # -- what errands need

    def say(self, words: str, *, trouble: bool = False) -> None:
        """A short word in the corner; one that reports trouble stays longer."""
        seconds = 6 if trouble else 2.5
        self.notify(words, severity="warning" if trouble else "information", timeout=seconds, markup=False)
        # While nobody is served nothing else is laid out anew, and what the words covered would stay covered.
        self.set_timer(seconds + 0.5, lambda: self.refresh(layout=True))

    def finish(self) -> None:
        """The shift is over: say so, and keep quiet about the token that ends with it."""
        self._finished = True
        self._tell_rest()
