"""Routes by which a lead invites helpers and ends their shifts, and a helper's code becomes a token."""

from litestar import Response, delete, get, post

from agent_tui.domain.rules import LEADING
from agent_tui.domain.staffing import HelperList, HelperRow
from agent_tui.server.http.forms import read_body
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.params import AnyId, read_id
from agent_tui.server.http.services import AnyRequest, AskingHere, RoomsHere, answer
from agent_tui.server.lending.codes import redeem
from agent_tui.server.lending.helpers import (
    invite,
    list_helpers,
    revoke_helper,
)
from agent_tui.wire import CodeIn, CodeTaken, HelperIn, HelperMade


@post(
    "/v1/helpers",
    guards=[may(LEADING)],
    status_code=201,
    opt={
        "doc": Doc(
            body=HelperIn,
            answer=HelperMade,
            also=(409,),
        )
    },
)
async def post_helper(request: AnyRequest, asking: AskingHere) -> Response[bytes]:
    """A token for a helper, paired with a core agent."""
    return answer(await invite(asking.rooms.context, await read_body(request, HelperIn)), 201)


@get(
    "/v1/helpers",
    guards=[may(LEADING)],
    opt={"doc": Doc(answer=HelperList)},
)
async def get_helpers(asking: AskingHere) -> Response[bytes]:
    """Helpers with their buddies and how long their shift lasts."""
    return answer(await list_helpers(asking.rooms.context))


@delete(
    "/v1/helpers/{id:str}",
    guards=[may(LEADING)],
    status_code=200,
    opt={"doc": Doc(answer=HelperRow)},
)
async def delete_helper(asking: AskingHere, id: AnyId) -> Response[bytes]:
    """Revoke a helper's tokens and give their customers back to the queue."""
    return answer(await revoke_helper(asking.rooms.context, read_id(id)))


@post(
    "/v1/invitations",
    status_code=201,
    opt={
        "doc": Doc(
            body=CodeIn,
            answer=CodeTaken,
            also=(404, 429),
        )
    },
)
async def post_invitation(request: AnyRequest, rooms: RoomsHere) -> Response[bytes]:
    """A token for a code, once; whoever has it needs no other."""
    form = await read_body(request, CodeIn)
    address = request.client.host if request.client else ""
    return answer(await redeem(rooms.context, form.code, rooms.guesses, address), 201)


ROUTES = [post_helper, get_helpers, delete_helper, post_invitation]
