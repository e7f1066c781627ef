"""Helpers who come and go in a helpdesk in memory: the same rules as the server's, for tests and the demo."""

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from agent_tui.backends.base import Rejected
from agent_tui.backends.world import World
from agent_tui.domain.clockwork import left
from agent_tui.domain.events import SeatChanged
from agent_tui.domain.models import Availability, Person, Role, Seat
from agent_tui.domain.rules import CORE, LEADING
from agent_tui.domain.views import ACTIVE
from agent_tui.wire import HelperIn, HelperMade, PackName


class MemoryStaff:
    """A person's hand on the helpers of a World; `check` raises what the line would."""

    def __init__(self, world: World, seat: Callable[[], Seat], check: Callable[[], None]) -> None:
        self._world = world
        self._seat = seat
        self._check = check

    async def packs(self) -> tuple[PackName, ...]:
        """The packs a helper can be given."""
        self._check()
        return tuple(PackName(id=id, title=id) for id in sorted(self._world.packs))

    async def invite(self, form: HelperIn) -> HelperMade:
        """A seat for a helper; a word that stands for their token."""
        self._admit()
        world = self._world
        if form.pack not in world.packs:
            raise Rejected("bad-request", status="400", detail="pack")
        known = next((s for s in world.seats.values() if s.name == form.name), None)
        if known is not None and known.role is not Role.HELPER:
            raise Rejected("name-taken", status="409")
        seat = known or Seat(id=world.fresh_id(), name=form.name, role=Role.HELPER)
        buddy = self._buddy(form.buddy)
        seat = replace(seat, availability=Availability.ONLINE, pack=form.pack, buddy=buddy)
        world.commit((SeatChanged(seat=seat),))
        until = world.now + timedelta(hours=form.hours)
        return HelperMade(
            token=f"helper-{world.fresh_id()}",
            id=seat.id,
            name=seat.name,
            expires_at=until,
            buddy=buddy,
            code="7K3M-9QXD-2HRT",
        )

    async def revoke(self, helper: str) -> None:
        """End a helper's shift: what they have open goes back to the queue."""
        self._admit()
        world, seat = self._world, self._world.seats.get(helper)
        if seat is None or seat.role is not Role.HELPER:
            raise Rejected("unknown-person", status="404")
        for ticket in list(world.tickets.values()):
            if ticket.assignee is not None and ticket.assignee.id == helper and ticket.status in ACTIVE:
                id = world.fresh_id()
                world.commit(left(ticket, "helper-revoked", id, world.now, world.floor, world.policy))
        world.commit((SeatChanged(seat=replace(world.seats[helper], availability=Availability.OFFLINE)),))

    def _buddy(self, wanted: str | None) -> Person | None:
        seats = self._world.seats.values()
        if wanted is not None:
            named = next((s for s in seats if s.id == wanted and s.role in CORE), None)
            if named is None:
                raise Rejected("bad-request", status="400", detail="buddy")
            return Person(id=named.id, name=named.name)
        helped = [s.buddy.id for s in seats if s.buddy is not None]
        most = self._world.policy.helpers.helpers_per_buddy
        there = [s for s in seats if s.role is Role.AGENT and s.availability is Availability.ONLINE]
        free = [s for s in there if helped.count(s.id) < most]
        found = min(free, key=lambda s: (helped.count(s.id), s.id), default=None)
        return Person(id=found.id, name=found.name) if found else None

    def _admit(self) -> None:
        self._check()
        if self._seat().role not in LEADING:
            raise Rejected("not-allowed", status="403")
