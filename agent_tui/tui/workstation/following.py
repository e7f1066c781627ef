"""The workstation follows the desk: what it takes up once there is a state, and what each change does."""

from functools import partial

from textual.screen import Screen

from agent_tui.desk import Change, Desk, Link, Topic
from agent_tui.domain.events import Event
from agent_tui.domain.views import View
from agent_tui.tui.working import run_beside
from agent_tui.tui.workstation.context import Context
from agent_tui.tui.workstation.hand import VIEW_SETTING
from agent_tui.tui.workstation.news import news_of


class Following:
    """Tells panes, chats, hand and knowledge what the desk says, in this order."""

    def __init__(self, desk: Desk, screen: Screen[None], context: Context) -> None:
        self._desk = desk
        self._screen = screen
        self._context = context
        self._begun = False

    def begin(self) -> None:
        """Take up what there is, and listen to the feed."""
        self._take_up()
        self._context.panes.tell()
        self._desk.feed.follow(self._heard)

    def _take_up(self) -> None:
        """Take up the last view and the open chats, once there is a state to show."""
        if self._begun or not self._desk.tickets.is_loaded:
            return
        self._begun = True
        panes, chats = self._context.panes, self._context.chats
        chats.restore()
        chats.follow(None)
        panes.list(View(self._desk.preferences.get(VIEW_SETTING, View.WAITING)), "")
        panes.tabs.say()

    def follow(self, change: Change) -> None:
        """Show what differs; a chat that is no longer mine leaves the tabs."""
        self._take_up()
        at = self._context
        if change.tickets or Topic.SNAPSHOT in change.topics:
            at.chats.follow(at.hand.ticket)
            at.hand.tell_colleagues()
        at.panes.refresh(change)
        at.knowledge.answers.refresh_from_desk(change)
        at.hand.leave_gone()
        if Topic.CONNECTION in change.topics and self._desk.connection.state.link is Link.AUTH_EXPIRED:
            run_beside(self._screen.app, partial(self._screen.app.run_action, "ask_token"))

    def _heard(self, event: Event | None) -> None:
        news = news_of(event, self._desk.team.me.role)
        if news:
            self._context.say(news)
