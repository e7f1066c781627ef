"""What an HTTP answer means: the words of our server and of anything between, as the backends' errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import msgspec

from agent_tui.backends.base import AuthExpired, BackendError, CursorLost, Rejected, Unavailable
from agent_tui.wire import Problem, decode

T = TypeVar("T")

LONGEST_ASKED = 300.0
# What a server says that knows no such path, or lets nothing like it through.
NO_SUCH_PATH = frozenset({404, 405, 406, 501})
_LATER = frozenset({408, 425, 429})


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> BackendError:
    """The error that an answer of `status` stands for; an answer from between us and the server included."""
    problem = _problem(body)
    code = problem.code if problem is not None else f"http-{status}"
    detail = (problem.detail or problem.title) if problem is not None else f"HTTP {status}"
    if status == 401:
        return AuthExpired(code)
    if status == 410:
        return CursorLost(code)
    if status in _LATER or status >= 500:
        return Unavailable(code, retry_after=seconds_asked(headers.get("retry-after", "")), detail=detail)
    if status == 304:
        return Rejected("not-modified", status="304")
    if 300 <= status < 400:
        # Some network's log-in page; our server never redirects.
        return Unavailable("redirected", detail=detail)
    fields = ", ".join(f"{e.at}: {e.detail}" for e in problem.errors) if problem is not None else ""
    return Rejected(code, status=str(status), detail=fields or detail)


def status_of(error: BackendError) -> int:
    """The HTTP status that `error` was made of; 0 for none."""
    return int(error.values.get("status", "0"))


def _problem(body: bytes) -> Problem | None:
    try:
        return decode(body, Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def seconds_asked(value: str, now: datetime | None = None) -> float:
    """The seconds of a `Retry-After` header, in either of its forms; 0 when it says nothing."""
    value = value.strip()
    if value.replace(".", "", 1).isdigit():
        return min(float(value), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    if moment.tzinfo is None:
        return 0.0
    return min(max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0), LONGEST_ASKED)


def understood(body: bytes, kind: type[T]) -> T:
    """`body` as `kind`, cleaned. Raises Unavailable for anything else: a proxy's page, half a body."""
    try:
        return decode(body, kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unavailable("not-understood", detail=type(error).__name__) from None
