"""Routes of what can be read, and of the feed."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import FromQuery, HeaderParameter, QueryParameter
from litestar.response import Stream

from agent_tui.domain.models import TicketDetail
from agent_tui.domain.text import clean
from agent_tui.server.feed.feed import page, resume
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.params import AnyId, Limit50, Limit200, Place, Text, page_size, read_id
from agent_tui.server.http.services import AnyRequest, AskingHere, answer
from agent_tui.server.identity import PEOPLE
from agent_tui.server.problems import bad_field
from agent_tui.server.store import reads
from agent_tui.wire import ChangePage, Found, Me, MessagePage, Snapshot, TicketPage

Piece = Annotated[str, QueryParameter(min_length=2, max_length=200)]
LastEvent = Annotated[str | None, HeaderParameter(name="Last-Event-ID")]


@get(
    "/v1/me",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=Me)},
)
async def get_me(asking: AskingHere) -> Response[bytes]:
    """Who the token is."""
    return answer(await reads.me(asking.rooms.database, asking.reader))


@get(
    "/v1/snapshot",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=Snapshot)},
)
async def get_snapshot(asking: AskingHere) -> Response[bytes]:
    """All that is not closed, with the cursor of the same moment."""
    context = asking.rooms.context
    return answer(await reads.snapshot(context.database, asking.reader, context.policy, context.epoch))


@get(
    "/v1/tickets",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=TicketPage)},
)
async def get_tickets(asking: AskingHere, after: Place = None, limit: Limit200 = None) -> Response[bytes]:
    """A page of tickets, closed ones too."""
    most = page_size(limit, 200, 1000)
    return answer(await reads.ticket_page(asking.rooms.database, asking.reader, after, most))


@get(
    "/v1/tickets/{id:str}",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=TicketDetail)},
)
async def get_ticket(asking: AskingHere, id: AnyId) -> Response[bytes]:
    """A ticket in detail."""
    return answer(await reads.ticket_detail(asking.rooms.database, asking.reader, read_id(id)))


@get(
    "/v1/tickets/{id:str}/messages",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=MessagePage)},
)
async def get_messages(
    asking: AskingHere, id: AnyId, before: Text = None, limit: Limit50 = None
) -> Response[bytes]:
    """A page of a conversation."""
    ticket, most = read_id(id), page_size(limit, 50, 200)
    return answer(await reads.message_page(asking.rooms.database, asking.reader, ticket, before, most))


@get(
    "/v1/search",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=Found)},
)
async def get_search(asking: AskingHere, q: Piece, limit: Limit50 = None) -> Response[bytes]:
    """Tickets whose words, names or numbers contain `q`."""
    most = page_size(limit, reads.FOUND, 200)
    return answer(await reads.search(asking.rooms.database, asking.reader, clean(q), most))


@get(
    "/v1/changes",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(answer=ChangePage, also=(410,))},
)
async def get_changes(asking: AskingHere, after: FromQuery[str], limit: Limit200 = None) -> Response[bytes]:
    """Changes after a cursor."""
    most = page_size(limit, 200, 1000)
    return answer(await page(asking.rooms.context, asking.reader, after, most))


@get(
    "/v1/changes/stream",
    guards=[may(PEOPLE)],
    opt={"doc": Doc(media="text/event-stream", also=(410,))},
)
async def get_stream(
    request: AnyRequest, asking: AskingHere, after: FromQuery[str | None] = None, last: LastEvent = None
) -> Stream:
    """The feed without end."""
    rooms, cursor = asking.rooms, last or after
    if cursor is None:
        raise bad_field("after", "is required")
    async with rooms.database.reading() as conn:
        seq, _ = await resume(rooms.context, conn, cursor)
    header = request.headers.get("authorization")

    async def is_valid() -> bool:
        """Whether the token still holds; an open stream also keeps its person's seat."""
        known = await rooms.door.look_up(header)
        if known is not None:
            await rooms.door.touch(known)
        return known is not None

    headers: dict[str, Any] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    frames = rooms.hub.stream(asking.reader, seq, is_valid)
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
