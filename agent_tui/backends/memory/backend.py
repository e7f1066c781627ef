"""A backend over a helpdesk in memory: tickets, commands and the feed, and the parts beside them."""

from collections.abc import AsyncGenerator, Callable

from agent_tui.backends.base import Arrived, Capabilities, Start
from agent_tui.backends.memory.feed import MemoryFeed, epoch_of
from agent_tui.backends.memory.files import MemoryFiles
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.backends.memory.presence import MemoryPresence
from agent_tui.backends.memory.reads import MemoryPacks, MemorySearch, detail_of
from agent_tui.backends.memory.shared_knowledge import MemorySharedKnowledge
from agent_tui.backends.memory.staff import MemoryStaff
from agent_tui.backends.memory.team_content import MemoryTeamContent
from agent_tui.backends.memory.world import World
from agent_tui.domain.commands import Command
from agent_tui.domain.models import Role, Status, Ticket, TicketDetail
from agent_tui.domain.privacy import mask_message
from agent_tui.domain.rules import may_see
from agent_tui.wire import Me, MessagePage, Outcome

Carried = Callable[[tuple[Command, ...], tuple[Outcome, ...]], None]


class MemoryBackend(MemoryLine):
    """One person's backend; `on_carried` hears what was carried out before its answer is on the way."""

    def __init__(self, world: World, seat: str, on_carried: Carried | None = None) -> None:
        super().__init__(world, seat)
        self._on_carried = on_carried
        self._feed = MemoryFeed(self)
        self.capabilities = Capabilities(
            content=MemoryTeamContent(self),
            files=MemoryFiles(self),
            knowledge=MemorySharedKnowledge(self),
            packs=MemoryPacks(self),
            presence=MemoryPresence(self),
            search=MemorySearch(self),
            staff=MemoryStaff(self),
        )

    async def me(self) -> Me:
        """Who the token is."""
        await self.reach()
        seat = self.seat
        return Me(id=seat.id, name=seat.name, role=seat.role, availability=seat.availability)

    async def snapshot(self, take: Callable[[Ticket], None]) -> Start:
        """The state to start from."""
        await self.reach()
        world = self.world
        for ticket in world.tickets.values():
            if may_see(self.seat, ticket) and ticket.status is not Status.CLOSED:
                take(self.masked(ticket))
        seats = tuple(world.seats.values())
        return Start(cursor=world.cursor(), floor=world.floor, seats=seats, policy=world.policy)

    def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`, a heartbeat first."""
        return self._feed.events(cursor)

    def epoch(self, cursor: str) -> str:
        """The epoch a cursor belongs to."""
        return epoch_of(cursor)

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """One outcome a command, in order."""
        await self.reach()
        self.check_body(commands)
        outcomes = self.world.carry_out(self._seat, commands)
        if self._on_carried is not None:
            self._on_carried(commands, outcomes)
        await self.answer()
        return outcomes

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket with its order and customer."""
        detail = self.masked(detail_of(self.world, await self.visible(id)))
        assert isinstance(detail, TicketDetail)
        return detail

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """A page of a conversation, oldest first."""
        held = await self.visible(ticket)
        talk = self.world.talks.get(ticket, [])
        ids = [message.id for message in talk]
        end = ids.index(before) if before in ids else len(talk)
        page = talk[max(0, end - limit) : end]
        if self.seat.role is Role.HELPER:
            page = [mask_message(message, held.customer.name) for message in page]
        return MessagePage(messages=tuple(page), more=end > limit)
