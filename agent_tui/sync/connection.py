"""Connection state and exponential backoff: the line to the backend, and how long to wait before a retry."""

import asyncio
import random
from collections.abc import Callable

from agent_tui.backends.base import BackendError, Unavailable
from agent_tui.sync.changes import Changes
from agent_tui.sync.shapes import Connection, Link, Topic
from agent_tui.waiting import is_set_within

FIRST_WAIT = 0.25
LONGEST_WAIT = 20.0


class Backoff:
    """Exponential backoff: waits that double with jitter, from `FIRST_WAIT` to `LONGEST_WAIT` seconds."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._tries = 0

    def next(self, error: BackendError | None = None) -> float:
        """How long to wait after one more failure; never shorter than the backend asked for."""
        whole = min(LONGEST_WAIT, FIRST_WAIT * float(2**self._tries))
        self._tries = min(self._tries + 1, 16)
        wait = whole * (0.5 + self._chance.random() / 2)
        asked = error.retry_after if isinstance(error, Unavailable) else 0.0
        return max(wait, asked)

    def reset(self) -> None:
        """It worked."""
        self._tries = 0


class BackendConnection:
    """The connection state: who is connected and who waits for it."""

    def __init__(self, clock: Callable[[], float], changes: Changes) -> None:
        self.state = Connection(link=Link.CONNECTING)
        self._clock = clock
        self._changes = changes
        self._token = asyncio.Event()
        self._nudge = asyncio.Event()
        self._on_alive: list[Callable[[], None]] = []

    def when_alive(self, reader: Callable[[], None]) -> None:
        """Call `reader` whenever the line comes back."""
        self._on_alive.append(reader)

    def alive(self) -> None:
        """A sign of life; a stream that outlives its token says nothing about the token."""
        if self.is_expired:
            return
        before = self.state
        now = self._clock()
        self.state = Connection(link=Link.ONLINE, synced_at=now)
        if before.link is not Link.ONLINE:
            self._changes.topic(Topic.CONNECTION)
            for reader in self._on_alive:
                reader()
        elif now - before.synced_at >= 1.0:
            self._changes.topic(Topic.CONNECTION)

    def lost(self, error: BackendError | None, wait: float) -> None:
        """Nobody answers; the next try is in `wait` seconds."""
        if self.state.link is Link.AUTH_EXPIRED:
            return
        detail = "" if error is None else error.values.get("detail", error.code)
        self._set(Link.OFFLINE, detail, self._clock() + wait)

    def expired(self) -> None:
        """The token is no good: nothing is asked until there is another."""
        self._token.clear()
        self._set(Link.AUTH_EXPIRED, "", 0.0)

    def _set(self, link: Link, detail: str, retry_at: float) -> None:
        self.state = Connection(link=link, synced_at=self.state.synced_at, detail=detail, retry_at=retry_at)
        self._changes.topic(Topic.CONNECTION)

    @property
    def is_online(self) -> bool:
        """Whether the feed runs: only then is it known that the outbox is meant for this backend."""
        return self.state.link is Link.ONLINE

    @property
    def is_expired(self) -> bool:
        """Whether another token is needed."""
        return self.state.link is Link.AUTH_EXPIRED

    def renewed(self) -> None:
        """There is another token."""
        if self.is_expired:
            self._set(Link.CONNECTING, "", 0.0)
        self._token.set()
        self.try_now()

    def try_now(self) -> None:
        """Do not wait for the next try: ask the backend now."""
        self._nudge.set()

    async def wait(self, seconds: float) -> None:
        """Wait before the next try; for another token when that is what is missing."""
        if self.is_expired:
            await self._token.wait()
            return
        self._nudge.clear()
        await is_set_within(self._nudge, seconds)
