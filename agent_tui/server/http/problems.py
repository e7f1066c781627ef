"""What goes wrong, as `application/problem+json` with a stable type."""

import logging
import re
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from agent_tui.server.problems import CODES, HttpProblem, problem
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.wire import FieldError, Problem, encode

log = logging.getLogger(__name__)

MEDIA = "application/problem+json"
# The framework tells of what is missing in words only.
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")


def _answer(it: Problem, headers: dict[str, str]) -> Response[bytes]:
    return Response(encode(it), status_code=it.status, media_type=MEDIA, headers=headers)


def on_stop(request: Request[Any, Any, Any], error: HttpProblem) -> Response[bytes]:
    """Answer a request that one of our own functions ended."""
    return _answer(error.problem, error.headers)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework found: no such route, wrong method, body too large."""
    headers = dict(error.headers or {})
    status = error.status_code if error.status_code in CODES or error.status_code >= 500 else 400
    return _answer(problem(status, detail=error.detail if status < 500 else ""), headers)


def on_form(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """Answer that a parameter is missing or not as the route wants it, naming it."""
    found: Any = error.extra or []
    errors = tuple(FieldError(at=one.get("key", ""), detail=one["message"]) for one in found)
    missing = _MISSING.match(error.detail)
    if not errors and missing:
        errors = (FieldError(at=missing[1], detail="is required"),)
    detail = f"{errors[0].at}: {errors[0].detail}" if errors else ""
    return _answer(problem(400, "bad-request", detail, errors), {})


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
    HttpProblem: on_stop,
    HTTPException: on_http,
    ValidationException: on_form,
    **dict.fromkeys(DOWN, on_database),
}
