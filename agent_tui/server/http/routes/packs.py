"""Routes of knowledge packs: everyone reads them, leads publish and revoke them."""

from litestar import Response, delete, get, put

from agent_tui.domain.rules import LEADING
from agent_tui.domain.staffing import PackInfo, PackList
from agent_tui.server.http.forms import read_bytes
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.services import AnyRequest, answer, read_id, rooms_of, write_id
from agent_tui.server.identity import PEOPLE
from agent_tui.server.lending.packs import (
    PACK_LIMIT,
    PackDocument,
    list_packs,
    publish,
    read_pack_text,
    revoke_pack,
)


@get(
    "/v1/packs",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=PackList)},
)
async def get_packs(request: AnyRequest) -> Response[bytes]:
    """Published packs and the built-in ones, with their versions."""
    rooms = rooms_of(request)
    return answer(await list_packs(rooms.context))


@get("/v1/packs/{id:str}", guards=[may(PEOPLE)], opt={"doc": Doc(answer=PackDocument)})
async def get_pack(request: AnyRequest) -> Response[bytes]:
    """A pack in force."""
    rooms = rooms_of(request)
    return answer(await read_pack_text(rooms.context, read_id(request, "id")))


@put(
    "/v1/packs/{id:str}",
    guards=[may(LEADING)],
    opt={"doc": Doc(raw_body="application/yaml", answer=PackInfo)},
)
async def put_pack(request: AnyRequest) -> Response[bytes]:
    """Put a pack in force: the raw YAML (or JSON) text of its file."""
    rooms = rooms_of(request)
    reader = request.user
    id = write_id(request, "id")
    return answer(await publish(rooms.context, reader, id, await read_bytes(request, PACK_LIMIT)))


@delete(
    "/v1/packs/{id:str}",
    guards=[may(LEADING)],
    status_code=200,
    opt={"doc": Doc(answer=PackInfo)},
)
async def delete_pack(request: AnyRequest) -> Response[bytes]:
    """Take a published pack out of force."""
    rooms = rooms_of(request)
    return answer(await revoke_pack(rooms.context, read_id(request, "id")))


ROUTES = [get_packs, get_pack, put_pack, delete_pack]
