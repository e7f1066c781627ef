"""Our own server over HTTP: reads, commands, files and the feed, httpx's errors turned into ours."""

import asyncio
import logging
import mimetypes
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

import msgspec
from msgspec.structs import replace

from agent_tui.backends.answers import error_of, understood
from agent_tui.backends.base import (
    Arrived,
    AuthExpired,
    BackendError,
    Capabilities,
    Rejected,
    Start,
    Unavailable,
)
from agent_tui.backends.bulk import SnapshotReader
from agent_tui.backends.http_shelf import HttpShelf
from agent_tui.backends.http_staff import HttpStaff
from agent_tui.domain.commands import Command
from agent_tui.domain.events import Event
from agent_tui.domain.models import FileInfo, Ticket, TicketDetail
from agent_tui.domain.presence import Presence
from agent_tui.errors import BadSettings
from agent_tui.wire import (
    CommandBatch,
    Found,
    LookIn,
    Me,
    MessagePage,
    Outcome,
    Outcomes,
    PackFile,
    RawChange,
    RawChangePage,
    decode,
    decode_event,
    encode,
)

T = TypeVar("T")

MIB = 1024 * 1024
LARGEST = 16 * MIB
STEP = 48 * 1024
LARGEST_FILE = 20 * MIB
LARGEST_LINE = 8 * MIB
SILENCE_SECONDS = 45.0
POLL_SECONDS = 1.5
PAGE = 1000
_PACK_VERSION = re.compile(r"^(version:[ \t]*)\d+", re.MULTILINE)
_NO_STREAM = frozenset({404, 405, 406, 501})


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


class HttpBackend:
    """A line to `agent-tui serve`. The token is in no message, no log and no exception.

    An empty token is asked for with `find_token`. httpx is loaded, in a thread, when the first request is
    made: the first frame does not wait for it.
    """

    capabilities = Capabilities(shared_knowledge=True, presence=True)

    def __init__(self, server: str, token: str, find_token: Callable[[], str] | None = None) -> None:
        self._server = server_address(server)
        self._token = token
        self._find_token = find_token
        self._client: Any = None
        self._opening = asyncio.Lock()
        self._has_stream = True
        self._silences = 0
        self.shelf = HttpShelf(self._ask, self._asked)
        self.staff = HttpStaff(self._ask)

    def __repr__(self) -> str:
        return f"HttpBackend({self._server!r})"

    def use_token(self, token: str) -> None:
        """Ask with another token from now on."""
        self._token = token

    # -- requests
    async def _open(self) -> Any:
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
            base_url=self._server,
            timeout=httpx.Timeout(20.0, connect=6.0, pool=10.0),
            limits=httpx.Limits(max_connections=12, max_keepalive_connections=8),
            follow_redirects=False,
        )

    @asynccontextmanager
    async def _asked(self, method: str, path: str, **more: Any) -> AsyncIterator[Any]:
        """The open answer to a request; httpx's errors and bad answers become ours."""
        client = await self._open()
        if not self._token:
            raise AuthExpired("no-token")
        import httpx

        headers = {"authorization": f"Bearer {self._token}", **more.pop("headers", {})}
        try:
            async with client.stream(method, path, headers=headers, **more) as answer:
                if not 200 <= answer.status_code < 300:
                    body = await _body(answer, LARGEST)
                    raise error_of(answer.status_code, answer.headers, bytes(body))
                yield answer
        except httpx.TimeoutException as error:
            raise Unavailable("timeout", detail=type(error).__name__) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise Unavailable("unreachable", detail=type(error).__name__) from None
        except (UnicodeEncodeError, httpx.CookieConflict):
            # A token or an id that cannot stand in a header or an address.
            raise Rejected("bad-request", detail=path.partition("?")[0]) from None

    async def _ask(self, kind: type[T], method: str, path: str, **more: Any) -> T:
        async with self._asked(method, path, **more) as answer:
            body = await _body(answer, LARGEST)
        if len(body) > MIB:
            return await asyncio.to_thread(understood, bytes(body), kind)
        return understood(bytes(body), kind)

    # -- reads
    @property
    def host(self) -> str:
        """The server's host and port."""
        return urlsplit(self._server).netloc

    async def me(self) -> Me:
        """Who the token is."""
        return await self._ask(Me, "GET", "/v1/me")

    async def snapshot(self, take: Callable[[Ticket], None]) -> Start:
        """The state to start from; its tickets are decoded as they arrive, in steps of a millisecond."""
        reader = SnapshotReader(take)
        async with self._asked("GET", "/v1/snapshot") as answer:
            async for piece in answer.aiter_bytes(STEP):
                reader.feed(piece)
                await asyncio.sleep(0)
        return reader.finish()

    async def ticket(self, id: str) -> TicketDetail:
        """A ticket with its order and customer."""
        return await self._ask(TicketDetail, "GET", f"/v1/tickets/{quote(id, safe='')}")

    async def messages(self, ticket: str, before: str | None, limit: int) -> MessagePage:
        """A page of a conversation, oldest first."""
        params: dict[str, str] = {"limit": str(limit), **({"before": before} if before else {})}
        path = f"/v1/tickets/{quote(ticket, safe='')}/messages"
        return await self._ask(MessagePage, "GET", path, params=params)

    async def search(self, query: str) -> Found:
        """Tickets that contain `query`, closed ones too."""
        return await self._ask(Found, "GET", "/v1/search", params={"q": query})

    async def pack(self, id: str) -> str:
        """The text of a knowledge pack's file, with the version in force as its version."""
        found = await self._ask(PackFile, "GET", f"/v1/packs/{quote(id, safe='')}")
        return _PACK_VERSION.sub(rf"\g<1>{found.version}", found.text, count=1)

    async def fetch(self, file: str) -> bytes:
        """The bytes of a file."""
        async with self._asked("GET", f"/v1/files/{quote(file, safe='')}") as answer:
            return bytes(await _body(answer, LARGEST_FILE))

    # -- writes
    async def send(self, commands: tuple[Command, ...]) -> tuple[Outcome, ...]:
        """One outcome a command, in order."""
        body = encode(CommandBatch(commands=commands))
        headers = {"content-type": "application/json"}
        answer = await self._ask(Outcomes, "POST", "/v1/commands", content=body, headers=headers)
        return answer.outcomes

    async def be_present(self, ticket: str | None, draft: str, *, writing: bool) -> None:
        """Say that one looks at `ticket` and writes there; a server that knows no such thing is not asked
        again."""
        body = encode(LookIn(ticket=ticket, draft=draft, writing=writing))
        headers = {"content-type": "application/json"}
        try:
            async with self._asked("POST", "/v1/presence", content=body, headers=headers):
                return
        except Rejected as error:
            is_unknown = int(error.values.get("status", "0")) in _NO_STREAM and error.code != "unknown-ticket"
            if not is_unknown:
                raise
            self.capabilities = replace(self.capabilities, presence=False)

    async def upload(self, name: str, data: bytes, entry: str = "") -> FileInfo:
        """Store a file that a reply will carry; a helper's must belong to an `entry` of their pack."""
        headers = {"content-type": mimetypes.guess_type(name)[0] or "application/octet-stream"}
        params = {"name": name, "entry": entry} if entry else {"name": name}
        return await self._ask(FileInfo, "POST", "/v1/files", params=params, content=data, headers=headers)

    # -- the feed
    def epoch(self, cursor: str) -> str:
        """The epoch a cursor belongs to."""
        return cursor.rpartition(".")[0]

    async def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`: as a stream, or in pages where something lets no stream through."""
        if self._has_stream:
            try:
                async with aclosing(self._stream(cursor)) as stream:
                    async for arrived in stream:
                        cursor = arrived.cursor or cursor
                        yield arrived
            except Rejected as error:
                if int(error.values.get("status", "0")) not in _NO_STREAM:
                    raise
            self._has_stream = False
        async with aclosing(self._pages(cursor)) as pages:
            async for arrived in pages:
                yield arrived

    async def _stream(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        import httpx
        from httpx_sse import EventSource, SSEError

        await self._open()
        timeout = httpx.Timeout(20.0, connect=6.0, read=SILENCE_SECONDS)
        headers = {"accept": "text/event-stream", "cache-control": "no-store", "last-event-id": cursor}
        heard = False
        try:
            path = "/v1/changes/stream"
            async with self._asked(
                "GET", path, headers=headers, params={"after": cursor}, timeout=timeout
            ) as answer:
                source = EventSource(cast("httpx.Response", _Seeded(answer, cursor)))
                async with aclosing(source.aiter_sse()) as lines:
                    async for line in lines:
                        yield _arrived(line.data.encode(), line.event)
                        heard = heard or bool(line.data)
        except SSEError:
            raise Rejected("no-stream", status="406") from None
        except Unavailable as error:
            self._note_silence(error, heard)
            raise
        raise Unavailable("stream-ended")

    def _note_silence(self, error: BackendError, heard: bool) -> None:
        """A proxy that holds back a stream until it ends looks like a server that never says a word."""
        self._silences = self._silences + 1 if error.code == "timeout" and not heard else 0
        if self._silences >= 2:
            self._has_stream = False

    async def _pages(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        while True:
            params = {"after": cursor, "limit": str(PAGE)}
            page = await self._ask(RawChangePage, "GET", "/v1/changes", params=params)
            for change in page.changes:
                yield Arrived(change.cursor, _event(change))
            cursor = page.cursor
            yield Arrived(cursor, None)
            if not page.more:
                await asyncio.sleep(POLL_SECONDS)

    async def aclose(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


class _Seeded:
    """A stream that begins with a line of our own: an id, so that the decoder reports heartbeats from the
    first on, and a sign that the server has answered at all. A line without end is cut off."""

    def __init__(self, answer: Any, cursor: str) -> None:
        self.headers = answer.headers
        self._answer = answer
        self._cursor = cursor

    async def aiter_text(self) -> AsyncIterator[str]:
        """The text of the stream."""
        yield f"id: {self._cursor}\n\n"
        length = 0
        async for text in self._answer.aiter_text():
            length = 0 if "\n" in text else length + len(text)
            if length > LARGEST_LINE:
                raise Unavailable("too-large", detail="stream")
            yield text


def _arrived(data: bytes, kind: str) -> Arrived:
    """A line of the stream; presence and heartbeats carry no change."""
    if data and kind == "presence":
        return Arrived("", None, _presence(data))
    if not data or kind not in ("", "message"):
        return Arrived("", None)
    change = understood(data, RawChange)
    return Arrived(change.cursor, _event(change))


def _presence(data: bytes) -> Presence | None:
    """A presence; one that a newer server words otherwise is no reason to end the feed."""
    try:
        return decode(data, Presence)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _event(change: RawChange) -> Event | None:
    try:
        return decode_event(change.event)
    except msgspec.DecodeError:
        raise Unavailable("not-understood", detail="event") from None


async def _body(answer: Any, limit: int) -> bytearray:
    """The body of an answer. Raises Rejected when it is larger than `limit` bytes."""
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > limit:
            raise Rejected("too-large", detail=str(limit))
    return body
