"""Routes of knowledge packs: everyone reads them, leads publish and revoke them."""

from litestar import Response, delete, get, put

from agent_tui.domain.rules import LEADING
from agent_tui.domain.staffing import PackInfo, PackList
from agent_tui.server.http.forms import read_bytes
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.params import AnyId, read_id, write_id
from agent_tui.server.http.services import AnyRequest, AskingHere, answer
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
async def get_packs(asking: AskingHere) -> Response[bytes]:
    """Published packs and the built-in ones, with their versions."""
    return answer(await list_packs(asking.rooms.context))


@get("/v1/packs/{id:str}", guards=[may(PEOPLE)], opt={"doc": Doc(answer=PackDocument)})
async def get_pack(asking: AskingHere, id: AnyId) -> Response[bytes]:
    """A pack in force."""
    return answer(await read_pack_text(asking.rooms.context, read_id(id)))


@put(
    "/v1/packs/{id:str}",
    guards=[may(LEADING)],
    opt={"doc": Doc(raw_body="application/yaml", answer=PackInfo)},
)
async def put_pack(request: AnyRequest, asking: AskingHere, id: AnyId) -> Response[bytes]:
    """Put a pack in force: the raw YAML (or JSON) text of its file."""
    data = await read_bytes(request, PACK_LIMIT)
    return answer(await publish(asking.rooms.context, asking.reader, write_id(id), data))


@delete(
    "/v1/packs/{id:str}",
    guards=[may(LEADING)],
    status_code=200,
    opt={"doc": Doc(answer=PackInfo)},
)
async def delete_pack(asking: AskingHere, id: AnyId) -> Response[bytes]:
    """Take a published pack out of force."""
    return answer(await revoke_pack(asking.rooms.context, read_id(id)))


ROUTES = [get_packs, get_pack, put_pack, delete_pack]
