"""What the host asks our server: to exchange a code, and whose a token is."""

from typing import TypeVar

import aiohttp
import msgspec

from agent_tui.errors import AgentTuiError
from agent_tui.wire import CodeIn, CodeTaken, Me, decode, encode

T = TypeVar("T")

SECONDS = 10.0
LARGEST = 64 * 1024


class ServerAway(AgentTuiError):
    """The server does not answer, or not in our words."""


class Slower(AgentTuiError):
    """The server wants fewer questions; `retry_after` is the header that says when."""

    def __init__(self, retry_after: str) -> None:
        super().__init__("too-many-requests")
        self.retry_after = retry_after


class ServerClient:
    """A line to the server; tokens and codes stay in the requests."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._client: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Begin; in the event loop."""
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        self._client = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.close()

    async def exchange(self, code: str) -> CodeTaken | None:
        """The token for a code; None when it is wrong, spent or has run out. Raises ServerAway and Slower."""
        body = encode(CodeIn(code=code))
        headers = {"content-type": "application/json"}
        return await self._ask("POST", "/v1/invitations", CodeTaken, {400, 404}, headers, body)

    async def whose(self, token: str) -> Me | None:
        """The person a token belongs to; None when it holds no longer. Raises ServerAway and Slower."""
        return await self._ask("GET", "/v1/me", Me, {401, 403}, {"authorization": f"Bearer {token}"})

    async def _ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        no: set[int],
        headers: dict[str, str],
        body: bytes | None = None,
    ) -> T | None:
        assert self._client is not None
        try:
            async with self._client.request(
                method, self._server + path, headers=headers, data=body, allow_redirects=False
            ) as answer:
                if answer.status in no:
                    return None
                if answer.status == 429:
                    raise Slower(answer.headers.get("Retry-After", "1"))
                if not 200 <= answer.status < 300:
                    raise ServerAway("not-understood")
                return decode(await answer.content.read(LARGEST), kind)
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError, ValueError):
            # The library's own words may hold the request.
            raise ServerAway("unreachable") from None
