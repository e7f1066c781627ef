"""The HTTP client: one request and its answer, httpx's errors turned into ours."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from agent_tui.backends.base import AuthExpired, Rejected, Unavailable
from agent_tui.backends.http.answers import error_of, understood
from agent_tui.errors import BadSettings

T = TypeVar("T")

MIB = 1024 * 1024
LARGEST = 16 * MIB
JSON = {"content-type": "application/json"}


def server_address(url: str) -> str:
    """`url` without its end slash. Raises BadSettings unless it is the http or https address of a host."""
    try:
        parts = urlsplit(url.strip())
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.username is not None or parts.query or parts.fragment:
        raise BadSettings("bad-server-address", detail="http(s)://host[:port]")
    return url.strip().rstrip("/")


class HttpConnection:
    """Asks one server with one token, which is in no message, no log and no exception.

    An empty token is asked for with `find_token`. httpx is loaded, in a thread, when the first request is
    made: the first frame does not wait for it.
    """

    def __init__(self, server: str, token: str, find_token: Callable[[], str] | None = None) -> None:
        self.server = server_address(server)
        self._token = token
        self._find_token = find_token
        self._client: Any = None
        self._opening = asyncio.Lock()

    def use_token(self, token: str) -> None:
        """Ask with another token from now on."""
        self._token = token

    async def open(self) -> Any:
        """The client, made when there is none."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._new_client)
        return self._client

    def _new_client(self) -> Any:
        import httpx

        if not self._token and self._find_token is not None:
            self._token = self._find_token()
        # httpx logs every address it asks, and a search is in the address.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        return httpx.AsyncClient(
            base_url=self.server,
            timeout=httpx.Timeout(20.0, connect=6.0, pool=10.0),
            limits=httpx.Limits(max_connections=12, max_keepalive_connections=8),
            follow_redirects=False,
        )

    @asynccontextmanager
    async def stream(self, method: str, path: str, **more: Any) -> AsyncIterator[Any]:
        """The open answer to a request; httpx's errors and bad answers become ours."""
        client = await self.open()
        if not self._token:
            raise AuthExpired("no-token")
        import httpx

        headers = {"authorization": f"Bearer {self._token}", **more.pop("headers", {})}
        try:
            async with client.stream(method, path, headers=headers, **more) as answer:
                if not 200 <= answer.status_code < 300:
                    body = await body_of(answer, LARGEST)
                    raise error_of(answer.status_code, answer.headers, bytes(body))
                yield answer
        except httpx.TimeoutException as error:
            raise Unavailable("timeout", detail=type(error).__name__) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise Unavailable("unreachable", detail=type(error).__name__) from None
        except (UnicodeEncodeError, httpx.CookieConflict):
            # A token or an id that cannot stand in a header or an address.
            raise Rejected("bad-request", detail=path.partition("?")[0]) from None

    async def ask(self, kind: type[T], method: str, path: str, **more: Any) -> T:
        """The answer to a request, decoded as `kind`."""
        async with self.stream(method, path, **more) as answer:
            body = await body_of(answer, LARGEST)
        if len(body) > MIB:
            return await asyncio.to_thread(understood, bytes(body), kind)
        return understood(bytes(body), kind)

    async def aclose(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


async def body_of(answer: Any, limit: int) -> bytearray:
    """The body of an answer. Raises Rejected when it is larger than `limit` bytes."""
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > limit:
            raise Rejected("too-large", detail=str(limit))
    return body
