"""Routes of what can be read, and of the feed."""

from typing import Any

from litestar import Response, get
from litestar.response import Stream

from agent_tui.domain.models import TicketDetail
from agent_tui.server.feed.feed import page, resume
from agent_tui.server.http.forms import page_size
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc, Param
from agent_tui.server.http.services import AnyRequest, answer, query_text, read_id, rooms_of
from agent_tui.server.identity import PEOPLE
from agent_tui.server.problems import bad_field
from agent_tui.server.store import reads
from agent_tui.wire import ChangePage, Found, Me, MessagePage, Snapshot, TicketPage


def _limit(usual: int, most: int) -> Param:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return Param(name="limit", schema=schema)


def _text(name: str, required: bool = False, pattern: str = "", least: int = 0) -> Param:
    schema = {"type": "string", "minLength": least, "maxLength": 200}
    schema |= {"pattern": pattern} if pattern else {}
    return Param(name=name, schema=schema, required=required)


_AFTER = Param(name="after", schema={"type": "string"}, required=True)
_CURSOR = (
    Param(name="after", schema={"type": "string"}),
    Param(name="Last-Event-ID", schema={"type": "string"}, place="header"),
)


@get(
    "/v1/me",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=Me)},
)
async def get_me(request: AnyRequest) -> Response[bytes]:
    """Who the token is."""
    rooms = rooms_of(request)
    reader = request.user
    return answer(await reads.me(rooms.context.database, reader))


@get(
    "/v1/snapshot",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=Snapshot)},
)
async def get_snapshot(request: AnyRequest) -> Response[bytes]:
    """All that is not closed, with the cursor of the same moment."""
    rooms = rooms_of(request)
    reader = request.user
    return answer(
        await reads.snapshot(rooms.context.database, reader, rooms.context.policy, rooms.context.epoch)
    )


@get(
    "/v1/tickets",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=TicketPage, params=(_text("after", pattern="^[0-9]{1,15}$"), _limit(200, 1000)))},
)
async def get_tickets(request: AnyRequest) -> Response[bytes]:
    """A page of tickets, closed ones too."""
    rooms = rooms_of(request)
    reader = request.user
    limit = page_size(request, 200, 1000)
    return answer(
        await reads.ticket_page(rooms.context.database, reader, query_text(request, "after"), limit)
    )


@get(
    "/v1/tickets/{id:str}",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=TicketDetail)},
)
async def get_ticket(request: AnyRequest) -> Response[bytes]:
    """A ticket in detail."""
    rooms = rooms_of(request)
    reader = request.user
    return answer(await reads.ticket_detail(rooms.context.database, reader, read_id(request, "id")))


@get(
    "/v1/tickets/{id:str}/messages",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=MessagePage, params=(_text("before"), _limit(50, 200)))},
)
async def get_messages(request: AnyRequest) -> Response[bytes]:
    """A page of a conversation."""
    rooms = rooms_of(request)
    reader = request.user
    before, limit = query_text(request, "before"), page_size(request, 50, 200)
    ticket = read_id(request, "id")
    return answer(await reads.message_page(rooms.context.database, reader, ticket, before, limit))


@get(
    "/v1/search",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=Found, params=(_text("q", required=True, least=2), _limit(reads.FOUND, 200)))},
)
async def get_search(request: AnyRequest) -> Response[bytes]:
    """Tickets whose words, names or numbers contain `q`."""
    rooms = rooms_of(request)
    reader = request.user
    query = query_text(request, "q")
    if query is None or len(request.query_params["q"]) < 2:
        raise bad_field("q", "at least two characters")
    limit = page_size(request, reads.FOUND, 200)
    return answer(await reads.search(rooms.context.database, reader, query, limit))


@get(
    "/v1/changes",
    guards=[may(PEOPLE)],
    opt={
        "doc": Doc(
            answer=ChangePage,
            params=(_AFTER, _limit(200, 1000)),
            also=(410,),
        )
    },
)
async def get_changes(request: AnyRequest) -> Response[bytes]:
    """Changes after a cursor."""
    rooms = rooms_of(request)
    reader = request.user
    limit = page_size(request, 200, 1000)
    after = request.query_params.get("after")
    if after is None:
        raise bad_field("after", "is required")
    return answer(await page(rooms.context, reader, after, limit))


@get(
    "/v1/changes/stream",
    guards=[may(PEOPLE)],
    opt={
        "doc": Doc(
            media="text/event-stream",
            params=_CURSOR,
            also=(410,),
        )
    },
)
async def get_stream(request: AnyRequest) -> Stream:
    """The feed without end."""
    rooms = rooms_of(request)
    reader = request.user
    after = request.headers.get("last-event-id") or request.query_params.get("after")
    if after is None:
        raise bad_field("after", "is required")
    async with rooms.context.database.reading() as conn:
        seq, _ = await resume(rooms.context, conn, after)
    header = request.headers.get("authorization")

    async def is_valid() -> bool:
        """Whether the token still holds; an open stream also keeps its person's seat."""
        known = await rooms.door.look_up(header)
        if known is not None:
            await rooms.door.touch(known)
        return known is not None

    headers: dict[str, Any] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    frames = rooms.hub.stream(reader, seq, is_valid)
    return Stream(frames, media_type="text/event-stream", headers=headers)


ROUTES = [
    get_me,
    get_snapshot,
    get_tickets,
    get_ticket,
    get_messages,
    get_search,
    get_changes,
    get_stream,
]
