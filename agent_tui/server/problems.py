"""Problems (RFC 9457): what ends a request, with a stable type; `http.problems` answers with them."""

from http import HTTPStatus

from agent_tui.errors import AgentTuiError
from agent_tui.wire import PROBLEM_BASE, FieldError, Problem

CODES = {
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


class HttpProblem(AgentTuiError):
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
    code = code or CODES.get(status, "internal")
    return Problem(
        type=PROBLEM_BASE + code,
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors,
    )


def bad_field(at: str, detail: str) -> HttpProblem:
    """A 400 that names one field."""
    return HttpProblem(400, "bad-request", f"{at}: {detail}", (FieldError(at=at, detail=detail),))


def not_found(code: str = "not-found") -> HttpProblem:
    """A 404: it is not there, or not for this reader."""
    return HttpProblem(404, code)
