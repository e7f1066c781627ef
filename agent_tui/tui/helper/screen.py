"""The helper's screen: which customer is on it, and one short method a key."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input

from agent_tui.desk import Desk, Link, Topic
from agent_tui.drill.coach import Coach
from agent_tui.i18n import texts
from agent_tui.tui.helper.aside import Aside
from agent_tui.tui.helper.coached import Coached
from agent_tui.tui.helper.cover import GUARD_SECONDS
from agent_tui.tui.helper.covers import Covers
from agent_tui.tui.helper.customer import CustomerPane
from agent_tui.tui.helper.errands import Errands
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.key_hints import SPARE_AT_WORK, hints_at_rest
from agent_tui.tui.helper.leaving import Leaving
from agent_tui.tui.helper.offers import PackOffers
from agent_tui.tui.helper.rest import rest_words
from agent_tui.tui.helper.strips import HeadLine, KeysLine
from agent_tui.tui.helper.turn import next_customer
from agent_tui.tui.helper.typed import Typed
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import bind
from agent_tui.tui.messages import DeskChanged
from agent_tui.tui.widgets.notice import Notice
from agent_tui.tui.working import run_beside

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
        guard: float = GUARD_SECONDS,
    ) -> None:
        super().__init__(id="helper", classes="-resting")
        self._desk = desk
        self._typed = Typed(desk)
        self._finished, self.is_practice = False, coach is not None
        self.covers = Covers(self, self._typed, self.action_ask)
        self.errands = Errands(desk, handbook, self, self.covers, guard)
        self._leaving = Leaving(desk, self, self.covers)
        self.head = HeadLine(desk, handbook, id="helper-head")
        self.customer = CustomerPane(desk, clock, self.errands)
        self.offers = PackOffers(desk, handbook, self._typed, self.errands)
        self.rest = Notice(id="helper-rest")
        self.keys = KeysLine(id="helper-keys", spare=SPARE_AT_WORK)
        self.too_small = Notice(id="helper-too-small")
        self._coached = Coached(coach, self, self.head, guard)

    @property
    def ticket(self) -> str | None:
        """Who is on the screen."""
        return self.customer.ticket

    def _post_register(self, app: App[object]) -> None:
        super()._post_register(app)
        bind(self, app, (Place.HELPER,))

    def compose(self) -> ComposeResult:
        """Head, the customer, what can be answered, keys."""
        yield self.head
        with Vertical(id="helper-work"):
            yield self.customer
            yield self.offers
        yield self.rest
        yield self.keys
        yield self.too_small

    def on_mount(self) -> None:
        """Take up whoever is here."""
        self._reread_all()
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
        topics, link = event.change.topics, self._desk.connection.state.link
        if Topic.CONNECTION in topics and link is Link.AUTH_EXPIRED and not self._finished:
            run_beside(self.app, partial(self.app.run_action, "ask_token"))
        if Topic.PACKS in topics:
            self.offers.open_pack()
        self.customer.chat.refresh_from_desk(event.change)
        self._reread_all()

    def on_pack_offers_renewed(self, event: PackOffers.Renewed) -> None:
        """Other answers fit: what the customer wants is what is advised."""
        self._reread_all()

    def tick(self) -> None:
        """A second has passed."""
        self._coached.tick()
        self.customer.tell_aside()

    def _reread_all(self) -> None:
        self.offers.follow_lead()
        self._take(next_customer(self._desk, self.ticket))
        self.customer.tell(self.offers.advised)
        self.customer.tell_aside()
        self.offers.renew()
        self.errands.reread(self.ticket)
        self._tell_rest()
        self._coached.follow()

    def _take(self, ticket: str | None) -> None:
        if ticket == self.ticket:
            return
        if self.ticket is not None:
            self.errands.left(self.ticket)
        self.head.ticket = ticket
        self._typed.at(ticket)
        self.customer.show(ticket)
        self.offers.show(ticket)
        self.set_class(ticket is None, "-resting")
        self.set_focus(None if ticket is None else self.offers.field)
        if ticket is not None:
            self.app.bell()

    def _tell_rest(self) -> None:
        is_resting = self.ticket is None
        resting = rest_words(self._desk, self._finished, self._coached.rest())
        self.rest.tell(resting if is_resting else None)
        if is_resting:
            self.keys.tell(hints_at_rest(self._desk.team.me.availability))
        else:
            self.keys.tell(self.offers.hints(self.customer.said))

    # -- keys

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other keys while words are typed."""
        self._tell_rest()

    def on_aside_draft_pressed(self, event: Aside.DraftPressed) -> None:
        """A click on the draft."""
        self.action_draft()

    def action_move(self, by: int) -> None:
        """Up and down the list."""
        self.offers.move(by)

    def action_answer(self, number: int) -> None:
        """A recommended answer by its number."""
        self.offers.open_numbered(number)

    def action_procedure(self, number: int) -> None:
        """A fitting procedure by its number, which goes on after the answers'."""
        self.offers.open_numbered(number + 3)

    def action_open(self) -> None:
        """Open the row under the cursor; at rest, come back from a break."""
        if self.ticket is None:
            self._leaving.come_back()
        else:
            self.offers.open_chosen()

    def action_cards(self) -> None:
        """The emergency cards."""
        if self.ticket is not None:
            self.errands.cards(self.ticket)

    def action_take_leave(self) -> None:
        """A break, or the end of the shift."""
        self._leaving.ask(self.ticket)

    def action_hand_over(self) -> None:
        """Pass the customer on."""
        if self.ticket is not None:
            self.errands.hand_over(self.ticket)

    def action_ask(self) -> None:
        """Call the buddy; words in the search field go along as the question."""
        if self.ticket is not None:
            self.errands.ask(self.ticket, self.offers.typed.strip())
            self.offers.clear()

    def action_draft(self) -> None:
        """See the buddy's draft as it would go out; without one, what becomes of who has been answered."""
        if self.ticket is not None:
            self.errands.beside(self.ticket, self.customer.said)

    def action_read(self, by: int) -> None:
        """Older or newer messages."""
        self.customer.read(by)

    def action_clear(self) -> None:
        """Esc empties the search."""
        self.offers.clear()

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

    def sent(self) -> None:
        """What was typed for a reply has served."""
        self.offers.clear()

    def finish(self) -> None:
        """The shift is over: say so, and keep quiet about the token that ends with it."""
        self._finished = True
        self._tell_rest()
