"""A complete backend over a helpdesk in memory, with the faults of a real line as plain methods."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from agent_tui.backends.base import (
    Arrived,
    AuthExpired,
    Capabilities,
    CursorLost,
    Rejected,
    Start,
    Unavailable,
)
from agent_tui.backends.memory_presence import around_of
from agent_tui.backends.memory_shelf import MemoryShelf
from agent_tui.backends.memory_staff import MemoryStaff
from agent_tui.backends.world import World
from agent_tui.backends.world_reads import as_seen, detail_of, found_in
from agent_tui.domain.commands import Command
from agent_tui.domain.models import FileInfo, Role, Seat, Status, Ticket, TicketDetail
from agent_tui.domain.presence import Around, Told
from agent_tui.domain.privacy import mask_message, mask_ticket
from agent_tui.domain.rules import may_see
from agent_tui.waiting import is_set_within
from agent_tui.wire import Found, Me, MessagePage, Outcome

_SHORTEST = 0.05
LARGEST_FILE = 20 * 1024 * 1024


class MemoryBackend:
    """One person's line to a World."""

    capabilities = Capabilities(shared_knowledge=True, presence=True)

    def __init__(self, world: World, seat: str) -> None:
        self.world = world
        self._seat = seat
        self._is_down = False
        self._is_expired = False
        self._lost_answers = 0
        self._most: int | None = None
        self._unreadable: set[str] = set()
        self._breaks = False
        self._lag = 0.0
        self._repeats = 0
        self._wake = asyncio.Event()
        self.shelf = MemoryShelf(world.shared, lambda: self.seat, self._check)
        self.staff = MemoryStaff(world, lambda: self.seat, self._check)
        self._device = f"{seat}-{id(self):x}"
        world.on_log.append(self._wake.set)
        world.presence.on_news.append(self._wake.set)

    # -- faults
    def go_offline(self) -> None:
        """The line breaks: nothing is answered, the feed ends."""
        self._is_down = True
        self._wake.set()

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
        self._lag = seconds

    def repeat_events(self, count: int) -> None:
        """Every event of the feed comes once more after up to `count` others."""
        self._repeats = count

    def expire(self) -> None:
        """The token is no longer good."""
        self._is_expired = True
        self._wake.set()

    def use_token(self, token: str) -> None:
        """Any token is good again."""
        self._is_expired = False

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        self.world.tick()
        self._check()

    def _check(self) -> None:
        if self._is_down:
            raise Unavailable("unreachable")
        if self._is_expired or self._seat in self.world.lending.ended:
            raise AuthExpired("token-expired")

    # -- reads
    @property
    def seat(self) -> Seat:
        """Who the line belongs to."""
        return self.world.seats[self._seat]

    @property
    def host(self) -> str:
        """This machine."""
        return "localhost"

    async def me(self) -> Me:
        """Who the token is."""
        await self._reach()
        seat = self.seat
        return Me(id=seat.id, name=seat.name, role=seat.role, availability=seat.availability)

    async def snapshot(self, take: Callable[[Ticket], None]) -> Start:
        """The state to start from."""
        await self._reach()
        world = self.world
        for ticket in world.tickets.values():
            if may_see(self.seat, ticket) and ticket.status is not Status.CLOSED:
                take(self._masked(ticket))
        seats = tuple(world.seats.values())
        return Start(cursor=world.cursor(), floor=world.floor, seats=seats, policy=world.policy)

    def _masked(self, ticket: Ticket) -> Ticket:
        return mask_ticket(ticket) if self.seat.role is Role.HELPER else ticket

    def epoch(self, cursor: str) -> str:
        """The epoch a cursor belongs to."""
        return cursor.partition(":")[0]

    def _place(self, cursor: str) -> int:
        epoch, _, place = cursor.partition(":")
        if epoch != self.world.epoch or not place.isdigit():
            raise CursorLost("cursor-lost")
        if not self.world.forgotten <= int(place) <= len(self.world.log):
            raise CursorLost("cursor-lost")
        return int(place)

    async def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`, a heartbeat first."""
        await self._reach()
        place = self._place(cursor)
        told = Told()
        try:
            yield Arrived("", None)
            while True:
                self._wake.clear()
                await asyncio.sleep(self._lag)
                while place < len(self.world.log):
                    self._check()
                    place = self._place(self.world.cursor(place)) + 1
                    for arrived in self._told(place):
                        yield arrived
                for presence in self.world.presence.news(self.seat, told):
                    yield Arrived("", None, presence)
                await self._until_told()
                self._check()
                if self.epoch(cursor) != self.world.epoch:
                    raise CursorLost("cursor-lost")
        finally:
            self.world.presence.leave(self._device)

    async def _until_told(self) -> None:
        """Wait for the next event, or for something to come due by itself."""
        due = self.world.next_in()
        if due is None:
            await self._wake.wait()
            return
        await is_set_within(self._wake, max(due, _SHORTEST))
        self.world.tick()

    def _told(self, place: int) -> list[Arrived]:
        """The event at `place`, after older ones that are told again."""
        told = []
        for at in [*range(max(1, place - self._repeats), place), place]:
            event = as_seen(self.world, self.world.log[at - 1], self.seat)
            told.append(Arrived(self.world.cursor(place), event))
        return told

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """One outcome a command, in order."""
        await self._reach()
        self._check_body(commands)
        outcomes = self.world.carry_out(self._seat, commands)
        self.carried(commands, outcomes)
        if self._breaks:
            self._breaks = False
            self.go_offline()
        await asyncio.sleep(0)
        if self._lost_answers:
            self._lost_answers -= 1
            raise Unavailable("answer-lost")
        if self._is_down:
            raise Unavailable("unreachable")
        return outcomes

    def _check_body(self, commands: tuple[Command, ...]) -> None:
        if self._most is not None and len(commands) > self._most:
            raise Rejected("too-large", status="413")
        if any(command.id in self._unreadable for command in commands):
            raise Rejected("bad-request", status="400")

    async def be_present(self, ticket: str | None, draft: str, *, writing: bool) -> None:
        """Say that one looks at `ticket` and writes there."""
        await self._reach()
        held, around = None, Around()
        if ticket is not None:
            held = await self._visible(ticket)
            around = around_of(held, self.world.seats.get(held.assignee.id) if held.assignee else None)
        self.world.presence.look(self._device, self.seat, held, around, draft, writing)

    def carried(self, commands: tuple[Command, ...], outcomes: tuple[Outcome, ...]) -> None:
        """Something was carried out, and nobody has heard of it yet; for a line that follows what is done."""

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket with its order and customer."""
        detail = self._masked(detail_of(self.world, await self._visible(id)))
        assert isinstance(detail, TicketDetail)
        return detail

    async def _visible(self, id: str) -> Ticket:
        await self._reach()
        ticket = self.world.tickets.get(id)
        if ticket is None or not may_see(self.seat, ticket):
            raise Rejected("not-found", status="404")
        return ticket

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """A page of a conversation, oldest first."""
        await self._visible(ticket)
        talk = self.world.talks.get(ticket, [])
        ids = [message.id for message in talk]
        end = ids.index(before) if before in ids else len(talk)
        page = talk[max(0, end - limit) : end]
        if self.seat.role is Role.HELPER:
            name = self.world.tickets[ticket].customer.name
            page = [mask_message(message, name) for message in page]
        return MessagePage(messages=tuple(page), more=end > limit)

    async def search(self, query: str) -> Found:
        """Tickets that contain `query`, closed ones too."""
        await self._reach()
        return Found(tickets=tuple(self._masked(t) for t in found_in(self.world, self.seat, query)))

    async def pack(self, id: str) -> str:
        """The text of a knowledge pack's file."""
        await self._reach()
        if id not in self.world.pack_texts:
            raise Rejected("not-found", status="404")
        return self.world.pack_texts[id]

    async def fetch(self, file: str) -> bytes:
        """The bytes of a file."""
        await self._reach()
        if file not in self.world.files:
            raise Rejected("not-found", status="404")
        return self.world.files[file][1]

    async def upload(self, name: str, data: bytes, entry: str = "") -> FileInfo:
        """Store a file."""
        await self._reach()
        if self.seat.role is Role.HELPER and entry not in self.world.packs.get(self.seat.pack or "", ()):
            raise Rejected("not-allowed", status="403")
        if len(data) > LARGEST_FILE:
            raise Rejected("too-large", status="413")
        info = FileInfo(id=self.world.fresh_id(), name=name, size=len(data), type=_type_of(name))
        self.world.files[info.id] = (info, data)
        return info

    async def aclose(self) -> None:
        """Leave the world."""
        for told in (self.world.on_log, self.world.presence.on_news):
            if self._wake.set in told:
                told.remove(self._wake.set)
        self.world.presence.leave(self._device)


def _type_of(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"
