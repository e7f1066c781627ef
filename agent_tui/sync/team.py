"""Who works here and in which phase: seats, one's own seat and the floor, as confirmed and as seen."""

from collections.abc import Iterable

from agent_tui.domain.models import Availability, Floor, Role, Seat
from agent_tui.sync.changes import Changes
from agent_tui.sync.shapes import Topic

NOBODY = Seat(id="", name="", role=Role.AGENT, availability=Availability.OFFLINE, connected=False)


class Team:
    """`base_me` and `base_floor` are confirmed; `me` and `floor` have the outbox's effects.

    `me` has an empty id before the backend ever answered.
    """

    def __init__(self, changes: Changes) -> None:
        self.me, self.floor = NOBODY, Floor()
        self.base_me, self.base_floor = NOBODY, Floor()
        self._seats: dict[str, Seat] = {}
        self._changes = changes

    def load(self, me: Seat, floor: Floor, seats: Iterable[Seat]) -> None:
        """Hold these people and no others."""
        self._seats = {seat.id: seat for seat in seats}
        self.base_me, self.base_floor = self._seats.get(me.id, me), floor

    def set_me(self, seat: Seat) -> None:
        """Who sits here; what is known of their seat stays."""
        self.base_me = self._seats.get(seat.id, seat)

    def put(self, seat: Seat) -> None:
        """Keep a colleague's seat, or one's own, as confirmed."""
        self._seats[seat.id] = seat
        if seat.id == self.base_me.id:
            self.base_me = seat
        self._changes.topic(Topic.SEATS)

    def show(self, me: Seat, floor: Floor) -> None:
        """What a person sees now of themselves and the floor."""
        self.me, self.floor = me, floor
        self._changes.topic(Topic.FLOOR)
        self._changes.topic(Topic.SEATS)

    def confirmed(self) -> tuple[Seat, ...]:
        """Every seat as the backend states it."""
        return tuple(self._seats.values())

    def confirmed_seat(self, id: str) -> Seat | None:
        """A person's seat as the backend states it."""
        return self._seats.get(id)

    def seats(self) -> tuple[Seat, ...]:
        """Everybody a ticket can be given to, by name; one's own seat with the outbox's effects."""
        held = {**self._seats, **({self.me.id: self.me} if self.me.id else {})}
        return tuple(sorted(held.values(), key=lambda seat: (seat.name, seat.id)))

    def seat(self, id: str) -> Seat | None:
        """A person's seat; null for nobody known."""
        return self.me if id and id == self.me.id else self._seats.get(id)
