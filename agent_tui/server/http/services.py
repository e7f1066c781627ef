"""What a route is given (dependency injection): the rooms of this process, and who asks for them.

A route names one dependency: Litestar resolves two of them in a task group, which costs 80 µs a request, a
tenth of a command; one costs nothing that can be measured. So who asks and the rooms come as one `Asking`.
"""

import time
from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency, Provide
from msgspec import Struct

from agent_tui.knowledge.outgoing.rules import Rules
from agent_tui.server.commands.executor import CommandExecutor
from agent_tui.server.context import ServerContext
from agent_tui.server.feed.hub import FeedHub
from agent_tui.server.feed.presence import Presences
from agent_tui.server.http.auth import Authenticator
from agent_tui.server.identity import Principal
from agent_tui.server.intake.channels import Ingress
from agent_tui.server.lending.codes import GuessLimit
from agent_tui.server.store.database.transactions import Database
from agent_tui.wire import encode

AnyRequest = Request[Principal, Any, Any]


class Rooms(Struct, frozen=True):
    """One process's rooms, and its clock (epoch seconds)."""

    context: ServerContext
    door: Authenticator
    hub: FeedHub
    executor: CommandExecutor
    ingress: Ingress
    presences: Presences
    guesses: GuessLimit
    outgoing: Rules
    clock: Callable[[], float] = time.time

    @property
    def database(self) -> Database:
        """Where everything is kept."""
        return self.context.database


class Asking(Struct, frozen=True):
    """Who asks, whom the route's guard has let in, and the rooms they ask."""

    reader: Principal
    rooms: Rooms


AskingHere = NamedDependency[Asking]
RoomsHere = NamedDependency[Rooms]


def dependencies(rooms: Rooms) -> dict[str, Provide]:
    """What routes may name: `asking` behind a guard, `rooms` where nobody has a token."""

    def asking(request: AnyRequest) -> Asking:
        return Asking(request.user, rooms)

    def only_rooms() -> Rooms:
        return rooms

    return {
        "asking": Provide(asking, sync_to_thread=False),
        "rooms": Provide(only_rooms, sync_to_thread=False),
    }


def answer(value: Any, status: int = 200) -> Response[bytes]:
    """JSON; bytes are JSON already."""
    body = value if isinstance(value, bytes) else encode(value)
    return Response(body, status_code=status, media_type="application/json")
