"""What a request reaches: the rooms of this process, hung on the application's state."""

from typing import Any

from litestar import Request, Response
from msgspec import Struct

from agent_tui.domain.text import clean
from agent_tui.knowledge.outgoing.rules import Rules
from agent_tui.server.commands.executor import CommandExecutor
from agent_tui.server.context import ServerContext
from agent_tui.server.feed.feed import FeedHub
from agent_tui.server.feed.presence import Presences
from agent_tui.server.http.auth import Authenticator
from agent_tui.server.identity import Principal
from agent_tui.server.intake.channels import Ingress
from agent_tui.server.lending.codes import GuessLimit
from agent_tui.server.problems import bad_field, not_found
from agent_tui.wire import encode

AnyRequest = Request[Principal, Any, Any]


class Rooms(Struct, frozen=True):
    """One process's rooms."""

    context: ServerContext
    door: Authenticator
    hub: FeedHub
    executor: CommandExecutor
    ingress: Ingress
    presences: Presences
    guesses: GuessLimit
    outgoing: Rules


def rooms_of(request: AnyRequest) -> Rooms:
    """The rooms behind a request."""
    rooms: Rooms = request.app.state.rooms
    return rooms


def answer(value: Any, status: int = 200) -> Response[bytes]:
    """JSON; bytes are JSON already."""
    body = value if isinstance(value, bytes) else encode(value)
    return Response(body, status_code=status, media_type="application/json")


def read_id(request: AnyRequest, name: str) -> str:
    """An id in the path of a read: one that cannot be is simply not there."""
    value: str = request.path_params[name]
    if clean(value) != value or len(value) > 200:
        raise not_found()
    return value


def write_id(request: AnyRequest, name: str) -> str:
    """An id in the path of a write."""
    value: str = request.path_params[name]
    if clean(value) != value or not 0 < len(value) <= 200:
        raise bad_field(name, "1 to 200 characters, without control characters")
    return value


def query_text(request: AnyRequest, name: str) -> str | None:
    """A query parameter without control characters, None when it is not there."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if len(value) > 200:
        raise bad_field(name, "at most 200 characters")
    return clean(value)
