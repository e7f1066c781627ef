"""The workstation over a helpdesk in memory with a small library, for tests of finding and sending words."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from agent_tui.backends.memory import MemoryBackend
from agent_tui.desk import Desk, demo_desk, new_id
from agent_tui.domain.commands import SetStatus
from agent_tui.domain.models import CustomerRef, Order, Status
from agent_tui.i18n import choose
from agent_tui.knowledge.library import Library
from agent_tui.tui.app import AgentApp
from agent_tui.tui.palette.screen import PaletteScreen
from agent_tui.tui.workstation.answers import Unread
from tests.driver import EVENING, Clock
from tests.knowledge.samples import library
from tests.knowledge.templates.test_values import ORDER

choose("zh")

CUSTOMER = CustomerRef(id="c1", name="王敏")
RULES = Path(__file__).parents[2] / "kb" / "outgoing.toml"


class Seat:
    """A person at the workstation, who presses keys and sees what is there."""

    def __init__(
        self,
        app: AgentApp,
        pilot: Pilot[None],
        desk: Desk,
        backend: MemoryBackend,
        lib: Library,
        clock: Clock,
    ) -> None:
        self.app = app
        self._clock = clock
        self.pilot = pilot
        self.desk = desk
        self.backend = backend
        self.library = lib

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and let what follows happen."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app.post_message(Key(name, key if len(key) == 1 else key_to_character(key)))
            await self.pilot.pause()
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text as an input method delivers it: each character a key of its own."""
        await self.press(*text)

    async def settle(self) -> None:
        """Let messages and the work on recommendations come to rest."""
        await self.pilot.pause()
        for worker in [one for one in self.app.workers if one.group in ("recommend", "open")]:
            with suppress(WorkerCancelled):
                await worker.wait()
        await self.pilot.pause()

    async def meet(self, *texts: str, order: Order | None = ORDER) -> str:
        """王敏 writes, and this person takes the chat; answers the ticket's id."""
        self.hear(*texts, order=order)
        await self.settle()
        await self.press("ctrl+t")
        await self.until(lambda: self.app.station.ticket is not None)
        await self.settle()
        self.read()
        return self.app.station.ticket or ""

    def read(self) -> None:
        """Time to read passes, so that what is on the screen counts as seen."""
        self._clock.now += 5

    def hear(self, *texts: str, order: Order | None = ORDER) -> None:
        """王敏 writes."""
        if order is not None:
            self.backend.world.set_order(order)
        for text in texts:
            self.backend.world.receive(CUSTOMER, text, order=order.number if order else None)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the test's own time limit ends a wait in vain."""
        while not holds():
            await self.settle()

    async def send(self) -> None:
        """Send what is written."""
        await self.press("ctrl+s")

    async def solve(self, ticket: str) -> None:
        """The ticket is solved."""
        row = self.desk.queue.row(ticket)
        assert row is not None
        self.desk.submit(SetStatus(id=new_id(), ticket=ticket, status=Status.SOLVED, version=row.version))
        await self.settle()

    @property
    def palette(self) -> PaletteScreen:
        """The open palette."""
        assert isinstance(self.app.screen, PaletteScreen)
        return self.app.screen

    @property
    def titles(self) -> list[str]:
        """What the palette lists."""
        return [row.title for row in self.palette.query_one("#palette-list").rows]  # type: ignore[attr-defined]

    @property
    def written(self) -> str:
        """What stands in the composer."""
        return self.app.station.panes.composer.text


@asynccontextmanager
async def seated(
    size: tuple[int, int] = (120, 34), undo_seconds: float = 0, **options: object
) -> AsyncIterator[Seat]:
    """Somebody at a running workstation, the library loaded."""
    clock = Clock(EVENING)
    desk, backend = demo_desk(0, undo_seconds=undo_seconds, clock=clock)
    lib = library(uses=desk.uses.count, **options)
    app = AgentApp(desk, ticking=False, library=lambda: lib, clock=clock)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seat = Seat(app, pilot, desk, backend, lib, clock)
        while isinstance(app.station.answering, Unread):
            await seat.settle()
        await seat.settle()
        yield seat
