"""Validation of what comes in: bodies and parts, with errors that name the field."""

import re
from typing import Any, TypeVar

import msgspec
from litestar import Request

from agent_tui.domain.models import Part
from agent_tui.domain.text import is_seen
from agent_tui.server.intake.forms import PART_TYPES, WITH_FILE
from agent_tui.server.problems import HttpProblem, bad_field
from agent_tui.wire import decode

T = TypeVar("T")

BODY_LIMIT = 1 << 20
FILE_LIMIT = 20 << 20

_AT = re.compile(r"^(?P<detail>.*?)(?: - at `\$?\.?(?P<at>.*)`)?$", re.DOTALL)
_NAMED = re.compile(r"(?:required|unknown) field `(\w+)`|^name an (\w+)")

AnyRequest = Request[Any, Any, Any]


async def read_bytes(request: AnyRequest, limit: int) -> bytes:
    """The body. Past `limit` the rest is read and dropped, so that the 413 arrives instead of a reset."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > limit * 8:
            break
    if size > limit:
        raise HttpProblem(413, detail=f"at most {limit} bytes")
    return b"".join(chunks)


async def read_body(request: AnyRequest, kind: type[T]) -> T:
    """The JSON body as `kind`."""
    return parse(await read_json(request), kind)


async def read_json(request: AnyRequest) -> bytes:
    """The bytes of a JSON body."""
    check_media(request)
    return await read_bytes(request, BODY_LIMIT)


def check_media(request: AnyRequest) -> None:
    """Whether the body says it is JSON, or nothing; another media type is 415."""
    media = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media and media != "application/json" and not media.endswith("+json"):
        raise HttpProblem(415, detail="the body must be application/json")


def parse(data: bytes, kind: type[T]) -> T:
    """`data` as `kind`, cleaned; errors say where, as `commands[1].status`."""
    try:
        return decode(data, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise field_error(str(error)) from error


def field_error(text: str) -> HttpProblem:
    """The decoder's words as a 400 that names the field."""
    match = _AT.match(text)
    detail, at = (match["detail"], match["at"] or "") if match else (text, "")
    named = _NAMED.search(detail)
    if named:
        name = named.group(1) or named.group(2)
        at = f"{at}.{name}" if at else name
    return bad_field(at or "body", detail)


def check_parts(parts: tuple[Part, ...], at: str) -> None:
    """Whether an agent's parts are in order: texts are not blank, files are named, types are known."""
    for i, part in enumerate(parts):
        where = f"{at}[{i}]"
        if part.type not in PART_TYPES:
            raise bad_field(f"{where}.type", f"one of {', '.join(PART_TYPES)}")
        if part.type == "text" and not is_seen(part.text):
            raise bad_field(f"{where}.text", "must not be empty")
        if part.type in WITH_FILE and part.file is None:
            raise bad_field(f"{where}.file", "is required")
