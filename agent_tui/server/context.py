"""What the rooms of a server process share: the database, the team's rules, and who is woken by a commit."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct

from agent_tui.domain.policy import Policy
from agent_tui.server.store.database.transactions import Database

log = logging.getLogger(__name__)


class ServerLimits(Struct, frozen=True, kw_only=True):
    """What one may ask of this process: requests a second and a burst per token, days and lines kept."""

    rate: float = 300.0
    burst: float = 600.0
    keep_seconds: float = 3 * 24 * 3600.0
    keep_lines: int = 2_000_000


class ServerContext:
    """One process's collaborators; `stopping` is set when the process is asked to end, `web` is where the
    helper's screen is served to browsers, empty when that is not known."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        limits: ServerLimits,
        owner: str,
    ) -> None:
        self.database = database
        self.policy = policy
        self.limits = limits
        self.owner = owner
        self.epoch = ""
        self.web = ""
        self.stopping = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after each commit that wrote lines."""
        self._listeners.append(listener)

    def committed(self) -> None:
        """Say that there are new lines."""
        for listener in self._listeners:
            listener()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the requests until the end."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("%s ended", task.get_coro(), exc_info=task.exception())

    async def stop(self) -> None:
        """End what was started."""
        self.stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
