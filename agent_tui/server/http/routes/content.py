"""Routes of a team's content: everyone reads it, leads publish it and take it back."""

from typing import Annotated

from litestar import Response, get, post, put
from litestar.params import HeaderParameter

from agent_tui.domain.rules import LEADING
from agent_tui.domain.team_content import (
    MOST_BYTES,
    ContentDifferences,
    ContentIn,
    ContentVersion,
    ContentVersions,
    RollbackIn,
    TeamContent,
    tag_of,
)
from agent_tui.server.http.forms import check_media, parse, read_body, read_bytes
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.params import AnyId, Limit50, Place, page_size
from agent_tui.server.http.services import AnyRequest, AskingHere, answer
from agent_tui.server.identity import PEOPLE
from agent_tui.server.problems import not_found
from agent_tui.server.publishing.versions import (
    current_content,
    find_differences,
    list_versions,
    publish_content,
    roll_back,
    version_in_force,
)

# As JSON a text may grow by what is escaped in it.
_LIMIT = 2 * MOST_BYTES
NoneMatch = Annotated[str | None, HeaderParameter(name="if-none-match")]


@get("/v1/content", guards=[may(PEOPLE)], opt={"doc": Doc(answer=TeamContent, also=(404,))})
async def get_content(
    asking: AskingHere, version: Place = None, none_match: NoneMatch = None
) -> Response[bytes]:
    """The team's content in force or in another version; 304 for who has it already."""
    context = asking.rooms.context
    if version is not None:
        return answer(await current_content(context, int(version)))
    if none_match is not None and none_match == _etag(await version_in_force(context)):
        return Response(b"", status_code=304, headers={"ETag": none_match})
    found = await current_content(context)
    made = answer(found)
    made.headers.update({"ETag": _etag(found), "Cache-Control": "private, no-cache"})
    return made


def _etag(version: ContentVersion) -> str:
    return f'"{tag_of(version)}"'


@put(
    "/v1/content",
    guards=[may(LEADING)],
    opt={"doc": Doc(body=ContentIn, answer=ContentVersion, also=(409,))},
)
async def put_content(request: AnyRequest, asking: AskingHere) -> Response[bytes]:
    """Publish the files of a team's folder: on every desk at once; the same again changes nothing."""
    check_media(request)
    form = parse(await read_bytes(request, _LIMIT), ContentIn)
    return answer(await publish_content(asking.rooms.context, asking.reader, form))


@get("/v1/content/versions", guards=[may(PEOPLE)], opt={"doc": Doc(answer=ContentVersions)})
async def get_versions(asking: AskingHere, limit: Limit50 = None) -> Response[bytes]:
    """The latest versions: who published what when."""
    return answer(await list_versions(asking.rooms.context, page_size(limit, 50, 200)))


@get(
    "/v1/content/versions/{version:str}/differences",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=ContentDifferences)},
)
async def get_differences(asking: AskingHere, version: AnyId) -> Response[bytes]:
    """Which entries a version changed, with the words before and after."""
    if not (version.isascii() and version.isdecimal() and len(version) <= 15):
        raise not_found("unknown-version")
    return answer(await find_differences(asking.rooms.context, int(version)))


@post(
    "/v1/content/rollback",
    guards=[may(LEADING)],
    status_code=200,
    opt={"doc": Doc(body=RollbackIn, answer=ContentVersion, also=(404, 409))},
)
async def post_rollback(request: AnyRequest, asking: AskingHere) -> Response[bytes]:
    """Take the content back to an earlier version, as a new version."""
    form = await read_body(request, RollbackIn)
    return answer(await roll_back(asking.rooms.context, asking.reader, form))


ROUTES = [get_content, put_content, get_versions, get_differences, post_rollback]
