"""Who works in a browser here: one process and one window a person, and a while to come back in."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from msgspec import Struct

from agent_tui.errors import AgentTuiError
from agent_tui.handshake import LEFT, SHIFT_OVER, Hello
from agent_tui.web.running import Running
from agent_tui.web.window import Close, Window

log = logging.getLogger(__name__)

_WHY = {SHIFT_OVER: Close.OVER, LEFT: Close.LEFT}


class ProcessSettings(Struct, frozen=True, kw_only=True):
    """Where processes work: the server, the folder of all profiles, how many at most, and how many seconds a
    process waits for its browser to come back."""

    server: str
    base: Path
    most: int = 60
    grace: float = 120.0
    theme: str = ""


class Full(AgentTuiError):
    """As many work here as may."""


class Guest(Struct, frozen=True, kw_only=True):
    """A person the server has confirmed, and how their window is. Never shown: it has no repr."""

    person: str
    token: str
    language: str
    width: int
    height: int

    def __repr__(self) -> str:
        return f"Guest(person={self.person!r})"


class Session:
    """A person's process and the window that shows it, if any."""

    def __init__(self, guest: Guest, place: ProcessSettings, on_end: Callable[["Session"], None]) -> None:
        self.person = guest.person
        self.key = key_of(guest.token)
        self.window: Window | None = None
        self.size = (guest.width, guest.height)
        self._place = place
        self._on_end = on_end
        self._grace: asyncio.TimerHandle | None = None
        self._why = Close.STUMBLED
        self._tasks: set[asyncio.Task[None]] = set()
        self.running = Running(self._hello(guest), self._show, self._ended)

    def _hello(self, guest: Guest) -> Hello:
        place = self._place
        return Hello(
            server=place.server,
            token=guest.token,
            base=str(place.base),
            profile=guest.person,
            language=guest.language,
            theme=place.theme,
            width=guest.width,
            height=guest.height,
        )

    def _show(self, data: bytes) -> None:
        if self.window is not None:
            self.window.show(data)

    async def repaint(self) -> None:
        """Paint everything anew."""
        await self.running.attach(*self.size)

    async def take(self, window: Window) -> None:
        """Show the process in `window`; the one before is told that it goes on elsewhere."""
        before, self.window = self.window, window
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
        if before is not None:
            await before.close(Close.ELSEWHERE)

    def leave(self, window: Window) -> None:
        """A window has gone: unless another has taken over, the process waits a while for the next."""
        if self.window is window:
            self.window = None
            loop = asyncio.get_running_loop()
            self._grace = loop.call_later(self._place.grace, self._give_up)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _give_up(self) -> None:
        self._start(self.end(Close.LEFT))

    async def end(self, why: Close) -> None:
        """End the process and tell the window why."""
        self._why = why
        await self.running.stop()
        others = self._tasks - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=0.5)

    def _ended(self, status: int) -> None:
        log.info("the process of %s ended with %d", self.person, status)
        if self._grace is not None:
            self._grace.cancel()
        self._on_end(self)
        if self.window is not None:
            window, self.window = self.window, None
            why = _WHY.get(status, Close.STUMBLED) if self._why is Close.STUMBLED else self._why
            self._start(window.close(why))


class Sessions:
    """All of them, by person."""

    def __init__(self, place: ProcessSettings) -> None:
        self._place = place
        self._by_person: dict[str, Session] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._starting = 0
        self._is_stopping = False

    def __len__(self) -> int:
        return len(self._by_person)

    def known(self, token: str) -> str | None:
        """Whose process runs on `token`; the server has confirmed it before."""
        key = key_of(token)
        return next((one.person for one in self._by_person.values() if one.key == key), None)

    async def sit_down(self, guest: Guest, window_for: Callable[[Session], Window]) -> tuple[Session, Window]:
        """The person's process, running already or started now, shown in a new window.

        Raises Full, and OSError when the system starts no more processes.
        """
        async with self._locks.setdefault(guest.person, asyncio.Lock()):
            session = self._by_person.get(guest.person)
            if session is not None and session.key != key_of(guest.token):
                await session.end(Close.ELSEWHERE)
                session = None
            if session is None:
                return await self._begin(guest, window_for)
            session.size = (guest.width, guest.height)
            window = window_for(session)
            await session.take(window)
            await session.repaint()
            return session, window

    async def _begin(self, guest: Guest, window_for: Callable[[Session], Window]) -> tuple[Session, Window]:
        if self._is_stopping or len(self._by_person) >= self._place.most:
            raise Full("full", most=str(self._place.most))
        session = Session(guest, self._place, self._forget)
        self._by_person[guest.person] = session
        window = window_for(session)
        try:
            await session.take(window)
            await session.running.begin()
        except OSError:
            window.drop()
            self._forget(session)
            raise
        return session, window

    def _forget(self, session: Session) -> None:
        if self._by_person.get(session.person) is session:
            del self._by_person[session.person]

    async def end(self, token: str) -> None:
        """The shift behind `token` is over: end what runs on it."""
        key = key_of(token)
        for session in [one for one in self._by_person.values() if one.key == key]:
            await session.end(Close.OVER)

    async def stop(self) -> None:
        """End all processes, each leaving its outbox on disk, within five seconds."""
        self._is_stopping = True
        ends = [session.end(Close.RESTART) for session in list(self._by_person.values())]
        await asyncio.gather(*ends)


def key_of(token: str) -> str:
    """By what a session knows its token again without keeping it."""
    return hashlib.sha256(token.encode()).hexdigest()
