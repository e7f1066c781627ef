"""The process behind the demo: it starts the server, plays the promotion day, and ends when the last
workstation has left."""

import asyncio
import contextlib
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from msgspec import Struct

CHANNELS = ("web", "app", "miniprogram", "wechat", "live", "email", "phone", "social")
SEATS = ("林晓", "周宁", "陈序", "吴桐", "何苗", "江渔", "沈默", "许诺")
POLL_SECONDS = 0.3
GRACE_SECONDS = 15.0
CUSTOMERS = 300
WAITING = 18


class DemoState(Struct, frozen=True, kw_only=True):
    """What the keeper tells workstations: `stage` is starting, ready or failed."""

    stage: str
    server: str = ""
    error: str = ""


class DemoHome:
    """The demo's folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server_data = folder / "server"
        self.profiles = folder / "profiles"
        self.log = folder / "demo.log"
        self._state = folder / "state.json"
        self._off = folder / "server.off"

    def keeper_lock(self) -> FileLock:
        """Held by the keeper for as long as the demo runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "keeper.lock")

    def is_running(self) -> bool:
        """Whether a keeper lives."""
        return _is_held(self.keeper_lock())

    def seat_lock(self, number: int) -> FileLock:
        """Held by the workstation that sits on seat `number`."""
        (self.folder / "seats").mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "seats" / f"{number}.lock")

    def take_seat(self) -> tuple[int, FileLock] | None:
        """The first free seat and its lock, or None when all are taken."""
        for number in range(len(SEATS)):
            lock = self.seat_lock(number)
            with contextlib.suppress(Timeout):
                # The keeper tries every seat's lock now and then: a moment's patience tells it from a sitter.
                lock.acquire(timeout=0.05, poll_interval=0.01)
                return number, lock
        return None

    def is_watched(self) -> bool:
        """Whether any workstation is open."""
        return any(_is_held(self.seat_lock(number)) for number in range(len(SEATS)))

    def state(self) -> DemoState | None:
        """What the keeper said last."""
        try:
            return msgspec.json.decode(self._state.read_bytes(), type=DemoState)
        except (OSError, msgspec.DecodeError):
            return None

    def tell(self, state: DemoState) -> None:
        """Say where the demo stands."""
        fresh = self._state.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(state))
        fresh.replace(self._state)

    @property
    def is_server_wanted(self) -> bool:
        """False between `demo server stop` and `demo server start`."""
        return not self._off.exists()

    def want_server(self, *, up: bool) -> None:
        """Ask the keeper for the server to run or not."""
        if up:
            self._off.unlink(missing_ok=True)
        else:
            self._off.touch()

    def clear(self) -> None:
        """Forget the last demo."""
        self._state.unlink(missing_ok=True)
        self._off.unlink(missing_ok=True)
        for folder in (self.server_data, self.profiles):
            shutil.rmtree(folder, ignore_errors=True)


def _is_held(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class DemoKeeper:
    """Runs one demo from its first workstation to its last."""

    def __init__(self, home: DemoHome) -> None:
        self._home = home
        self._port = free_port()
        self._server: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The server's address; the same after a restart."""
        return f"http://127.0.0.1:{self._port}"

    async def run(self) -> None:
        """Set the day up, keep it going, and leave nothing running."""
        self._home.clear()
        self._home.tell(DemoState(stage="starting"))
        day: asyncio.Task[None] | None = None
        try:
            hooks = free_port()
            keys = await self._make_channels(hooks)
            await self._start_server()
            await self._open_the_peak()
            day = asyncio.create_task(self._play(keys, hooks))
            self._home.tell(DemoState(stage="ready", server=self.url))
            await self._watch()
        except (OSError, TimeoutError) as error:
            self._home.tell(DemoState(stage="failed", error=str(error)))
        finally:
            if day is not None:
                day.cancel()
                await asyncio.gather(day, return_exceptions=True)
            await self._stop_server()
            if (state := self._home.state()) and state.stage == "ready":
                self._home.clear()

    async def _make_channels(self, hooks: int) -> tuple[object, ...]:
        from agent_tui.server.admin import Admin
        from agent_tui.sim.settings import ChannelKey

        self._home.server_data.mkdir(parents=True, exist_ok=True)
        async with Admin(self._home.server_data) as admin:
            made = [await admin.create_channel(n, f"http://127.0.0.1:{hooks}/hooks/{n}") for n in CHANNELS]
        return tuple(ChannelKey(c.name, c.token, c.secret) for c in made)

    async def _start_server(self) -> None:
        arguments = ["serve", "--port", str(self._port), "--data", str(self._home.server_data)]
        with self._home.log.open("ab") as log:
            self._server = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "agent_tui",
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._server.stdout is not None
        async with asyncio.timeout(60):
            line = await self._server.stdout.readline()
        if not line:
            raise OSError(f"serve: {self._home.log}")

    async def _stop_server(self) -> None:
        if self._server is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._server.terminate()
        try:
            async with asyncio.timeout(8):
                await self._server.wait()
        except TimeoutError:
            self._server.kill()
        self._server = None

    async def _open_the_peak(self) -> None:
        """A lead says that the peak has begun, as on the day."""
        from ulid import ULID

        from agent_tui.backends.http import HttpBackend
        from agent_tui.domain.commands import SetPhase
        from agent_tui.domain.models import Phase, Role
        from agent_tui.server.admin import Admin

        async with Admin(self._home.server_data) as admin:
            token = (await admin.create_token("组长", Role.LEAD)).token
        backend = HttpBackend(self.url, token)
        await backend.send((SetPhase(id=str(ULID()), phase=Phase.PEAK),))
        await backend.aclose()

    async def _play(self, keys: tuple[object, ...], hooks: int) -> None:
        from agent_tui.sim.engine import play
        from agent_tui.sim.settings import DaySettings

        for seed in range(1, 1000):
            settings = DaySettings(
                server=self.url,
                channels=keys,  # type: ignore[arg-type]
                listen=f"127.0.0.1:{hooks}",
                seed=seed,
                customers=CUSTOMERS,
                minutes=150,
                begin=50,
                waiting=WAITING,
                patience=1.5,
            )
            await play(settings)

    async def _watch(self) -> None:
        seen = time.monotonic()
        while time.monotonic() - seen < GRACE_SECONDS:
            await asyncio.sleep(POLL_SECONDS)
            if self._home.is_watched():
                seen = time.monotonic()
            await self._follow_wish()

    async def _follow_wish(self) -> None:
        is_up = self._server is not None and self._server.returncode is None
        if self._home.is_server_wanted and not is_up:
            await self._start_server()
        elif is_up and not self._home.is_server_wanted:
            await self._stop_server()


@contextlib.contextmanager
def keeping(home: DemoHome) -> Iterator[bool]:
    """Whether this process is the demo's keeper, for as long as the block lasts."""
    lock = home.keeper_lock()
    try:
        lock.acquire(timeout=1, poll_interval=0.02)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
