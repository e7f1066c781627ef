"""Routes of what colleagues share: entries, usages, and the weights learned from them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response, delete, get, post, put

from agent_tui.domain.rules import CORE, LEADING
from agent_tui.server.http.entry_forms import EntryIn, checked
from agent_tui.server.http.forms import page_size, read_body
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc, Param
from agent_tui.server.http.services import AnyRequest, answer, query_text, read_id, rooms_of, write_id
from agent_tui.server.identity import PEOPLE
from agent_tui.server.learning.entries import find_entries, put_entry, revoke_entry, share_entry
from agent_tui.server.learning.training import find_weights
from agent_tui.server.learning.usages import Wanted, usage_page
from agent_tui.server.problems import bad_field, not_found
from agent_tui.wire import SharedEntries, SharedEntry, UsagePage

_ID: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,80}$"}
_AFTER = Param(name="after", schema={"type": "string", "pattern": "^[0-9]{1,15}$"})
_NONE_MATCH = Param(name="if-none-match", schema={"type": "string"}, place="header")
_LIMIT = Param(name="limit", schema={"type": "integer", "minimum": 1, "maximum": 1000, "default": 200})
_SINCE = Param(
    name="since",
    schema={"type": "string", "format": "date-time"},
    about="Those sent at this moment or later.",
)
_TEAM = Param(
    name="team",
    schema={"type": "string", "minLength": 1, "maxLength": 200},
    about="Those of one team: the ticket's, else that of the person who answered.",
)


@get(
    "/v1/entries",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=SharedEntries, params=(_AFTER,))},
)
async def get_entries(request: AnyRequest) -> Response[bytes]:
    """Shared entries; to their author and to leads proposed ones too; with `after` what changed since."""
    rooms = rooms_of(request)
    reader = request.user
    after = query_text(request, "after")
    if after is None:
        return answer(await find_entries(rooms.context, reader, None))
    if not (after.isascii() and after.isdigit() and len(after) <= 15):
        raise bad_field("after", "a revision")
    return answer(await find_entries(rooms.context, reader, int(after)))


@put(
    "/v1/entries/{id:str}",
    guards=[may(CORE)],
    opt={"doc": Doc(body=EntryIn, answer=SharedEntry, also=(409,), ids={"id": _ID})},
)
async def put_one(request: AnyRequest) -> Response[bytes]:
    """Share a snippet with every colleague, or propose a case."""
    rooms = rooms_of(request)
    reader = request.user
    id = write_id(request, "id")
    form = await read_body(request, EntryIn)
    return answer(await put_entry(rooms.context, reader, checked(id, form, reader.name, rooms.outgoing)))


@post(
    "/v1/entries/{id:str}/share",
    guards=[may(LEADING)],
    status_code=200,
    opt={"doc": Doc(answer=SharedEntry, also=(409,), ids={"id": _ID})},
)
async def post_share(request: AnyRequest) -> Response[bytes]:
    """Share what was proposed."""
    rooms = rooms_of(request)
    return answer(await share_entry(rooms.context, read_id(request, "id")))


@delete(
    "/v1/entries/{id:str}",
    guards=[may(CORE)],
    status_code=200,
    opt={"doc": Doc(answer=SharedEntry, also=(409,), ids={"id": _ID})},
)
async def delete_one(request: AnyRequest) -> Response[bytes]:
    """Take an entry away from everyone: its author's right, and a lead's."""
    rooms = rooms_of(request)
    reader = request.user
    return answer(await revoke_entry(rooms.context, reader, read_id(request, "id")))


@get(
    "/v1/usages",
    guards=[may(CORE)],
    opt={"doc": Doc(answer=UsagePage, params=(_AFTER, _LIMIT, _SINCE, _TEAM), also=(404,))},
)
async def get_usages(request: AnyRequest) -> Response[bytes]:
    """Usages without personal data, page by page."""
    rooms = rooms_of(request)
    limit = page_size(request, 200, 1000)
    team = query_text(request, "team")
    if team is not None and not team.strip():
        raise bad_field("team", "the name of a team")
    wanted = Wanted(since=_moment(query_text(request, "since")), team=team)
    return answer(await usage_page(rooms.context, query_text(request, "after"), limit, wanted))


def _moment(text: str | None) -> datetime | None:
    """An RFC 3339 moment of the query; without an offset it is UTC."""
    if text is None:
        return None
    try:
        moment = msgspec.convert(text, datetime)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except msgspec.ValidationError as error:
        raise bad_field("since", "RFC 3339, such as 2026-11-11T00:00:00Z") from error


@get(
    "/v1/model",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(media="application/octet-stream", params=(_NONE_MATCH,), also=(404,))},
)
async def get_model(request: AnyRequest) -> Response[bytes]:
    """The weights; 304 for who has them already, 404 while nothing is learned."""
    rooms = rooms_of(request)
    weights = await find_weights(rooms.context)
    if weights is None:
        raise not_found("nothing-learned")
    etag = f'"{weights.etag}"'
    headers = {"ETag": etag, "Model-Version": str(weights.version), "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(weights.data, media_type="application/octet-stream", headers=headers)


ROUTES = [get_entries, put_one, post_share, delete_one, get_usages, get_model]
