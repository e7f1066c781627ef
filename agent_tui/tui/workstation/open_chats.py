"""The chats a person has at hand: their order on the tab line, and which of them needs an answer next."""

from collections.abc import Callable

from agent_tui.desk import Desk
from agent_tui.domain.models import Status
from agent_tui.domain.views import View

SETTING = "open-chats"
_AT_HAND = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})


class OpenChats:
    """Ticket ids in the order they were opened; remembered on this machine as a view setting."""

    def __init__(self, desk: Desk, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._clock = clock
        self.ids: list[str] = []
        self._mine: frozenset[str] | None = None
        self._passed: dict[str, int] = {}

    def restore(self) -> None:
        """Take up what was open when the desk was left, as far as it is still here."""
        kept = self._desk.preferences.get(SETTING, "").split()
        self.ids = [id for id in kept if self._is_at_hand(id)]

    def add(self, ticket: str) -> None:
        """Have `ticket` at hand."""
        if ticket not in self.ids:
            self.ids.append(ticket)
            self._keep()

    def remove(self, ticket: str) -> None:
        """Put `ticket` away."""
        if ticket in self.ids:
            self.ids.remove(ticket)
            self._keep()

    def follow(self, shown: str | None) -> bool:
        """Take in what has become mine and let go of what is settled or another's; True when they changed.

        The ticket on the screen stays, whatever became of it.
        """
        mine = frozenset(self._desk.queue.ids(View.MINE))
        new = [] if self._mine is None and self.ids else sorted(mine - (self._mine or frozenset()))
        kept = [id for id in self.ids if id == shown or self._stays(id)]
        after = kept + [id for id in new if id not in kept and not self._sleeps(id)]
        self._mine = mine
        if after == self.ids:
            return False
        self.ids = after
        self._keep()
        return True

    def next_that_needs_me(self, shown: str | None) -> str | None:
        """The most urgent of my chats that waits for an answer; where none does, whose promise is missed.

        Never the one on the screen. One that was passed over comes again when all have been, or its customer
        writes.
        """
        if shown is not None:
            self._passed[shown] = self._unread(shown)
        mine = [id for id in self._desk.queue.ids(View.MINE) if id != shown]
        wanted = [id for id in mine if self._waits(id)] or [id for id in mine if self._is_late(id)]
        fresh = [id for id in wanted if self._passed.get(id, -1) < self._unread(id)]
        if wanted and not fresh:
            self._passed = {}
        return next(iter(fresh or wanted), None)

    def _unread(self, id: str) -> int:
        row = self._desk.queue.row(id)
        return row.unread if row is not None else 0

    def needs_me(self, ticket: str | None) -> bool:
        """Whether `ticket` is mine and waits for an answer, or its promise is missed."""
        is_mine = ticket is not None and ticket in self._desk.queue.ids(View.MINE)
        return ticket is not None and is_mine and (self._waits(ticket) or self._is_late(ticket))

    def _waits(self, id: str) -> bool:
        row = self._desk.queue.row(id)
        return row is not None and row.unread > 0 and row.snoozed_until <= self._clock()

    def _is_late(self, id: str) -> bool:
        row, now = self._desk.queue.row(id), self._clock()
        return row is not None and row.snoozed_until <= now and 0 < row.promise_due < now

    def _sleeps(self, id: str) -> bool:
        row = self._desk.queue.row(id)
        return row is None or row.snoozed_until > self._clock()

    def _is_at_hand(self, id: str) -> bool:
        row = self._desk.queue.row(id)
        return row is not None and row.status in _AT_HAND

    def _stays(self, id: str) -> bool:
        row = self._desk.queue.row(id)
        if row is None or row.status not in _AT_HAND:
            return False
        return not row.assignee_id or row.assignee_id == self._desk.team.me.id

    def _keep(self) -> None:
        self._desk.preferences.set(SETTING, " ".join(self.ids))
