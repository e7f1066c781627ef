"""What goes wrong, as `application/problem+json` with a stable type."""

import logging
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from agent_tui.errors import AgentTuiError
from agent_tui.server.store.database import DOWN
from agent_tui.wire import PROBLEM_BASE, FieldError, Problem, encode

log = logging.getLogger(__name__)

MEDIA = "application/problem+json"

_CODES = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "not-json",
    429: "too-many-requests",
    503: "not-ready",
}


class Stop(AgentTuiError):
    """Ends a request with a problem: `code` is the last word of its type."""

    def __init__(
        self,
        status: int,
        code: str = "",
        detail: str = "",
        errors: tuple[FieldError, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.problem = problem(status, code, detail, errors)
        super().__init__(self.problem.code, status=str(status), detail=detail)
        self.headers = headers or {}


def problem(status: int, code: str = "", detail: str = "", errors: tuple[FieldError, ...] = ()) -> Problem:
    """A problem with the title of its status."""
    code = code or _CODES.get(status, "internal")
    return Problem(
        type=PROBLEM_BASE + code,
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors,
    )


def bad_field(at: str, detail: str) -> Stop:
    """A 400 that names one field."""
    return Stop(400, "bad-request", f"{at}: {detail}", (FieldError(at=at, detail=detail),))


def not_found(code: str = "not-found") -> Stop:
    """A 404: it is not there, or not for this reader."""
    return Stop(404, code)


def _answer(it: Problem, headers: dict[str, str]) -> Response[bytes]:
    return Response(encode(it), status_code=it.status, media_type=MEDIA, headers=headers)


def on_stop(request: Request[Any, Any, Any], error: Stop) -> Response[bytes]:
    """Answer a request that one of our own functions ended."""
    return _answer(error.problem, error.headers)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework found: no such route, wrong method, body too large."""
    headers = dict(error.headers or {})
    status = error.status_code if error.status_code in _CODES or error.status_code >= 500 else 400
    return _answer(problem(status, detail=error.detail if status < 500 else ""), headers)


def on_database(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer that the database is not there: the caller tries again."""
    log.warning("the database did not answer: %s", type(error).__name__)
    return _answer(problem(503, "not-ready"), {"Retry-After": "1"})


def on_bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer what nobody foresaw; the log says where, without what was sent."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(problem(500, "internal"), {})


HANDLERS: dict[Any, Any] = {
    Exception: on_bug,
    Stop: on_stop,
    HTTPException: on_http,
    **dict.fromkeys(DOWN, on_database),
}
