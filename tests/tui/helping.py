"""A robot helper: someone lent for a day, with arrows, Enter and digits, over a helpdesk in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache

from msgspec.structs import replace
from textual.events import Key
from textual.keys import _character_to_key
from textual.worker import WorkerCancelled

from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import Desk
from agent_tui.domain.commands import Command
from agent_tui.domain.events import SeatChanged, TicketChanged
from agent_tui.domain.models import (
    CustomerRef,
    Floor,
    Message,
    MessageKind,
    Order,
    Parcel,
    Person,
    Role,
    Seat,
    Status,
    Ticket,
)
from agent_tui.domain.policy import Helpers, Policy
from agent_tui.knowledge.packs.resolved import ResolvedPack
from agent_tui.knowledge.templates.values import Speaker
from agent_tui.settings import Contact, Settings
from agent_tui.tui.app import AgentApp
from agent_tui.tui.helper.assembly import reading
from agent_tui.tui.helper.handbook import Handbook, ReadPack
from agent_tui.tui.helper.screen import HelperScreen
from tests.driver import EVENING, Clock, Seated
from tests.patience import WAIT

BUDDY = Seat(id="lin", name="林晓", role=Role.AGENT)
HELPER = Seat(
    id="zhao", name="小赵", role=Role.HELPER, buddy=Person(id="lin", name="林晓"), pack="logistics", replies=9
)
ORDER = Order(
    number="884200001552",
    customer="c-陈静",
    status="shipped",
    total="89.00",
    parcels=(Parcel(number="YT8831", carrier="圆通", status="stuck", last_event="到达 杭州中转"),),
)


@cache
def pack(id: str = "logistics") -> ResolvedPack:
    """A built-in pack, read once."""
    return reading(Settings())(id, "")


def in_force(id: str, text: str) -> ResolvedPack:
    """The pack in the server's words, where it has any."""
    return reading(Settings())(id, text) if text else pack(id or "logistics")


class Robot(Seated):
    """A helper at the screen, and the floor around them."""

    # -- sending

    async def sends(self) -> None:
        """Enter, and once more where the answer names a step that has to be done first."""
        await self.press("enter")
        if "先做到" in self.seen or "Do this first" in self.seen:
            await self.press("enter")

    # -- the floor

    async def meets(self, name: str, *said: str, order: Order | None = ORDER) -> str:
        """A customer writes, and the server gives them to the helper; answers the ticket's id."""
        if order is not None:
            self.world.set_order(replace(order, customer=f"c-{name}"))
        who = CustomerRef(id=f"c-{name}", name=name)
        for words in said:
            ticket = self.world.receive(who, words, order=order.number if order else None)
        me = Person(id="zhao", name="小赵")
        held = self.world.tickets[ticket.id]
        given = replace(held, assignee=me, status=Status.OPEN, version=held.version + 1)
        self.world.commit((TicketChanged(ticket=given),))
        await self.until(lambda: self.screen.ticket == ticket.id and self.heard == len(said))
        return ticket.id

    @property
    def heard(self) -> int:
        """How many of the customer's messages are on the screen."""
        shown = self.desk.conversations.get(self.screen.ticket or "").shown
        return sum(one.message.kind is MessageKind.CUSTOMER for one in shown)

    async def says(self, ticket: str, *said: str) -> None:
        """The customer writes again."""
        for words in said:
            self.world.receive(self.world.tickets[ticket].customer, words)
        await self.settle()

    async def buddy(self, command: Command) -> None:
        """The buddy does something."""
        outcome = self.world.carry_out("lin", (command,))[0]
        assert outcome.outcome == "applied", outcome
        await self.settle()

    def id(self) -> str:
        """A fresh id."""
        return self.world.fresh_id()

    def be(self, **changes: object) -> None:
        """The helper's seat is different now."""
        self.world.commit((SeatChanged(seat=replace(self.world.seats["zhao"], **changes)),))

    # -- the hand

    async def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def ime(self, text: str) -> None:
        """Type as an input method delivers it."""
        for character in text:
            self.app.post_message(Key(_character_to_key(character), character))
            await self.pilot.pause()
        await self.settle()

    async def settle(self) -> None:
        """Let everything that is under way come to rest."""
        for _ in range(3):
            await self.pilot.pause()
            groups = ("recommend", "open", "pack", "desk", "opening")
            for worker in [one for one in self.app.workers if one.group in groups and not one.is_finished]:
                with suppress(WorkerCancelled):
                    await worker.wait()
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(WAIT):
            while not holds():
                await self.settle()

    # -- the eye

    @property
    def screen(self) -> HelperScreen:
        """The helper's own screen, whatever covers it."""
        return next(one for one in self.app.screen_stack if isinstance(one, HelperScreen))

    @property
    def seen(self) -> str:
        """All that is on the screen, line by line."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.crop(0, width).text.rstrip() for strip in strips[:height])

    @property
    def titles(self) -> list[str]:
        """The rows that have a digit, as digit and title."""
        return [f"{one.digit} {one.title}" for one in self.screen.offers.items.items if one.digit]

    def talk(self, ticket: str, kind: MessageKind = MessageKind.REPLY) -> list[Message]:
        """What the helpdesk has of a conversation."""
        return [one for one in self.world.talks[ticket] if one.kind is kind]

    def kept(self, ticket: str) -> Ticket:
        """The ticket as the helpdesk has it."""
        return self.world.tickets[ticket]


def floor(clock: Callable[[], float], policy: Policy | None = None) -> World:
    """A helpdesk with a helper and their buddy."""
    world = World(clock, policy or Policy(helpers=Helpers(first_replies=0)))
    world.put_floor(Floor())
    world.put_seat(BUDDY)
    world.put_seat(HELPER)
    known = pack()
    cards = [card.id for card in known.pack.emergency]
    world.packs["logistics"] = frozenset((*(one.id for one in known.answers), *cards))
    return world


@asynccontextmanager
async def helping(
    size: tuple[int, int] = (80, 24),
    language: str = "zh",
    policy: Policy | None = None,
    contacts: dict[str, Contact] | None = None,
    settings: Settings | None = None,
    read: ReadPack = in_force,
    undo_seconds: float = 0,
) -> AsyncIterator[Robot]:
    """A helper sits down; the pack is open when it begins."""
    i18n.choose(language)
    clock = Clock(EVENING)
    line = MemoryBackend(floor(clock, policy), "zhao")
    desk = Desk(line, clock=clock, undo_seconds=undo_seconds)
    speaker = Speaker(agent="小赵", contacts=contacts or {})
    handbook = Handbook(read, lambda: speaker, clock=clock)

    def screen() -> HelperScreen:
        return HelperScreen(desk, handbook, clock, guard=0.0)

    app = AgentApp(desk, settings, clock=clock, ticking=False, helper=screen)
    async with app.run_test(size=size) as pilot:
        robot = Robot(app, pilot, desk, line, clock)
        await robot.until(lambda: app.front is not app.station and handbook.pack is not None)
        await robot.settle()
        yield robot
    i18n.choose("zh")
