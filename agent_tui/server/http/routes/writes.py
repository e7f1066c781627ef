"""Routes of what agents and channels send: commands, files, messages, customers and orders."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post, put
from msgspec.structs import asdict

from agent_tui.domain.models import Customer, FileInfo, Order
from agent_tui.domain.rules import CORE
from agent_tui.server.http.forms import (
    BODY_LIMIT,
    FILE_LIMIT,
    check_media,
    check_parts,
    parse,
    read_body,
    read_bytes,
    read_json,
)
from agent_tui.server.http.guards import may
from agent_tui.server.http.openapi import Doc, Param
from agent_tui.server.http.services import AnyRequest, Rooms, answer, query_text, read_id, rooms_of, write_id
from agent_tui.server.identity import CHANNEL, EVERY, PEOPLE
from agent_tui.server.intake.channels import check_signature, find_channel
from agent_tui.server.intake.forms import (
    CustomerIn,
    CustomerRow,
    CustomersIn,
    MessageIn,
    OrderIn,
    OrdersIn,
    Stored,
)
from agent_tui.server.lending.packs import names_entry
from agent_tui.server.problems import HttpProblem, bad_field, not_found
from agent_tui.server.store.files import find_file, keep_file, media_type
from agent_tui.wire import CommandBatch, Outcomes, Taken, encode

_ANY_ID: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "pattern": "^[A-Za-z0-9._~-]+$",
}
_SIGNED = tuple(
    Param(name=name, schema={"type": "string"}, required=True, place="header")
    for name in ("webhook-id", "webhook-timestamp")
)


@post(
    "/v1/commands",
    guards=[may(PEOPLE)],
    status_code=200,
    opt={"doc": Doc(body=CommandBatch, answer=Outcomes)},
)
async def post_commands(request: AnyRequest) -> Response[bytes]:
    """Run 1 to 100 commands, each by itself."""
    rooms = rooms_of(request)
    reader = request.user
    batch = await read_body(request, CommandBatch)
    for i, command in enumerate(batch.commands):
        check_parts(command.parts, f"commands[{i}].parts")
    return answer(Outcomes(outcomes=await rooms.executor.run_all(batch.commands, reader)))


@post(
    "/v1/files",
    guards=[may(EVERY)],
    status_code=201,
    opt={
        "doc": Doc(
            raw_body="application/octet-stream",
            answer=FileInfo,
            params=(
                Param(name="name", schema={"type": "string", "maxLength": 200, "default": "file"}),
                Param(name="entry", schema={"type": "string", "maxLength": 200}),
            ),
        )
    },
)
async def post_file(request: AnyRequest) -> Response[bytes]:
    """Store a file that a message will carry; a helper's must belong to an entry of their pack."""
    rooms = rooms_of(request)
    reader = request.user
    await _check_may_store(rooms, request)
    name = query_text(request, "name") or "file"
    data = await read_bytes(request, FILE_LIMIT)
    if not data:
        raise bad_field("body", "must not be empty")
    media = media_type(request.headers.get("content-type"))
    return answer(await keep_file(rooms.context.database, reader, name, media, data), 201)


async def _check_may_store(rooms: Rooms, request: AnyRequest) -> None:
    entry, reader = query_text(request, "entry"), request.user
    if not entry and reader.role not in CORE | CHANNEL:
        raise HttpProblem(403)
    if entry and reader.is_helper and not await names_entry(rooms.context, reader.id, entry):
        raise HttpProblem(403)


@get(
    "/v1/files/{id:str}",
    guards=[may(EVERY)],
    opt={"doc": Doc(media="application/octet-stream")},
)
async def get_file(request: AnyRequest) -> Response[bytes]:
    """A file, as a download that no browser runs."""
    rooms = rooms_of(request)
    reader = request.user
    row = await find_file(rooms.context.database, reader, read_id(request, "id"))
    if row is None:
        raise not_found("unknown-file")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name or row.id, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=86400",
    }
    return Response(row.bytes, media_type=row.type, headers=headers)


@post(
    "/v1/channels/{name:str}/messages",
    status_code=202,
    opt={
        "doc": Doc(
            body=MessageIn,
            answer=Taken,
            params=_SIGNED,
            is_signed=True,
        )
    },
)
async def post_message(request: AnyRequest) -> Response[bytes]:
    """Take in a customer's message."""
    rooms = rooms_of(request)
    data = await read_bytes(request, BODY_LIMIT)
    channel = await find_channel(rooms.context, read_id(request, "name"))
    signed = check_signature(channel.secret, request.headers, data)
    # Only after the signature: a stranger learns nothing about the form.
    check_media(request)
    body = parse(data, MessageIn)
    if body.id != signed:
        raise HttpProblem(401, "bad-signature", "webhook-id is not the body's id")
    return answer(await rooms.ingress.take(channel.name, body), 202)


@put(
    "/v1/customers/{id:str}",
    guards=[may(CHANNEL)],
    opt={
        "doc": Doc(
            body=CustomerIn,
            answer=Customer,
            ids={"id": _ANY_ID},
        )
    },
)
async def put_customer(request: AnyRequest) -> Response[bytes]:
    """Keep one customer."""
    rooms = rooms_of(request)
    id = write_id(request, "id")
    row = CustomerRow(id=id, **asdict(await read_body(request, CustomerIn)))
    await rooms.ingress.put_customers((row,))
    return answer(Customer(**asdict(row)))


@put(
    "/v1/customers",
    guards=[may(CHANNEL)],
    opt={"doc": Doc(body=CustomersIn, answer=Stored)},
)
async def put_customers(request: AnyRequest) -> Response[bytes]:
    """Keep many customers."""
    rooms = rooms_of(request)
    rows = (await read_body(request, CustomersIn)).customers
    await rooms.ingress.put_customers(rows)
    return answer(Stored(stored=len(rows)))


@put(
    "/v1/orders/{number:str}",
    guards=[may(CHANNEL)],
    opt={
        "doc": Doc(
            body=OrderIn,
            answer=Order,
            ids={"number": _ANY_ID},
        )
    },
)
async def put_order(request: AnyRequest) -> Response[bytes]:
    """Keep one order with its parcels."""
    rooms = rooms_of(request)
    number = write_id(request, "number")
    data = await read_json(request)
    parse(data, OrderIn)
    body = encode({**parse(data, dict[str, Any]), "number": number})
    await rooms.ingress.put_orders({number: body})
    return answer(body)


@put(
    "/v1/orders",
    guards=[may(CHANNEL)],
    opt={"doc": Doc(body=OrdersIn, answer=Stored)},
)
async def put_orders(request: AnyRequest) -> Response[bytes]:
    """Keep many orders."""
    rooms = rooms_of(request)
    data = await read_json(request)
    parse(data, OrdersIn)
    rows: list[dict[str, Any]] = parse(data, dict[str, Any])["orders"]
    await rooms.ingress.put_orders({row["number"]: encode(row) for row in rows})
    return answer(Stored(stored=len(rows)))


ROUTES = [
    post_commands,
    post_file,
    get_file,
    post_message,
    put_customer,
    put_customers,
    put_order,
    put_orders,
]
