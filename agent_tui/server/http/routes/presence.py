"""The route by which people say what they look at and that they write."""

from litestar import Response, post

from agent_tui.server.http.forms import read_body
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.services import AnyRequest, AskingHere
from agent_tui.server.identity import PEOPLE
from agent_tui.wire import LookIn


@post(
    "/v1/presence",
    guards=[may(PEOPLE)],
    status_code=204,
    opt={"doc": Doc(body=LookIn, also=(404,))},
)
async def post_presence(request: AnyRequest, asking: AskingHere) -> Response[None]:
    """Note it for whoever looks at the same ticket."""
    await asking.rooms.presences.look(asking.reader, await read_body(request, LookIn))
    return Response(None, status_code=204)


ROUTES = [post_presence]
