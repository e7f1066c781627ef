"""Presence in a helpdesk in memory: who looks at which ticket, by the time of the event loop."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from agent_tui.domain.models import Role, Seat, Ticket
from agent_tui.domain.presence import Around, Key, Lookers, Onlooker, Presence, Told, Word, shortened


class WorldPresence:
    """Who looks at what in a World, by the time of the event loop."""

    def __init__(self) -> None:
        self._lookers = Lookers()
        self._expiry: asyncio.TimerHandle | None = None
        self.on_news: list[Callable[[], None]] = []

    def look(
        self, device: str, seat: Seat, ticket: Ticket | None, around: Around, draft: str, writes: bool
    ) -> None:
        """Take in what a line's person looks at and writes."""
        is_helper = seat.role is Role.HELPER
        word = Word(
            device=device,
            person=named(seat),
            at=datetime.now(UTC),
            ticket=ticket.id if ticket else None,
            draft=shortened(draft) if is_helper else "",
            writing=writes or bool(draft.strip()),
            around=around,
        )
        self._plan(self._lookers.hear(word, self._clock()))

    def leave(self, device: str) -> None:
        """A line's feed has ended."""
        self._plan(self._lookers.leave(device, self._clock()))

    def news(self, seat: Seat, told: Told) -> list[Presence]:
        """What differs for `seat` from what a feed has `told`."""
        return told.news(self._lookers.seen_by(named(seat)), datetime.now(UTC))

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()

    def _plan(self, keys: dict[Key, float]) -> None:
        for key, wait in keys.items():
            if wait <= 0:
                self._show(key)
            else:
                asyncio.get_running_loop().call_later(wait, self._show, key)
        due = self._lookers.next_expiry() if self._expiry is None else None
        if due is not None:
            wait = max(0.5, due - self._clock())
            self._expiry = asyncio.get_running_loop().call_later(wait, self._expire)

    def _show(self, key: Key) -> None:
        self._lookers.show(key, self._clock())
        for tell in tuple(self.on_news):
            tell()

    def _expire(self) -> None:
        self._expiry = None
        self._plan(self._lookers.expire(self._clock()))


def named(seat: Seat) -> Onlooker:
    """A seat as presence names it."""
    return Onlooker(id=seat.id, name=seat.name, role=seat.role)
