"""A robot user: an agent who takes, reads and answers, in the agent's words, over a helpdesk in memory."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, OptionList
from textual.worker import WorkerCancelled

from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import Change, Desk
from agent_tui.domain.models import CustomerRef, Floor, Message, MessageKind, Part, Role, Seat, Ticket, Tier
from agent_tui.domain.views import View
from agent_tui.settings import Settings
from agent_tui.tui.app import AgentApp
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.workstation.screen import Workstation
from tests.patience import WAIT

LOOK = 0.2

NOON, EVENING = 1_794_369_600.0, 1_794_400_000.0
ME = Seat(id="me", name="林晓", role=Role.AGENT)
COLLEAGUE = Seat(id="he", name="何叶", role=Role.AGENT)


class Clock:
    """The time of day, which moves only when a test says so."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Seated:
    """Someone at a desk over a helpdesk in memory."""

    def __init__(
        self, app: AgentApp, pilot: Pilot[None], desk: Desk, line: MemoryBackend, clock: Clock
    ) -> None:
        self.app = app
        self.pilot = pilot
        self.desk = desk
        self.line = line
        self.world = line.world
        self.clock = clock


class Agent(Seated):
    """Someone at the workstation: what they do, and what they see."""

    @property
    def station(self) -> Workstation:
        """Their one screen."""
        return self.app.station

    # -- the world around

    async def hear(
        self, name: str, *said: str | Part, tier: Tier = Tier.REGULAR, order: str | None = None
    ) -> str:
        """A customer writes; answers the ticket's id."""
        ticket = self.world.receive(
            CustomerRef(id=f"c-{name}", name=name, tier=tier), *said, order=order, channel="app"
        )
        await self.until(
            lambda: (row := self.desk.queue.row(ticket.id)) is not None and row.version >= ticket.version
        )
        return ticket.id

    async def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.now += seconds
        self.desk.tick()
        self.station.tick()
        await self.settle()

    async def settle(self) -> None:
        """Let everything that is under way come to rest."""
        await self.pilot.pause()
        while self.app.typeahead.is_waiting:
            await self.pilot.pause()

    async def _done(self, *groups: str) -> None:
        for worker in [w for w in self.app.workers if w.group in groups and not w.is_finished]:
            with suppress(WorkerCancelled):
                await worker.wait()
        await self.settle()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for the desk to say something after which `holds`."""
        await self._heard(holds)
        await self.settle()

    async def sees(self, words: str) -> None:
        """Wait until the screen shows `words`."""
        async with asyncio.timeout(WAIT):
            while words not in self.screen():
                await self.settle()

    async def _heard(self, holds: Callable[[], bool]) -> None:
        if holds():
            return
        true = asyncio.Event()

        def look(change: Change) -> None:
            if holds():
                true.set()

        stop = self.desk.changes.subscribe(look)
        try:
            async with asyncio.timeout(WAIT):
                while not holds():  # what the screen does of itself is told to nobody: it is looked at again
                    true.clear()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK):
                            await true.wait()
        finally:
            stop()

    # -- deeds

    async def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        """Press keys, one after another."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def ime(self, character: str) -> None:
        """Press a key with the input method on, as the terminal delivers it."""
        self.app.post_message(Key(character, character))
        await self.settle()

    async def type(self, text: str) -> None:
        """Write `text` where the cursor is."""
        await self.press(*("space" if c == " " else c for c in text))

    async def take_next(self) -> str:
        """Claim the most urgent customer; answers the ticket's id."""
        before = set(self.station.chats.ids)
        await self.press("ctrl+t")
        await self._done("action", "open")
        taken = self.station.ticket
        assert taken is not None
        assert {taken} == set(self.station.chats.ids) - before
        return taken

    async def answer(self, text: str) -> None:
        """Write a reply and send it."""
        self.station.panes.composer.focus()
        await self.settle()
        # As long as it takes to read what the customer said: nothing unread may be answered.
        self.clock.now += 2
        self.station.panes.composer.field.insert(text)
        await self.press("ctrl+s")

    async def open(self, name: str) -> None:
        """Go to the customer `name` in the list and open the chat."""
        await self.go_to_queue()
        await self.until(lambda: any(self.customer(id) == name for id in self.listed()))
        wanted = next(id for id in self.listed() if self.customer(id) == name)
        self.station.panes.queue.move_to(wanted)
        await self.press("enter")

    async def go_to_queue(self) -> None:
        """Back to the list."""
        while self.station.place is not Place.QUEUE:
            await self.press("escape")

    async def look_at(self, view: View) -> None:
        """Choose a view with the arrows."""
        await self.go_to_queue()
        while self.station.panes.queue.view is not view:
            await self.press("right")

    async def filter(self, words: str) -> None:
        """Narrow the list to what contains `words`."""
        await self.go_to_queue()
        await self.press("slash")
        await self.type(words)

    async def set_status(self, digit: str) -> None:
        """Set the status of the chat by its digit in the question."""
        await self.press("ctrl+r")
        await self.press(digit)

    async def snooze(self, words: str) -> None:
        """Put the chat away until the moment that `words` name."""
        await self.press("ctrl+l")
        await self.press("4")
        self.app.screen.query_one(Input).value = words
        await self.press("enter")

    async def transfer_to(self, name: str, reason: str) -> None:
        """Hand the chat over."""
        await self.press("ctrl+f")
        people = self.app.screen.query_one(OptionList)
        prompts = [str(people.get_option_at_index(n).prompt) for n in range(people.option_count)]
        people.highlighted = next(n for n, prompt in enumerate(prompts) if name in prompt)
        await self.press("enter")
        self.app.screen.query_one(Input).value = reason
        await self.press("enter")

    async def undo(self) -> None:
        """Take the last reply back."""
        await self.press("ctrl+z")

    # -- what is to be seen

    def listed(self) -> list[str]:
        """The tickets in the list, from the top."""
        return list(self.station.panes.queue.ids)

    def customer(self, ticket: str) -> str:
        """The customer's name."""
        row = self.desk.queue.row(ticket)
        return row.customer if row else ""

    def names(self) -> list[str]:
        """The customers in the list, from the top."""
        return [self.customer(id) for id in self.listed()]

    def tabs(self) -> list[str]:
        """The customers at hand."""
        return [self.customer(id) for id in self.station.chats.ids]

    @property
    def written(self) -> str:
        """What stands in the composer."""
        return self.station.panes.composer.text

    def screen(self) -> str:
        """All that is on the screen, line by line."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.crop(0, width).text.rstrip() for strip in strips[:height])

    def toasts(self) -> list[str]:
        """What has just been said in a corner."""
        return [n.message for n in self.app._notifications]

    async def hears(self, words: str) -> None:
        """Wait until a toast says `words`."""
        async with asyncio.timeout(WAIT):
            while not any(words in said for said in self.toasts()):
                await self.settle()

    def replies(self, ticket: str) -> list[str]:
        """What the helpdesk has of this agent's replies."""
        talk: list[Message] = list(self.world.talks.get(ticket, ()))
        return [p.text for m in talk if m.kind is MessageKind.REPLY for p in m.parts if p.type == "text"]

    def kept(self, ticket: str) -> Ticket:
        """The ticket as the helpdesk has it."""
        return self.world.tickets[ticket]


def empty_world(clock: Callable[[], float]) -> World:
    """A helpdesk with two agents and no customers yet."""
    world = World(clock)
    world.put_floor(Floor())
    world.put_seat(ME)
    world.put_seat(COLLEAGUE)
    return world


@asynccontextmanager
async def at_work(
    *,
    size: tuple[int, int] = (120, 36),
    world: Callable[[Callable[[], float]], World] = empty_world,
    settings: Settings | None = None,
    undo_seconds: float = 3.0,
    language: str = "zh",
    seat: str = "me",
    library: Callable[[], object] | None = None,
    hand: Callable[[], float] = time.monotonic,
    line: type[MemoryBackend] = MemoryBackend,
) -> AsyncIterator[Agent]:
    """An agent at the workstation, on a clock of the test's own."""
    i18n.choose(language)
    clock = Clock()
    backend = line(world(clock), seat)
    desk = Desk(backend, clock=clock, undo_seconds=undo_seconds)
    app = AgentApp(desk, settings, clock=clock, ticking=False, library=library, hand=hand)
    async with app.run_test(size=size) as pilot:
        agent = Agent(app, pilot, desk, backend, clock)
        await agent.until(lambda: desk.tickets.is_loaded)
        yield agent
