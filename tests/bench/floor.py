"""A helpdesk with as many tickets as wanted, made directly: it starts a client and speaks when told to."""

import asyncio
import heapq
import random
import signal
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from agent_tui.backends.base import Arrived, Capabilities, Start
from agent_tui.domain.commands import Command
from agent_tui.domain.events import Event, TicketChanged
from agent_tui.domain.models import (
    Author,
    Availability,
    Category,
    Class,
    CustomerRef,
    Floor,
    LastMessage,
    MessageKind,
    Mood,
    Person,
    Phase,
    Priority,
    Promise,
    PromiseKind,
    Role,
    Seat,
    Status,
    Ticket,
    TicketDetail,
    Tier,
)
from agent_tui.domain.policy import Policy
from agent_tui.domain.urgency import ranked
from agent_tui.wire import Me, MessagePage, Outcome

SAID = (
    "我退货你们收到三天了",
    "到底退不退",
    "where is my order",
    "160穿什么码",
    "扣了两次钱!!",
    "少发了一个",
)
NAMES = ("王敏", "陈静怡", "刘振华", "周洋", "Emma Brown", "欧阳子涵")
CHANNELS = ("web", "app", "wechat", "live", "miniprogram")


def made(number: int, now: datetime) -> Ticket:
    """A ticket of a customer who waits; the same number gives the same."""
    dice = random.Random(number)
    mine = number % 2000 == 0
    due = now + timedelta(seconds=dice.uniform(-300, 7200))
    at = now - timedelta(seconds=dice.uniform(1, 600))
    last = LastMessage(
        id=f"m{number}",
        kind=MessageKind.CUSTOMER,
        author=Author(kind="customer", name=dice.choice(NAMES)),
        at=at,
        text=dice.choice(SAID),
    )
    ticket = Ticket(
        id=f"01HZ{number:022d}",
        number=10_000 + number,
        version=1,
        status=Status.OPEN if mine else Status.NEW,
        priority=dice.choice(list(Priority)),
        category=dice.choice(list(Category)),
        class_=Class.QUERY,
        channel=dice.choice(CHANNELS),
        customer=CustomerRef(id=f"c{number}", name=dice.choice(NAMES), tier=dice.choice(list(Tier))),
        created_at=at,
        updated_at=at,
        order=f"8842{number:08d}",
        assignee=Person(id="me", name="林晓") if mine else None,
        promises=(Promise(kind=PromiseKind.FIRST_RESPONSE, due_at=due),),
        last_message=last,
        mood=dice.choice(list(Mood)),
        unread=dice.randrange(4),
    )
    return ranked(ticket, Floor(), Policy())


class SilentFloor:
    """A Backend of `count` tickets whose feed only lives."""

    capabilities = Capabilities()

    def __init__(self, count: int, *, silent: bool = False) -> None:
        self._count = count
        self._silent = silent
        self._now = datetime.now(UTC)
        self._news: asyncio.Queue[Event] = asyncio.Queue()
        self._urgent: Ticket | None = None

    def tickets(self) -> Iterator[Ticket]:
        """The same tickets at every start, around the present."""
        return (made(n, self._now) for n in range(self._count))

    async def me(self) -> Me:
        """The one agent, or never an answer."""
        if self._silent:
            await asyncio.Event().wait()
        return Me(id="me", name="林晓", role=Role.AGENT, availability=Availability.ONLINE)

    async def snapshot(self, take: Callable[[Ticket], None]) -> Start:
        """Everything, or never an answer."""
        if self._silent:
            await asyncio.Event().wait()
        seat = Seat(id="me", name="林晓", role=Role.AGENT)
        floor = Floor(phase=Phase.PEAK)
        for ticket in self.tickets():
            take(ticket)
        return Start(cursor="e.1", floor=floor, seats=(seat,), me=await self.me())

    async def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """A heartbeat, then what it is told to say by a signal."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.say_more)
        if self._silent:
            await asyncio.Event().wait()
        yield Arrived(cursor, None)
        number = 1
        while True:
            yield Arrived(f"e.{number}", await self._news.get())
            number += 1

    def say_more(self) -> None:
        """Let a customer whose row is in sight, but not under the cursor, write once more."""
        if self._urgent is None:
            never = datetime.max.replace(tzinfo=UTC)
            self._urgent = heapq.nsmallest(3, self.tickets(), key=lambda t: t.urgency.due_at or never)[2]
        before = self._urgent
        self._urgent = replace(before, unread=before.unread + 1, version=before.version + 1)
        self._news.put_nowait(TicketChanged(ticket=self._urgent))

    def epoch(self, cursor: str) -> str:
        """One epoch."""
        return "e"

    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """Nothing is ever sent in a bench of the screen."""
        raise NotImplementedError

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket without order or customer."""
        known = self._urgent is not None and self._urgent.id == id
        ticket = self._urgent if known and self._urgent else made(int(id[4:]), self._now)
        return TicketDetail(**{f: getattr(ticket, f) for f in ticket.__struct_fields__})

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """No messages."""
        return MessagePage(messages=(), more=False)

    def use_token(self, token: str) -> None:
        """No tokens."""

    async def aclose(self) -> None:
        """Nothing to let go."""
