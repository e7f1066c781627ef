"""The application: routes, error answers, and what runs beside the requests."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from litestar import Litestar
from litestar.datastructures import State
from msgspec import Struct
from sqlalchemy import select
from ulid import ULID

from agent_tui.domain.policy import Policy
from agent_tui.server.commands.executor import CommandExecutor
from agent_tui.server.commands.outgoing import OutgoingFilter
from agent_tui.server.commands.timers import Timers
from agent_tui.server.context import ServerContext, ServerLimits
from agent_tui.server.delivery.webhooks import DeliveryWorker
from agent_tui.server.feed.hub import FeedHub
from agent_tui.server.feed.notify import PostgresNotifier
from agent_tui.server.feed.presence import Presences
from agent_tui.server.http.auth import Authenticator
from agent_tui.server.http.openapi import document
from agent_tui.server.http.problems import HANDLERS
from agent_tui.server.http.routes import content, helpers, knowledge, packs, presence, reads, system, writes
from agent_tui.server.http.services import Rooms, dependencies
from agent_tui.server.intake.channels import Ingress
from agent_tui.server.learning.training import Learner, TrainingSchedule
from agent_tui.server.lending.assignment import Router
from agent_tui.server.lending.codes import GuessLimit
from agent_tui.server.lending.shifts import Shifts
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.opening import open_database, unusable, url_of
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.settings import version
from agent_tui.wire import encode


class ServerOptions(Struct, frozen=True, kw_only=True):
    """How a process is asked to serve."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8765
    database: str | None = None
    policy: Policy = Policy()
    limits: ServerLimits = ServerLimits()
    outgoing: Path | None = None
    pace: TrainingSchedule = TrainingSchedule()
    web: str = ""


def build(rooms: Rooms) -> Litestar:
    """The application over `rooms`."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        yield
        await rooms.context.stop()
        await rooms.context.database.aclose()

    app = Litestar(
        route_handlers=[
            *reads.ROUTES,
            *writes.ROUTES,
            *helpers.ROUTES,
            *packs.ROUTES,
            *knowledge.ROUTES,
            *content.ROUTES,
            *presence.ROUTES,
            *system.ROUTES,
        ],
        exception_handlers=HANDLERS,
        state=State({"rooms": rooms}),
        dependencies=dependencies(rooms),
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
    )
    app.state.openapi = encode(document(app, version()))
    return app


async def open_house(options: ServerOptions) -> ServerContext:
    """Bring the database up to date and name this process."""
    database = open_database(url_of(options.data, options.database))
    try:
        await database.migrate()
    except DOWN as error:
        raise unusable(database, error) from error
    context = ServerContext(database, options.policy, options.limits, str(ULID()))
    context.web = options.web
    async with database.reading() as conn:
        context.epoch = (await conn.scalars(select(t.house.c.epoch))).one()
    return context


async def furnish(
    context: ServerContext, outgoing: OutgoingFilter, pace: TrainingSchedule | None = None
) -> Rooms:
    """Start what runs beside the requests."""
    presences = Presences(context)
    hub = FeedHub(context, presences)
    await hub.start()
    rooms = Rooms(
        context,
        Authenticator(context),
        hub,
        CommandExecutor(context, outgoing),
        Ingress(context),
        presences,
        GuessLimit(),
        outgoing.rules,
    )
    if not context.database.is_sqlite:
        bell = PostgresNotifier(context, hub.poke, presences)
        context.start(bell.run(await bell.connect()))
    context.start(DeliveryWorker(context).run())
    context.start(Timers(context).run())
    context.start(Router(context).run())
    context.start(Shifts(context).run())
    learner = Learner(context, pace)
    context.start(learner.listen())
    context.start(learner.run())
    return rooms
