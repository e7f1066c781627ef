"""The panes of the workstation: every widget made once, told together what to show and what changed."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input

from agent_tui.desk import Change, Desk, Topic
from agent_tui.domain.views import View
from agent_tui.i18n import texts
from agent_tui.settings import Settings
from agent_tui.tui.composer.widget import Composer
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.queue.widget import Queue
from agent_tui.tui.widgets.buddy_strip import BuddyStrip
from agent_tui.tui.widgets.context import ContextPane
from agent_tui.tui.widgets.key_line import KeyLine
from agent_tui.tui.widgets.live_draft import LiveDraft
from agent_tui.tui.widgets.notice import Notice, of_connection, of_list
from agent_tui.tui.widgets.order_line import OrderLine
from agent_tui.tui.widgets.pane import Pane, PaneRow
from agent_tui.tui.widgets.recommend import RecommendPane, RecommendRows
from agent_tui.tui.widgets.status_line import StatusLine
from agent_tui.tui.widgets.tabs import Tabs
from agent_tui.tui.widgets.title import Title
from agent_tui.tui.widgets.views import Views
from agent_tui.tui.workstation.open_chats import OpenChats

_LINES = frozenset({Topic.CONNECTION, Topic.OUTBOX, Topic.FLOOR, Topic.SEATS, Topic.SNAPSHOT})
_COMPANY = frozenset({Topic.PRESENCE, Topic.CONNECTION})


class Panes:
    """Knows its widgets and how they lie; decides nothing."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        keymap: Keymap,
        chats: OpenChats,
        clock: Callable[[], float],
        hand: Callable[[], float],
    ) -> None:
        self._desk = desk
        self.status = StatusLine(desk, clock, id="status")
        key = keymap.first(keymap.row("next-helper"), Place.COMPOSER)
        self.buddy = BuddyStrip(desk, clock, key, id="buddy")
        self.views = Views(desk, id="views")
        self.filter = Input(placeholder=texts().queue.filter, compact=True, id="filter")
        self.queue = Queue(desk, clock, hand, id="queue")
        self.notice = Notice(id="notice")
        self.title = Title(desk, clock, id="title")
        self.chat = ConversationView(desk, clock, id="chat")
        self.order = OrderLine(desk, clock, id="order")
        self.live = LiveDraft(desk, self.chat, id="live")
        self.context = ContextPane(desk, clock, id="context")
        self.recommend = RecommendPane(id="recommend")
        self.recommend_rows = RecommendRows(id="recommend-rows")
        self.composer = Composer(desk, self.chat, clock, keymap, id="composer")
        self.tabs = Tabs(desk, chats, clock, id="tabs")
        self.keys = KeyLine(keymap, id="keys")
        self.too_small = Notice(id="too-small")

    def compose(self) -> ComposeResult:
        """Status, the three panes, composer, open chats, keys."""
        yield self.status
        yield self.buddy
        with PaneRow(id="panes"):
            yield Pane(self.views, self.filter, self.queue, self.notice, id="left")
            yield Pane(self.title, self.chat, self.live, self.order, id="middle", classes="-lined")
            yield Pane(self.context, self.recommend, id="right", classes="-lined")
        yield self.recommend_rows
        yield self.composer
        yield self.tabs
        yield self.keys
        yield self.too_small

    def place_of(self, focused: Widget | None) -> Place:
        """Where the hand is."""
        places: dict[Widget | None, Place] = {
            self.filter: Place.FILTER,
            self.chat: Place.CHAT,
            self.composer.field: Place.COMPOSER,
            self.context: Place.CONTEXT,
        }
        return places.get(focused, Place.QUEUE)

    def show(self, ticket: str | None, *, by_itself: bool) -> None:
        """Another ticket in all panes but the queue."""
        self.title.show(ticket)
        self.order.show(ticket)
        self.chat.show(ticket)
        self.live.show(ticket)
        self.composer.show(ticket, by_itself=by_itself)
        self.context.show(ticket)
        self.tabs.choose(ticket)

    def list(self, view: View, words: str) -> None:
        """Another view in the queue, or a filter over it."""
        self.views.choose(view)
        self.queue.show(view, words)
        self.tell()

    def narrow(self, words: str = "") -> None:
        """The hand to the filter, `words` behind those that are there."""
        self.filter.add_class("-shown")
        self.filter.focus()
        if words:
            self.filter.value = f"{self.filter.value}{words}"
            self.filter.cursor_position = len(self.filter.value)

    def refresh(self, change: Change) -> None:
        """What `change` names may look different."""
        if change.topics & _LINES or change.tickets:
            self.status.say()
            self.buddy.refresh_from_desk(change)
        if change.tickets or Topic.SNAPSHOT in change.topics:
            self.views.say()
            self.queue.refresh_from_desk(change)
            self.title.say()
            self.order.say()
            self.tabs.say()
        elif change.topics & _COMPANY:
            self.title.say()
            self.buddy.refresh_from_desk(change)
        self.chat.refresh_from_desk(change)
        self.live.refresh_from_desk(change)
        self.composer.refresh_from_desk(change)
        self.context.refresh_from_desk(change)
        self.tell()

    def tick(self) -> None:
        """A second has passed."""
        self.queue.tick()
        self.title.say()
        self.order.say()
        self.context.tick()
        self.status.say()
        self.buddy.tick()
        self.views.say()
        self.tabs.say()

    def tell(self) -> None:
        """In place of an empty list: why it is empty, and what to do next."""
        said = of_connection(self._desk)
        if said is None and not self.queue.ids:
            said = of_list(self.queue.view, self.queue.words)
        self.notice.tell(said)
        # The list keeps the focus and its keys while a notice stands in its place.
        self.queue.set_class(said is not None, "-empty")
