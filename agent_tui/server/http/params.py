"""What a request names in its address: path, query and headers, checked by the framework where it can.

By hand stay: ids in a read's path (one that cannot be is 404, where the framework says 400); page sizes and
moments (the framework takes `1e3` for a number, a number for a moment); a webhook's headers (401, not 400).
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar.params import FromPath, PathParameter, QueryParameter

from agent_tui.domain.text import clean
from agent_tui.server.problems import bad_field, not_found

ID_SCHEMA: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "pattern": "^[A-Za-z0-9._~-]+$",
}
_ENTRY_ID = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,80}$"}

AnyId = FromPath[str]
EntryId = Annotated[str, PathParameter(schema_extra=_ENTRY_ID)]
Place = Annotated[str | None, QueryParameter(pattern="^[0-9]{1,15}$")]
Text = Annotated[str | None, QueryParameter(max_length=200)]


def _limited(usual: int, most: int) -> QueryParameter:
    return QueryParameter(schema_extra={"type": "integer", "minimum": 1, "maximum": most, "default": usual})


Limit50 = Annotated[str | None, _limited(50, 200)]
Limit200 = Annotated[str | None, _limited(200, 1000)]


def page_size(limit: str | None, usual: int, most: int) -> int:
    """The query's `limit`: 1 to `most`."""
    if limit is None:
        return usual
    if not re.fullmatch(r"[0-9]{1,9}", limit) or not 1 <= int(limit) <= most:
        raise bad_field("limit", f"a number from 1 to {most}")
    return int(limit)


def moment(text: str | None, at: str) -> datetime | None:
    """An RFC 3339 moment of the query; without an offset it is UTC."""
    if text is None:
        return None
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError as error:
        raise bad_field(at, "RFC 3339, such as 2026-11-11T00:00:00Z") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_id(id: str) -> str:
    """An id in the path of a read: one that cannot be is simply not there."""
    if clean(id) != id or len(id) > 200:
        raise not_found()
    return id


def write_id(id: str, at: str = "id") -> str:
    """An id in the path of a write."""
    if clean(id) != id or not 0 < len(id) <= 200:
        raise bad_field(at, "1 to 200 characters, without control characters")
    return id
