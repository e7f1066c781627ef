"""The change feed over HTTP: Server-Sent Events, or long pages where something lets no stream through."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import msgspec

from agent_tui.backends.base import Arrived, BackendError, Rejected, Unavailable
from agent_tui.backends.http.answers import NO_SUCH_PATH, status_of, understood
from agent_tui.backends.http.connection import MIB, HttpConnection
from agent_tui.domain.events import Event
from agent_tui.domain.presence import Presence
from agent_tui.wire import RawChange, RawChangePage, decode, decode_event

LARGEST_LINE = 8 * MIB
SILENCE_SECONDS = 45.0
POLL_SECONDS = 1.5
PAGE = 1000


class HttpFeed:
    """Follows `/v1/changes/stream`, and `/v1/changes` once the stream has turned out not to get through."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection
        self.has_stream = True
        self._silences = 0

    async def events(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        """The feed after `cursor`."""
        if self.has_stream:
            try:
                async with aclosing(self._stream(cursor)) as stream:
                    async for arrived in stream:
                        cursor = arrived.cursor or cursor
                        yield arrived
            except Rejected as error:
                if status_of(error) not in NO_SUCH_PATH:
                    raise
            self.has_stream = False
        async with aclosing(self._pages(cursor)) as pages:
            async for arrived in pages:
                yield arrived

    async def _stream(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        import httpx
        from httpx_sse import EventSource, SSEError

        await self._connection.open()
        timeout = httpx.Timeout(20.0, connect=6.0, read=SILENCE_SECONDS)
        headers = {"accept": "text/event-stream", "cache-control": "no-store", "last-event-id": cursor}
        heard = False
        try:
            path = "/v1/changes/stream"
            async with self._connection.stream(
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
            self.has_stream = False

    async def _pages(self, cursor: str) -> AsyncGenerator[Arrived, None]:
        while True:
            params = {"after": cursor, "limit": str(PAGE)}
            page = await self._connection.ask(RawChangePage, "GET", "/v1/changes", params=params)
            for change in page.changes:
                yield Arrived(change.cursor, _event(change))
            cursor = page.cursor
            yield Arrived(cursor, None)
            if not page.more:
                await asyncio.sleep(POLL_SECONDS)


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
