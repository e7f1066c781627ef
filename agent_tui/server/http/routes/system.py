"""Routes without a token: is it alive, is it ready, what does it offer."""

from litestar import Response, get

from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.services import AnyRequest, RoomsHere, answer
from agent_tui.server.problems import HttpProblem
from agent_tui.server.store.database.transactions import DOWN


@get(
    "/healthz",
    opt={"doc": Doc(answer=dict[str, str])},
)
async def get_health() -> Response[bytes]:
    """Alive."""
    return answer({"status": "ok"})


@get(
    "/readyz",
    opt={"doc": Doc(answer=dict[str, str])},
)
async def get_ready(rooms: RoomsHere) -> Response[bytes]:
    """Ready: migrated, and the database answers."""
    try:
        ready = await rooms.database.is_ready()
    except DOWN:
        ready = False
    if rooms.context.stopping.is_set() or not ready:
        raise HttpProblem(503, "not-ready")
    return answer({"status": "ready"})


@get("/openapi.json")
async def get_openapi(request: AnyRequest) -> Response[bytes]:
    """The document of this contract."""
    return answer(request.app.state.openapi)


ROUTES = [get_health, get_ready, get_openapi]
