"""The application: routes, error answers, and the process that serves them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import uvicorn
from litestar import Litestar
from litestar.datastructures import State
from msgspec import Struct
from sqlalchemy import select
from ulid import ULID

from agent_tui.domain.errors import BadSettings
from agent_tui.domain.policy import Policy
from agent_tui.server.commands.ledger import Ledger
from agent_tui.server.commands.outgoing import Gate
from agent_tui.server.commands.timers import Timers
from agent_tui.server.delivery.webhooks import Post
from agent_tui.server.feed.feed import Hub
from agent_tui.server.feed.notify import Bell
from agent_tui.server.feed.presence import Presences
from agent_tui.server.house import House, Limits
from agent_tui.server.http.auth import Door
from agent_tui.server.http.openapi import document
from agent_tui.server.http.problems import HANDLERS
from agent_tui.server.http.routes import helpers, knowledge, packs, presence, reads, system, writes
from agent_tui.server.http.services import Rooms
from agent_tui.server.intake.channels import Ingress
from agent_tui.server.learning.training import Learner, Pace
from agent_tui.server.lending.assignment import Router
from agent_tui.server.lending.shifts import Shifts
from agent_tui.server.store import tables as t
from agent_tui.server.store.database import DOWN, open_database, url_of
from agent_tui.wire import encode

GRACE = 3


class Options(Struct, frozen=True, kw_only=True):
    """How a process is asked to serve."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8765
    database: str | None = None
    policy: Policy = Policy()
    limits: Limits = Limits()
    outgoing: Path | None = None
    pace: Pace = Pace()
    web: str = ""


def build(rooms: Rooms) -> Litestar:
    """The application over `rooms`."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        yield
        await rooms.house.stop()
        await rooms.house.database.aclose()

    app = Litestar(
        route_handlers=[
            *reads.ROUTES,
            *writes.ROUTES,
            *helpers.ROUTES,
            *packs.ROUTES,
            *knowledge.ROUTES,
            *presence.ROUTES,
            *system.ROUTES,
        ],
        exception_handlers=HANDLERS,
        state=State({"rooms": rooms}),
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
    )
    app.state.openapi = encode(document(app, _version()))
    return app


def _version() -> str:
    try:
        return version("agent-tui-desk")
    except PackageNotFoundError:
        return "0"


async def open_house(options: Options) -> House:
    """Bring the database up to date and name this process."""
    gate = Gate.load(options.outgoing)
    try:
        database = open_database(url_of(options.data, options.database))
        await database.migrate()
    except DOWN as error:
        detail = str(error).splitlines()[0]
        raise BadSettings("no-database", detail=detail) from error
    house = House(database, options.policy, options.limits, str(ULID()), gate)
    house.web = options.web
    async with database.reading() as conn:
        house.epoch = (await conn.scalars(select(t.house.c.epoch))).one()
    return house


async def furnish(house: House, pace: Pace | None = None) -> Rooms:
    """Start what runs beside the requests."""
    presences = Presences(house)
    hub = Hub(house, presences)
    await hub.start()
    rooms = Rooms(house, Door(house), hub, Ledger(house), Ingress(house), presences)
    if not house.database.is_sqlite:
        bell = Bell(house, hub.poke, presences)
        house.start(bell.run(await bell.connect()))
    house.start(Post(house).run())
    house.start(Timers(house).run())
    house.start(Router(house).run())
    house.start(Shifts(house).run())
    learner = Learner(house, pace)
    house.start(learner.listen())
    house.start(learner.run())
    return rooms


class _Process(uvicorn.Server):
    """A server that says when it listens, and ends its streams when it is asked to end."""

    def __init__(self, config: uvicorn.Config, rooms: Rooms, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._rooms = rooms
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams first: an endless answer would hold the process."""
        self._rooms.house.stopping.set()
        self._rooms.hub.stop()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


async def serve(options: Options, sock: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve on `sock` until a signal ends it."""
    house = await open_house(options)
    rooms = await furnish(house, options.pace)
    config = uvicorn.Config(
        build(rooms),
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=75,
    )
    await _Process(config, rooms, on_ready).serve([sock])


def run(options: Options, on_ready: Callable[[str], None]) -> None:
    """Serve until a signal ends it; `on_ready` is told the address.

    Raises BadSettings for a port that is taken or a database that does not answer.
    """
    try:
        sock = listen(options.host, options.port)
    except OSError as error:
        place, why = f"{options.host}:{options.port}", error.strerror or str(error)
        raise BadSettings("cannot-listen", at=place, detail=why) from error
    with sock:
        port = sock.getsockname()[1]
        host = f"[{options.host}]" if ":" in options.host else options.host
        asyncio.run(serve(options, sock, lambda: on_ready(f"http://{host}:{port}")))
