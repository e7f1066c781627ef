"""The change feed of a helpdesk in memory: its log from a cursor on, presence between, and time passing."""

import asyncio
from collections.abc import AsyncGenerator

from agent_tui.backends.base import Arrived, CursorLost
from agent_tui.backends.memory.line import MemoryLine
from agent_tui.backends.memory.reads import as_seen
from agent_tui.domain.presence import Told
from agent_tui.waiting import is_set_within

_SHORTEST = 0.05


def epoch_of(cursor: str) -> str:
    """The epoch a cursor belongs to."""
    return cursor.partition(":")[0]


class MemoryFeed:
    """Follows the log as one person may read it."""

    def __init__(self, line: MemoryLine) -> None:
        self._line, self._world = line, line.world

    async def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`, a heartbeat first."""
        line = self._line
        await line.reach()
        place = self._place(cursor)
        told, person = Told(), line.seat.id
        self._world.attendance.opened(person)
        try:
            yield Arrived("", None)
            while True:
                line.wake.clear()
                await asyncio.sleep(line.lag)
                while place < len(self._world.log):
                    line.check()
                    place = self._place(self._world.cursor(place)) + 1
                    for arrived in self._told(place):
                        yield arrived
                for presence in self._world.presence.news(line.seat, told):
                    yield Arrived("", None, presence)
                await self._until_told()
                line.check()
                if epoch_of(cursor) != self._world.epoch:
                    raise CursorLost("cursor-lost")
        finally:
            self._world.attendance.closed(person)
            self._world.presence.leave(line.device)

    def _place(self, cursor: str) -> int:
        epoch, _, place = cursor.partition(":")
        if epoch != self._world.epoch or not place.isdigit():
            raise CursorLost("cursor-lost")
        if not self._world.forgotten <= int(place) <= len(self._world.log):
            raise CursorLost("cursor-lost")
        return int(place)

    def _told(self, place: int) -> list[Arrived]:
        """The event at `place`, after older ones that are told again."""
        told = []
        for at in [*range(max(1, place - self._line.repeats), place), place]:
            event = as_seen(self._world, self._world.log[at - 1], self._line.seat)
            told.append(Arrived(self._world.cursor(place), event))
        return told

    async def _until_told(self) -> None:
        """Wait for the next event, or for something to come due by itself."""
        due = self._world.next_in()
        if due is None:
            await self._line.wake.wait()
            return
        await is_set_within(self._line.wake, max(due, _SHORTEST))
        self._world.tick()
