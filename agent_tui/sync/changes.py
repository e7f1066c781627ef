"""Publish and subscribe: what looks different, told once for a whole burst of events (coalescing)."""

import asyncio
from collections.abc import Callable

from agent_tui.sync.shapes import Change, Topic

BURST_SECONDS = 0.02

Reader = Callable[[Change], None]


class Changes:
    """What changed since the readers were last told; without a running loop they are told on `flush`."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._conversations: set[str] = set()
        self._topics: set[Topic] = set()
        self._readers: list[Reader] = []
        self._timer: asyncio.Handle | None = None

    def subscribe(self, reader: Reader) -> Callable[[], None]:
        """Call `reader` in the event loop with every change; the answer ends it."""
        self._readers.append(reader)

        def end() -> None:
            if reader in self._readers:
                self._readers.remove(reader)

        return end

    def ticket(self, ticket: str) -> None:
        """A ticket's list fields are different."""
        self._tickets.add(ticket)
        self._later()

    def tickets(self, tickets: set[str]) -> None:
        """Several tickets are different."""
        if tickets:
            self._tickets |= tickets
            self._later()

    def conversation(self, ticket: str) -> None:
        """A ticket's messages are different."""
        self._conversations.add(ticket)
        self._later()

    def topic(self, topic: Topic) -> None:
        """Something besides tickets is different."""
        self._topics.add(topic)
        self._later()

    def _later(self) -> None:
        if self._timer is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._timer = loop.call_later(BURST_SECONDS, self.flush)

    def soon(self) -> None:
        """Tell the readers in the loop's next round: a person's own command waits for no burst."""
        try:
            asyncio.get_running_loop().call_soon(self.flush)
        except RuntimeError:
            return

    def flush(self) -> None:
        """Tell the readers now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not (self._tickets or self._conversations or self._topics):
            return
        change = Change(
            tickets=frozenset(self._tickets),
            conversations=frozenset(self._conversations),
            topics=frozenset(self._topics),
        )
        self._tickets, self._conversations, self._topics = set(), set(), set()
        for reader in tuple(self._readers):
            reader(change)

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait for `holds` to be true after some change; False when `seconds` have passed."""
        happened = asyncio.Event()
        end = self.subscribe(lambda _: happened.set())
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    happened.clear()
                    await happened.wait()
        except TimeoutError:
            return holds()
        finally:
            end()
        return True
