"""One person's line to a helpdesk in memory, with the faults of a real one as plain methods."""

import asyncio

from agent_tui.backends.base import AuthExpired, Rejected, Unavailable
from agent_tui.backends.memory.world import World
from agent_tui.domain.commands import Command
from agent_tui.domain.models import Role, Seat, Ticket
from agent_tui.domain.privacy import mask_ticket
from agent_tui.domain.rules import may_see


class MemoryLine:
    """Everything a backend's parts ask goes over here: it can be down, expired, slow, or lose answers."""

    def __init__(self, world: World, seat: str) -> None:
        self.world = world
        self.device = f"{seat}-{id(self):x}"
        self.lag = 0.0
        self.repeats = 0
        self.wake = asyncio.Event()
        self._seat = seat
        self._is_down = False
        self._is_expired = False
        self._lost_answers = 0
        self._most: int | None = None
        self._unreadable: set[str] = set()
        self._breaks = False
        world.on_log.append(self.wake.set)
        world.presence.on_news.append(self.wake.set)

    # -- faults
    def go_offline(self) -> None:
        """The line breaks: nothing is answered, the feed ends."""
        self._is_down = True
        self.wake.set()

    def come_back(self) -> None:
        """The line is there again, and holds."""
        self._breaks = False
        self._is_down = False

    def lose_answers(self, count: int = 1) -> None:
        """The next `count` sends are carried out, but their answers never arrive."""
        self._lost_answers += count

    def break_on_send(self) -> None:
        """The next send is carried out, and the line breaks before anything more is heard of it."""
        self._breaks = True

    def refuse_bodies_over(self, most: int | None) -> None:
        """A body of more than `most` commands is refused as a whole (413); any is taken again with None."""
        self._most = most

    def refuse_bodies_with(self, command: str) -> None:
        """Every body that holds `command` is refused as a whole (400), as one that cannot be read."""
        self._unreadable.add(command)

    def delay_events(self, seconds: float) -> None:
        """The feed lags behind the answers."""
        self.lag = seconds

    def repeat_events(self, count: int) -> None:
        """Every event of the feed comes once more after up to `count` others."""
        self.repeats = count

    def expire(self) -> None:
        """The token is no longer good."""
        self._is_expired = True
        self.wake.set()

    def use_token(self, token: str) -> None:
        """Any token is good again."""
        self._is_expired = False

    # -- asking
    async def reach(self) -> None:
        """Ask the helpdesk. Raises what the line would."""
        await asyncio.sleep(0)
        self.world.tick()
        self.check()
        if self.world.attendance.touch(self._seat):
            self.world.lending.settle()

    def check(self) -> None:
        """Whether the line holds. Raises Unavailable or AuthExpired."""
        if self._is_down:
            raise Unavailable("unreachable")
        if self._is_expired or self._seat in self.world.lending.ended:
            raise AuthExpired("token-expired")

    def check_body(self, commands: tuple[Command, ...]) -> None:
        """Whether `commands` are taken as one body. Raises Rejected."""
        if self._most is not None and len(commands) > self._most:
            raise Rejected("too-large", status="413")
        if any(command.id in self._unreadable for command in commands):
            raise Rejected("bad-request", status="400")

    async def answer(self) -> None:
        """Something was carried out and is now answered, or the answer is lost. Raises Unavailable."""
        if self._breaks:
            self._breaks = False
            self.go_offline()
        await asyncio.sleep(0)
        if self._lost_answers:
            self._lost_answers -= 1
            raise Unavailable("answer-lost")
        if self._is_down:
            raise Unavailable("unreachable")

    # -- who asks
    @property
    def seat(self) -> Seat:
        """Who the line belongs to."""
        return self.world.seats[self._seat]

    def masked(self, ticket: Ticket) -> Ticket:
        """`ticket` as this person may read it."""
        return mask_ticket(ticket) if self.seat.role is Role.HELPER else ticket

    async def visible(self, id: str) -> Ticket:
        """A ticket that this person may see. Raises Rejected for another."""
        await self.reach()
        ticket = self.world.tickets.get(id)
        if ticket is None or not may_see(self.seat, ticket):
            raise Rejected("not-found", status="404")
        return ticket

    async def aclose(self) -> None:
        """Leave the world."""
        for told in (self.world.on_log, self.world.presence.on_news):
            if self.wake.set in told:
                told.remove(self.wake.set)
        self.world.presence.leave(self.device)
