"""Routes of what agents and channels send: commands, files, messages, customers and orders."""

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Response, get, post, put
from litestar.params import QueryParameter
from msgspec.structs import asdict

from agent_tui.domain.models import Customer, FileInfo, Order
from agent_tui.domain.rules import CORE
from agent_tui.domain.text import clean
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
from agent_tui.server.http.openapi import Doc
from agent_tui.server.http.params import AnyId, Text, read_id, write_id
from agent_tui.server.http.services import AnyRequest, Asking, AskingHere, RoomsHere, answer
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

FileName = Annotated[str, QueryParameter(max_length=200)]


@post(
    "/v1/commands",
    guards=[may(PEOPLE)],
    status_code=200,
    opt={"doc": Doc(body=CommandBatch, answer=Outcomes)},
)
async def post_commands(request: AnyRequest, asking: AskingHere) -> Response[bytes]:
    """Run 1 to 100 commands, each by itself."""
    batch = await read_body(request, CommandBatch)
    for i, command in enumerate(batch.commands):
        check_parts(command.parts, f"commands[{i}].parts")
    return answer(Outcomes(outcomes=await asking.rooms.executor.run_all(batch.commands, asking.reader)))


@post(
    "/v1/files",
    guards=[may(EVERY)],
    status_code=201,
    opt={"doc": Doc(raw_body="application/octet-stream", answer=FileInfo)},
)
async def post_file(
    request: AnyRequest, asking: AskingHere, name: FileName = "file", entry: Text = None
) -> Response[bytes]:
    """Store a file that a message will carry; a helper's must belong to an entry of their pack."""
    await _check_may_store(asking, entry)
    data = await read_bytes(request, FILE_LIMIT)
    if not data:
        raise bad_field("body", "must not be empty")
    media = media_type(request.headers.get("content-type"))
    kept = await keep_file(asking.rooms.database, asking.reader, clean(name) or "file", media, data)
    return answer(kept, 201)


async def _check_may_store(asking: Asking, entry: str | None) -> None:
    reader = asking.reader
    if not entry and reader.role not in CORE | CHANNEL:
        raise HttpProblem(403)
    if entry and reader.is_helper and not await names_entry(asking.rooms.context, reader.id, entry):
        raise HttpProblem(403)


@get(
    "/v1/files/{id:str}",
    guards=[may(EVERY)],
    opt={"doc": Doc(media="application/octet-stream")},
)
async def get_file(asking: AskingHere, id: AnyId) -> Response[bytes]:
    """A file, as a download that no browser runs."""
    row = await find_file(asking.rooms.database, asking.reader, read_id(id))
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
            is_signed=True,
        )
    },
)
async def post_message(request: AnyRequest, rooms: RoomsHere, name: AnyId) -> Response[bytes]:
    """Take in a customer's message."""
    data = await read_bytes(request, BODY_LIMIT)
    channel = await find_channel(rooms.context, read_id(name))
    signed = check_signature(channel.secret, request.headers, data, rooms.clock())
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
        )
    },
)
async def put_customer(request: AnyRequest, asking: AskingHere, id: AnyId) -> Response[bytes]:
    """Keep one customer."""
    row = CustomerRow(id=write_id(id), **asdict(await read_body(request, CustomerIn)))
    await asking.rooms.ingress.put_customers((row,))
    return answer(Customer(**asdict(row)))


@put(
    "/v1/customers",
    guards=[may(CHANNEL)],
    opt={"doc": Doc(body=CustomersIn, answer=Stored)},
)
async def put_customers(request: AnyRequest, asking: AskingHere) -> Response[bytes]:
    """Keep many customers."""
    rows = (await read_body(request, CustomersIn)).customers
    await asking.rooms.ingress.put_customers(rows)
    return answer(Stored(stored=len(rows)))


@put(
    "/v1/orders/{number:str}",
    guards=[may(CHANNEL)],
    opt={
        "doc": Doc(
            body=OrderIn,
            answer=Order,
        )
    },
)
async def put_order(request: AnyRequest, asking: AskingHere, number: AnyId) -> Response[bytes]:
    """Keep one order with its parcels."""
    number = write_id(number, "number")
    data = await read_json(request)
    parse(data, OrderIn)
    body = encode({**parse(data, dict[str, Any]), "number": number})
    await asking.rooms.ingress.put_orders({number: body})
    return answer(body)


@put(
    "/v1/orders",
    guards=[may(CHANNEL)],
    opt={"doc": Doc(body=OrdersIn, answer=Stored)},
)
async def put_orders(request: AnyRequest, asking: AskingHere) -> Response[bytes]:
    """Keep many orders."""
    data = await read_json(request)
    parse(data, OrdersIn)
    rows: list[dict[str, Any]] = parse(data, dict[str, Any])["orders"]
    await asking.rooms.ingress.put_orders({row["number"]: encode(row) for row in rows})
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
