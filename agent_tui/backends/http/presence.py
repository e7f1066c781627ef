"""Presence over HTTP: telling `/v1/presence` what one looks at."""

from collections.abc import Callable

from agent_tui.backends.base import Rejected
from agent_tui.backends.http.answers import NO_SUCH_PATH, status_of
from agent_tui.backends.http.connection import JSON, HttpConnection
from agent_tui.wire import LookIn, encode


class HttpPresence:
    """Tells the server; `is_unknown` is called when it turns out to know no presence."""

    def __init__(self, connection: HttpConnection, is_unknown: Callable[[], None]) -> None:
        self._connection = connection
        self._is_unknown = is_unknown

    async def look(self, ticket: str | None, draft: str, *, writing: bool) -> None:
        """Say that one looks at `ticket` and writes there."""
        body = encode(LookIn(ticket=ticket, draft=draft, writing=writing))
        try:
            async with self._connection.stream("POST", "/v1/presence", content=body, headers=JSON):
                return
        except Rejected as error:
            if status_of(error) not in NO_SUCH_PATH or error.code == "unknown-ticket":
                raise
            self._is_unknown()
