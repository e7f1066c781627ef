"""Routes of what colleagues share: entries, usages, and the weights learned from them."""

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.params import HeaderParameter, QueryParameter

from agent_tui.domain.rules import CORE, LEADING
from agent_tui.server.http.entry_forms import EntryIn, checked
from agent_tui.server.http.forms import read_body
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.params import EntryId, Limit200, Place, moment, page_size, read_id, write_id
from agent_tui.server.http.services import AnyRequest, AskingHere, answer
from agent_tui.server.identity import PEOPLE
from agent_tui.server.learning.entries import find_entries, put_entry, revoke_entry, share_entry
from agent_tui.server.learning.training import find_weights
from agent_tui.server.learning.usages import Wanted, usage_page
from agent_tui.server.problems import not_found
from agent_tui.wire import SharedEntries, SharedEntry, UsagePage

_SINCE = {"type": "string", "format": "date-time"}
Since = Annotated[
    str | None, QueryParameter(schema_extra=_SINCE, description="Those sent at this moment or later.")
]
Team = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        pattern=r"\S",
        description="Those of one team: the ticket's, else that of the person who answered.",
    ),
]
NoneMatch = Annotated[str | None, HeaderParameter(name="if-none-match")]


@get(
    "/v1/entries",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=SharedEntries)},
)
async def get_entries(asking: AskingHere, after: Place = None) -> Response[bytes]:
    """Shared entries; to their author and to leads proposed ones too; with `after` what changed since."""
    revision = None if after is None else int(after)
    return answer(await find_entries(asking.rooms.context, asking.reader, revision))


@put(
    "/v1/entries/{id:str}",
    guards=[may(CORE)],
    opt={"doc": Doc(body=EntryIn, answer=SharedEntry, also=(409,))},
)
async def put_one(request: AnyRequest, asking: AskingHere, id: EntryId) -> Response[bytes]:
    """Share a snippet with every colleague, or propose a case."""
    rooms, reader = asking.rooms, asking.reader
    form = await read_body(request, EntryIn)
    entry = checked(write_id(id), form, reader.name, rooms.outgoing)
    return answer(await put_entry(rooms.context, reader, entry))


@post(
    "/v1/entries/{id:str}/share",
    guards=[may(LEADING)],
    status_code=200,
    opt={"doc": Doc(answer=SharedEntry, also=(409,))},
)
async def post_share(asking: AskingHere, id: EntryId) -> Response[bytes]:
    """Share what was proposed."""
    return answer(await share_entry(asking.rooms.context, read_id(id)))


@delete(
    "/v1/entries/{id:str}",
    guards=[may(CORE)],
    status_code=200,
    opt={"doc": Doc(answer=SharedEntry, also=(409,))},
)
async def delete_one(asking: AskingHere, id: EntryId) -> Response[bytes]:
    """Take an entry away from everyone: its author's right, and a lead's."""
    return answer(await revoke_entry(asking.rooms.context, asking.reader, read_id(id)))


@get(
    "/v1/usages",
    guards=[may(CORE)],
    opt={"doc": Doc(answer=UsagePage, also=(404,))},
)
async def get_usages(
    asking: AskingHere, after: Place = None, limit: Limit200 = None, since: Since = None, team: Team = None
) -> Response[bytes]:
    """Usages without personal data, page by page."""
    most = page_size(limit, 200, 1000)
    wanted = Wanted(since=moment(since, "since"), team=team)
    return answer(await usage_page(asking.rooms.context, after, most, wanted))


@get(
    "/v1/model",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(media="application/octet-stream", also=(404,))},
)
async def get_model(asking: AskingHere, none_match: NoneMatch = None) -> Response[bytes]:
    """The weights; 304 for who has them already, 404 while nothing is learned."""
    weights = await find_weights(asking.rooms.context)
    if weights is None:
        raise not_found("nothing-learned")
    etag = f'"{weights.etag}"'
    headers = {"ETag": etag, "Model-Version": str(weights.version), "Cache-Control": "private, no-cache"}
    if none_match == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(weights.data, media_type="application/octet-stream", headers=headers)


ROUTES = [get_entries, put_one, post_share, delete_one, get_usages, get_model]
