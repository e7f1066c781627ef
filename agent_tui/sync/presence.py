"""Presence: what I look at and write is told while it is news; who looks at the same comes with the feed.

Nothing here is kept, and nothing waits: telling the desk what one looks at costs a comparison, and an idle
desk that looks at nothing sends nothing.
"""

import asyncio
from collections.abc import Callable

from agent_tui.backends.base import Backend, BackendError, Unavailable
from agent_tui.backends.optional import PresenceChannel
from agent_tui.domain.models import Role
from agent_tui.domain.presence import AGAIN, EVERY, Presence, shortened
from agent_tui.sync.changes import Changes
from agent_tui.sync.connection import BackendConnection
from agent_tui.sync.replica import TicketReplica
from agent_tui.sync.shapes import Topic
from agent_tui.waiting import is_set_within

# After that long without a key, a half-written text is no longer being written.
WRITING_SECONDS = 60.0
AFTER_TROUBLE = 2.0


class Colleagues:
    """Presence of this person and of others: says what they look at, at most three times a
    second, and holds what is told of others."""

    def __init__(
        self,
        backend: Backend,
        replica: TicketReplica,
        line: BackendConnection,
        changes: Changes,
        clock: Callable[[], float],
    ) -> None:
        self._backend, self._replica, self._line, self._changes = backend, replica, line, changes
        self._clock = clock
        self._ticket: str | None = None
        self._draft = ""
        self._wrote_at = 0.0
        self._told: tuple[str | None, str, bool] | None = None
        self._news = asyncio.Event()
        self._here: dict[str, dict[str, Presence]] = {}
        line.when_alive(self._once_more)

    # -- what I do

    def look(self, ticket: str | None, draft: str = "") -> None:
        """From now on I look at `ticket`, with `draft` half-written there."""
        if ticket == self._ticket and draft == self._draft:
            return
        if draft != self._draft and ticket == self._ticket:
            self._wrote_at = self._clock()
        elif ticket != self._ticket:
            self._wrote_at = 0.0
        self._ticket, self._draft = ticket, draft
        self._news.set()

    def write(self, ticket: str, draft: str) -> None:
        """What stands in the composer of `ticket`; news only where I look."""
        if ticket == self._ticket:
            self.look(ticket, draft)

    def _once_more(self) -> None:
        """The line is back: nobody there remembers."""
        self._told = None
        self._news.set()

    @property
    def _channel(self) -> PresenceChannel | None:
        """Whom to tell; nobody while there is no line, or at a helpdesk that knows no presence."""
        return self._backend.capabilities.presence if self._line.is_online else None

    def _now(self) -> tuple[str | None, str, bool]:
        """What to say now; the words only where they are for a buddy to read."""
        if self._ticket is None:
            return None, "", False
        is_helper = self._replica.team.me.role is Role.HELPER
        is_fresh = self._clock() - self._wrote_at < WRITING_SECONDS
        return (
            self._ticket,
            shortened(self._draft) if is_helper else "",
            bool(self._draft.strip()) and is_fresh,
        )

    async def run(self) -> None:
        """Tell what is news, and while looking at something say it again now and then."""
        while True:
            await self._wait()
            channel = self._channel
            if channel is None:
                continue
            now = self._now()
            if now == self._told and now[0] is None:
                continue
            self._told = now
            try:
                await channel.look(now[0], now[1], writing=now[2])
            except Unavailable:
                # The feed is what says that a line is broken; until it does, this is only tried seldom.
                self._once_more()
                await asyncio.sleep(AFTER_TROUBLE)
            except BackendError:
                continue
            await asyncio.sleep(EVERY)

    async def _wait(self) -> None:
        """Until there is news; while somebody has to be reminded, not longer than until then."""
        is_looking = self._ticket is not None and self._channel is not None
        if await is_set_within(self._news, AGAIN if is_looking else None):
            self._news.clear()

    # -- what is told of others

    def heard(self, presence: Presence) -> None:
        """Take in what the feed says of a colleague."""
        people = self._here.setdefault(presence.ticket, {})
        if presence.gone:
            people.pop(presence.person.id, None)
        else:
            people[presence.person.id] = presence
        if not people:
            del self._here[presence.ticket]
        self._changes.topic(Topic.PRESENCE)

    def begin(self) -> None:
        """The feed begins (again): what is true is told anew."""
        if self._here:
            self._here = {}
            self._changes.topic(Topic.PRESENCE)

    def lookers(self, ticket: str) -> tuple[Presence, ...]:
        """Who looks at `ticket` besides me, by name; nobody while there is no line."""
        if not self._line.is_online:
            return ()
        return tuple(
            sorted(self._here.get(ticket, {}).values(), key=lambda one: (one.person.name, one.person.id))
        )

    def draft_of(self, ticket: str) -> Presence | None:
        """What a helper is writing at `ticket`, where this person may read it; null for nothing."""
        return next((one for one in self.lookers(ticket) if one.draft.strip()), None)

    def writers(self) -> frozenset[str]:
        """The ids of everyone who is known to be writing."""
        if not self._here or not self._line.is_online:
            return frozenset()
        return frozenset(id for people in self._here.values() for id, one in people.items() if one.writing)
