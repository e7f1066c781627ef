"""What can go wrong between the engine and a helpdesk."""

from agent_tui.errors import AgentTuiError


class BackendError(AgentTuiError):
    """Something went wrong on the way to a helpdesk or in it."""


class Unavailable(BackendError):
    """Nobody answered, or asked to come back later: the engine tries again.

    `retry_after` is the number of seconds the helpdesk asked for, 0 when it named none.
    """

    def __init__(self, code: str, *, retry_after: float = 0.0, **values: str) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


class Rejected(BackendError):
    """The helpdesk understood and said no: a person must look."""


class AuthExpired(BackendError):
    """The token is not (or no longer) good: ask for another."""


class CursorLost(BackendError):
    """The cursor cannot be resumed (410): take a new snapshot; after an epoch change hold the outbox."""
