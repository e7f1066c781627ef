"""A desk over a small helpdesk in memory, on a loop whose time jumps: what the desk's tests stand on."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.desk import Change, Desk
from agent_tui.domain.models import CustomerRef, Part, Role, Seat
from agent_tui.sync.store import Store, memory_store, open_store
from tests.sync.loop import JumpingLoop

T = TypeVar("T")


def text(words: str) -> tuple[Part, ...]:
    return (Part(type="text", text=words),)


class AtWork:
    """An agent, their desk, and the world around it."""

    def __init__(self, loop: JumpingLoop, role: Role, folder: Path | None) -> None:
        self.loop, self.folder = loop, folder
        self.world = World(loop.clock)
        for id, name, what in (
            ("me", "林晓", role),
            ("you", "赵宁", Role.AGENT),
            ("lead", "许可", Role.LEAD),
        ):
            self.world.put_seat(Seat(id=id, name=name, role=what))
        self.backend = MemoryBackend(self.world, "me")
        self.changes: list[Change] = []
        self.open()

    def open(self) -> None:
        """A new desk on the same machine, not yet started."""
        store: Store = memory_store() if self.folder is None else open_store(self.folder)
        self.store = store
        self.desk = Desk(self.backend, store, clock=self.loop.clock, undo_seconds=3.0)
        self.desk.changes.subscribe(self.changes.append)

    def start(self) -> None:
        self.loop.run(self.desk.start())
        self.pass_time(0.5)

    def restart(self) -> None:
        self.loop.run(self.desk.stop())
        self.backend = MemoryBackend(self.world, "me")
        self.open()

    def pass_time(self, seconds: float) -> None:
        self.loop.run(asyncio.sleep(seconds))

    def do(self, deed: Callable[[], T]) -> T:
        """A deed as a screen does it: in the running loop."""

        async def run() -> T:
            return deed()

        return self.loop.run(run())

    def customer(self, who: str, words: str) -> str:
        """A customer writes; answers the ticket."""
        return self.world.receive(CustomerRef(id=who, name=f"王{who}"), words).id

    def replies(self) -> list[str]:
        """What the customers have got."""
        return [message.parts[0].text for message in self.world.replies]


@contextmanager
def at_work(role: Role = Role.AGENT, folder: Path | None = None) -> Iterator[AtWork]:
    loop = JumpingLoop()
    asyncio.set_event_loop(loop)
    try:
        work = AtWork(loop, role, folder)
        try:
            yield work
        finally:
            loop.run(work.desk.stop())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
