"""Helpers who come and go in a helpdesk in memory: the same rules as the server's, for tests and the demo."""

from datetime import timedelta

from msgspec.structs import replace

from agent_tui.backends.base import Rejected
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.domain.assignment import buddy_for
from agent_tui.domain.events import SeatChanged
from agent_tui.domain.models import Availability, Person, Role, Seat
from agent_tui.domain.roles import CORE, LEADING
from agent_tui.domain.shifts import REVOKED
from agent_tui.domain.staffing import PackName
from agent_tui.wire import HelperIn, HelperMade


class MemoryStaff:
    """A lead's hand on the helpers of a World, over one person's line."""

    def __init__(self, line: MemoryLine) -> None:
        self._line, self._world = line, line.world

    async def packs(self) -> tuple[PackName, ...]:
        """The packs a helper can be given."""
        self._line.check()
        return tuple(PackName(id=id, title=self._title(id)) for id in sorted(self._world.packs))

    def _title(self, pack: str) -> str:
        known = self._world.lending.packs.get(pack)
        return known.title if known is not None and known.title else pack

    async def invite(self, form: HelperIn) -> HelperMade:
        """A seat for a helper; a word that stands for their token."""
        self._admit()
        world = self._world
        if form.pack not in world.packs:
            raise Rejected("bad-request", status="400", detail="pack")
        known = next((s for s in world.seats.values() if s.name == form.name), None)
        if known is not None and known.role is not Role.HELPER:
            raise Rejected("name-taken", status="409")
        seat = known or Seat(id=world.fresh_id(), name=form.name, role=Role.HELPER, connected=False)
        seat = self._invited(seat, form)
        world.lending.ended.discard(seat.id)
        world.commit((SeatChanged(seat=seat),))
        world.lending.settle()
        until = world.now + timedelta(hours=form.hours)
        return HelperMade(
            token=f"helper-{world.fresh_id()}",
            id=seat.id,
            name=seat.name,
            expires_at=until,
            buddy=seat.buddy,
            code="7K3M-9QXD-2HRT",
        )

    async def revoke(self, helper: str) -> None:
        """End a helper's shift: what they have open goes back to the queue."""
        self._admit()
        world, seat = self._world, self._world.seats.get(helper)
        if seat is None or seat.role is not Role.HELPER:
            raise Rejected("unknown-person", status="404")
        world.lending.end(helper, REVOKED)

    def _invited(self, seat: Seat, form: HelperIn) -> Seat:
        policy = self._world.policy.helpers
        writes = policy.free_text if seat.pack is None else seat.free_text
        return replace(
            seat,
            availability=Availability.ONLINE,
            pack=form.pack,
            buddy=self._buddy(form),
            alone=False,
            team=form.team or seat.team,
            free_text=writes if form.free_text is None else form.free_text,
        )

    def _buddy(self, form: HelperIn) -> Person | None:
        if form.buddy is None:
            return buddy_for(self._world.seats.values(), form.team, self._world.policy)
        named = self._world.seats.get(form.buddy)
        if named is None or named.role not in CORE:
            raise Rejected("bad-request", status="400", detail="buddy")
        return Person(id=named.id, name=named.name)

    def _admit(self) -> None:
        self._line.check()
        if self._line.seat.role not in LEADING:
            raise Rejected("not-allowed", status="403")
