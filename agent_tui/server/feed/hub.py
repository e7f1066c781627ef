"""Server-sent events: one reader of the feed that all streams of a process share."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

from msgspec import Raw
from sqlalchemy import RowMapping

from agent_tui.domain.rules import LEADING
from agent_tui.server.context import ServerContext
from agent_tui.server.feed.feed import AFTER, EncodedChange, customers_of, masked
from agent_tui.server.feed.presence import Presences, StreamListener
from agent_tui.server.identity import Principal
from agent_tui.server.store.cursors import cursor_of, head_of
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.writing import CORE, EVERYONE, LEADS, utc
from agent_tui.waiting import is_set_within
from agent_tui.wire import encode

HEARTBEAT = 10.0
POLL = 0.5
_WINDOW = 4096
_BATCH = 1000
_NEWER = AFTER.limit(_BATCH)


class CachedChange:
    """A row of the feed with its frames, each made once for all the streams that want it."""

    __slots__ = ("_frame", "_masked", "at", "audience", "body", "person", "seq")

    def __init__(self, row: RowMapping) -> None:
        self.seq: int = row["seq"]
        self.at: float = row["at"]
        self.audience: int = row["audience"]
        self.person: str | None = row["person"]
        self.body: bytes = row["body"]
        self._frame = b""
        self._masked = b""

    def is_for(self, reader: Principal) -> bool:
        """Whether `reader` may see this line."""
        if self.audience == EVERYONE:
            return True
        if reader.is_helper:
            return self.person == reader.id
        if self.audience == LEADS:
            return reader.role in LEADING
        return self.audience == CORE

    def frame(self, reader: Principal, epoch: str, names: dict[str, str]) -> bytes:
        """The line as a server-sent event; `names` are those of the customers a helper writes with."""
        if reader.is_helper:
            self._masked = self._masked or self._made(epoch, masked(self.body, names))
            return self._masked
        self._frame = self._frame or self._made(epoch, self.body)
        return self._frame

    def _made(self, epoch: str, body: bytes) -> bytes:
        cursor = cursor_of(epoch, self.seq)
        data = encode(EncodedChange(cursor, utc(self.at), Raw(body)))
        return b"id: %s\ndata: %s\n\n" % (cursor.encode(), data)


class FeedHub:
    """Reads new lines once for the whole process and keeps the last ones for its streams.

    A commit in this process or a notification from another one wakes it; it looks anyway every half second.
    """

    def __init__(self, context: ServerContext, presences: Presences) -> None:
        self._context = context
        self._presences = presences
        self._rows: deque[CachedChange] = deque(maxlen=_WINDOW)
        self._head = 0
        self._poke = asyncio.Event()
        context.on_commit(self.poke)

    def poke(self) -> None:
        """Say that there may be new lines."""
        self._poke.set()

    async def start(self) -> None:
        """Begin at the end of the feed."""
        async with self._context.database.reading() as conn:
            _, self._head = await head_of(conn)
        self._context.start(self._run())

    def stop(self) -> None:
        """Wake every stream so that it sees that the process ends."""
        self._presences.wake_all()

    async def _run(self) -> None:
        while True:
            self._poke.clear()
            try:
                while await self._read():
                    pass
            except DOWN:
                await asyncio.sleep(POLL)
            await is_set_within(self._poke, POLL)

    async def _read(self) -> bool:
        async with self._context.database.reading() as conn:
            rows = (await conn.execute(_NEWER, {"after": self._head})).mappings().all()
        if rows:
            self._rows.extend(CachedChange(row) for row in rows)
            self._head = rows[-1]["seq"]
            self._presences.wake_all()
        return len(rows) == _BATCH

    def after(self, seq: int) -> list[CachedChange] | None:
        """The lines behind `seq`, None when they lie before what is kept."""
        if seq >= self._head:
            return []
        if not self._rows or seq < self._rows[0].seq - 1:
            return None
        found: list[CachedChange] = []
        for row in reversed(self._rows):
            if row.seq <= seq:
                break
            found.append(row)
        found.reverse()
        return found

    async def stream(
        self, reader: Principal, seq: int, is_valid: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """Frames after line `seq`, without end; a comment shows a stream alive that has nothing to say.

        However much there is to say, `is_valid` is asked now and then, and ends the stream.
        """
        yield b": welcome\n\n"
        with self._presences.listening(reader) as ear:
            async for frames in self._told(ear, reader, seq, is_valid):
                yield frames

    async def _told(
        self, ear: StreamListener, reader: Principal, seq: int, is_valid: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        check_every = min(HEARTBEAT, self._context.policy.limits.seat_kept / 3)
        spoke = checked = time.monotonic()
        while not self._context.stopping.is_set():
            ear.wake.clear()
            seq, frames = await self._frames(reader, seq)
            frames += ear.frames()
            at = time.monotonic()
            if at - checked >= check_every:
                checked = at
                if not await is_valid():
                    return
            if not frames and at - spoke >= HEARTBEAT:
                frames = b": alive\n\n"
            if frames:
                spoke = at
                yield frames
            else:
                await is_set_within(ear.wake, min(check_every, HEARTBEAT - (at - spoke)))

    async def _frames(self, reader: Principal, seq: int) -> tuple[int, bytes]:
        """What `reader` may see behind line `seq`, and where that ends."""
        rows = self.after(seq)
        if rows is None:
            rows = await self._past(seq)
        seen = [row for row in rows if row.is_for(reader)]
        names: dict[str, str] = {}
        if reader.is_helper and seen:
            async with self._context.database.reading() as conn:
                names = await customers_of(conn, [row.body for row in seen])
        frames = [row.frame(reader, self._context.epoch, names) for row in seen]
        return (rows[-1].seq if rows else seq), b"".join(frames)

    async def _past(self, seq: int) -> list[CachedChange]:
        async with self._context.database.reading() as conn:
            return [CachedChange(row) for row in (await conn.execute(_NEWER, {"after": seq})).mappings()]
