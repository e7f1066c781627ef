"""Who is connected to a helpdesk in memory: an open feed, or a request not long ago (session timeout)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from agent_tui.backends.memory.state import WorldState
from agent_tui.domain.events import SeatChanged


class WorldAttendance:
    """Knows when each person was last heard of; a seat that nobody ever sat at stays as it was put."""

    def __init__(self, state: WorldState) -> None:
        self._state = state
        self._seen: dict[str, datetime] = {}
        self._feeds: Counter[str] = Counter()

    def touch(self, person: str) -> bool:
        """Somebody asks something; whether they were away. Everyone is told that they are back."""
        self._seen[person] = self._state.now
        seat = self._state.seats[person]
        if not seat.connected:
            self._state.commit((SeatChanged(seat=replace(seat, connected=True)),))
        return not seat.connected

    def opened(self, person: str) -> None:
        """Somebody follows the feed."""
        self._feeds[person] += 1

    def closed(self, person: str) -> None:
        """One of their feeds has ended."""
        self._feeds[person] -= 1
        self._seen[person] = self._state.now

    def losses(self) -> Iterator[tuple[str, datetime]]:
        """Everyone who is away but still counts as connected, and until when."""
        kept = timedelta(seconds=self._state.policy.limits.seat_kept)
        for person, seen in self._seen.items():
            if self._state.seats[person].connected and not self._feeds[person]:
                yield person, seen + kept
