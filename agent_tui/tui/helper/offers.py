"""What is offered for the customer at hand: the pack, a field to search it, the list of what answers."""

from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.message import Message as UiMessage
from textual.widgets import Input

from agent_tui.desk import Desk
from agent_tui.i18n import texts
from agent_tui.tui.helper.aside import Beside
from agent_tui.tui.helper.errands import Errands
from agent_tui.tui.helper.field import HelperField
from agent_tui.tui.helper.handbook import Handbook, in_force
from agent_tui.tui.helper.item_list import ItemList
from agent_tui.tui.helper.items import Advised, PackItem, found, offered
from agent_tui.tui.helper.key_hints import hints_at_work
from agent_tui.tui.helper.served import category_of, said_on, situation_on
from agent_tui.tui.helper.strips import KeyHint
from agent_tui.tui.helper.typed import Typed
from agent_tui.tui.widgets.pane import Pane
from agent_tui.tui.working import run_beside


class PackOffers(Pane):
    """Keeps the pack open that the lead has given, and advice to what has been said. `heard` is what the last
    advice was asked for."""

    class Renewed(UiMessage):
        """The pack was read anew, or other answers fit."""

    def __init__(self, desk: Desk, handbook: Handbook, typed: Typed, errands: Errands) -> None:
        super().__init__(id="helper-offers")
        self._desk = desk
        self._handbook = handbook
        self._typed = typed
        self._errands = errands
        self._ticket: str | None = None
        self._pack_asked: str | None = None
        self.advised = Advised()
        self.heard: object = None
        self.field = HelperField(texts().helper.search, id="helper-field")
        self.items = ItemList(id="helper-items")

    def compose(self) -> ComposeResult:
        """The field, and the list below it."""
        yield self.field
        yield self.items

    def on_mount(self) -> None:
        """Read the pack anew when its files change."""
        run_beside(self, partial(self._handbook.follow, self.open_pack), "follow-pack")

    def show(self, ticket: str | None) -> None:
        """Another customer, or nobody."""
        self._ticket = ticket
        self.clear()
        self.heard, self.advised = None, Advised()
        self.offer(first=True)

    # -- the pack

    def follow_lead(self) -> None:
        """Take up what the lead allows: own words or none, which pack."""
        me = self._desk.team.me
        told = self.field.allow(me.free_text) if me.id else ""
        if told:
            self._errands.say(told, trouble=True)
            self.offer(first=True)
        wanted = me.pack or ""
        if me.id and wanted != self._pack_asked:
            self._pack_asked = wanted
            self.open_pack()

    @work(group="pack", exclusive=True)
    async def open_pack(self) -> None:
        """Read the pack anew, and say what a newer version changed."""
        id = self._pack_asked or ""
        opened = await self._handbook.open(id, await in_force(self._desk, id))
        if opened.words:
            self._errands.say(opened.words, trouble=True)
        self._desk.tickets.use_pack(self._handbook.entries, self._handbook.cards)
        self.heard = None
        self.post_message(self.Renewed())
        self.offer(first=True)
        await self._handbook.prepare_advice()

    # -- advice

    def renew(self) -> None:
        """Ask for advice when something was said or the order stands differently."""
        heard = (said_on(self._desk, self._ticket), situation_on(self._desk, self._ticket))
        if self._ticket is not None and heard != self.heard:
            self.heard = heard
            self._advise(self._ticket)

    @work(group="recommend", exclusive=True)
    async def _advise(self, ticket: str) -> None:
        said = said_on(self._desk, ticket)
        is_answered = bool(said) and said[-1].side != "customer"
        advised = Advised(is_answered=True)
        if not is_answered:
            advised = await self._handbook.advise(situation_on(self._desk, ticket))
        if ticket == self._ticket:
            self.advised = advised
            self.offer(first=False)
            self.post_message(self.Renewed())

    def offer(self, *, first: bool) -> None:
        """List what fits the typed words, else what is advised; `first` puts the cursor on the best."""
        pack = self._handbook.pack
        if pack is None or self._ticket is None:
            self.items.show((), first=True)
        elif self.field.value.strip():
            self.items.show(found(pack, self.field.value, self.field.own), first=True)
        else:
            items = offered(pack, self.advised, category_of(self._desk, self._ticket))
            self.items.show(items, first=first or not self.items.has_moved)
        self._typed.under_cursor(self.items.chosen)

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.field.value

    def hints(self, said: Beside) -> list[KeyHint]:
        """What the keys do here, with what is `said` beside the chat."""
        return hints_at_work(said, self.typed, self.items.items, self.chosen)

    @property
    def chosen(self) -> PackItem | None:
        """The row under the cursor."""
        return self.items.chosen

    def move(self, by: int) -> None:
        """Up and down the list."""
        self.items.move(by)
        self._typed.under_cursor(self.items.chosen)

    def clear(self) -> None:
        """Empty the field."""
        self.field.value = ""

    def open_numbered(self, number: int) -> None:
        """Open the row with this digit; one that opens nothing says so."""
        item = self.items.numbered(str(number))
        if item is not None:
            self._open(item)
        elif self._ticket is not None:
            self._errands.say(texts().helper.no_digit.format(key=number))

    def open_chosen(self) -> None:
        """Open the row under the cursor."""
        if self.chosen is not None:
            self._open(self.chosen)

    def _open(self, item: PackItem) -> None:
        if self._ticket is not None:
            self._errands.open(self._ticket, item)

    def on_helper_field_key_given(self, event: HelperField.KeyGiven) -> None:
        """A character that is a key while nothing is typed."""
        self.screen.call_later(self.screen.run_action, event.call)

    def on_item_list_opened(self, event: ItemList.Opened) -> None:
        """A click on a row."""
        self._open(event.item)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter opens what the cursor is on."""
        self.open_chosen()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list narrows while words are typed."""
        self.offer(first=True)
