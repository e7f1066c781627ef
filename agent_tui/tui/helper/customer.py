"""The customer at hand: what they want, their order, the conversation, what the buddy has to do with it."""

from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from agent_tui.desk import BackendError, Desk
from agent_tui.i18n import language, texts
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.helper.aside import Aside, Beside, beside
from agent_tui.tui.helper.errands import Errands
from agent_tui.tui.helper.items import Advised
from agent_tui.tui.helper.prose import Rule
from agent_tui.tui.helper.served import said_on, shown_of
from agent_tui.tui.helper.wish import wish_of
from agent_tui.tui.widgets.order_words import elsewhere_on, facts_of
from agent_tui.tui.widgets.pane import Pane, PaneRow
from agent_tui.tui.wording import failure


class CustomerPane(Pane):
    """Shows one customer and their conversation, from its end unless somebody reads what is older."""

    def __init__(self, desk: Desk, clock: Callable[[], float], errands: Errands) -> None:
        super().__init__(id="helper-customer")
        self._desk = desk
        self._clock = clock
        self._errands = errands
        self._reads_older = False
        self.ticket: str | None = None
        self.wish = Static("", id="helper-wish", markup=False)
        self.facts = Static("", id="helper-facts", markup=False)
        self.chat = ConversationView(desk, clock, id="helper-chat")
        self.chat.can_focus = False  # the digits are not its own here
        self.aside = Aside(id="helper-aside")

    @property
    def said(self) -> Beside:
        """What is beside the chat."""
        return self.aside.said

    def compose(self) -> ComposeResult:
        """Two lines about them, the chat, what is beside it."""
        yield self.wish
        yield self.facts
        yield Rule()
        with PaneRow(id="helper-talk"):
            yield self.chat
            yield self.aside
        yield Rule()

    def show(self, ticket: str | None) -> None:
        """Another customer, or nobody."""
        before, self.ticket = self.ticket, ticket
        self._reads_older = False
        self.chat.show(ticket)
        if before is not None:
            self._desk.conversations.close(before)
        if ticket is not None:
            self._open(ticket)

    @work(group="open")
    async def _open(self, ticket: str) -> None:
        try:
            await self._desk.conversations.open(ticket)
        except BackendError as error:
            if not self._desk.conversations.get(ticket).loaded and ticket == self.ticket:
                self._errands.say(failure(error), trouble=True)

    def tell(self, advised: Advised) -> None:
        """Say anew what they want, as it is advised, and how their order stands."""
        ticket = self._desk.tickets.get(self.ticket) if self.ticket else None
        if ticket is not None:
            wish = wish_of(advised, ticket.category.value, said_on(self._desk, self.ticket))
            facts = facts_of(ticket, self._desk.tickets.detail(ticket.id), language(), self._desk.clock())
            self.wish.update(f"{texts().helper.wants}{wish}")
            elsewhere = elsewhere_on(self._desk, ticket.id)
            self.facts.update(" · ".join(filter(None, [ticket.customer.name, elsewhere, *facts])))

    def tell_aside(self) -> None:
        """Say anew what the buddy has to do with it."""
        ticket = self._desk.tickets.get(self.ticket) if self.ticket else None
        shown = shown_of(self._desk, self.ticket)
        self.aside.show(beside(ticket, shown, self._errands.taken, self._clock()))
        if not self._reads_older:
            self.call_after_refresh(self.chat.scroll_end, animate=False)

    def read(self, by: int) -> None:
        """A page of older messages, or of newer ones."""
        if by < 0:
            self.chat.page_up()
        else:
            self.chat.page_down()
        self._reads_older = not self.chat.is_at_end
