"""What the usages teach: learned now and then in a process of its own, by one server of several."""

import asyncio
import hashlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.events import ModelChanged
from agent_tui.knowledge.content.entries import Article, Entry, Snippet, entry_of
from agent_tui.knowledge.content.sources import SERVER, built_in, load
from agent_tui.knowledge.recommend.training import FEWEST_TO_LEARN, MOST_TO_LEARN
from agent_tui.knowledge.recommend.training_process import TrainingSet, train_from
from agent_tui.server.context import ServerContext
from agent_tui.server.learning.entries import SHARED
from agent_tui.server.learning.usages import gather, read_lessons
from agent_tui.server.store import knowledge_tables as k
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.writing import UnitOfWork, now
from agent_tui.wire import encode

EVERY = 0.5
LEASE = 900.0
STRANGERS = 2_000
PAGE = 250
# Where many are known more new ones are waited for: one for so many of them.
PART = 20

log = logging.getLogger(__name__)


class TrainingSchedule(Struct, frozen=True, kw_only=True):
    """When to learn anew: after so many new usages, or after so many seconds with any."""

    usages: int = 200
    seconds: float = 600.0


class Weights(Struct, frozen=True):
    """What was learned: a number that grows, a fingerprint of the bytes, and the bytes."""

    version: int
    etag: str
    data: bytes


class Learner:
    """Gathers usages and learns from them; every step looks again under a row's lock."""

    def __init__(self, context: ServerContext, pace: TrainingSchedule | None = None) -> None:
        self._context = context
        self._pace = pace or TrainingSchedule()
        self._since = time.time()

    async def listen(self) -> None:
        """Gather what was noted, twice a second, until cancelled."""
        while True:
            try:
                while await gather(self._context):
                    pass
            except DOWN as error:
                log.warning("gathering failed: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

    async def run(self) -> None:
        """Learn whenever there is enough that is new, until cancelled."""
        while True:
            try:
                if (upto := await self._due()) and await self._lease():
                    await self._learn(upto)
            except DOWN as error:
                log.warning("learning failed: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

    async def _due(self) -> int:
        """The last usage when there is enough to learn, else 0."""
        row_of = select(k.learning.c.learned, k.learning.c.at, k.learning.c.leased)
        async with self._context.database.reading() as conn:
            row = (await conn.execute(row_of)).one()
            last = await conn.scalar(select(t.counters.c.value).where(t.counters.c.name == "usages")) or 0
        moment = time.time()
        if last < FEWEST_TO_LEARN:
            return 0
        is_old = moment - max(row.at, self._since) >= self._pace.seconds
        # What there is much of changes slowly, and each desk knows its own sends at once.
        fewest = max(self._pace.usages, min(row.learned, MOST_TO_LEARN) // PART)
        enough = last - row.learned >= (1 if is_old else fewest)
        return last if enough and row.leased < moment else 0

    async def _lease(self) -> bool:
        moment, learning = time.time(), k.learning
        taken = update(learning).where(learning.c.leased < moment)
        values = {"leased": moment + LEASE, "owner": self._context.owner}

        async def take(conn: AsyncConnection) -> bool:
            return bool((await conn.execute(taken.values(**values))).rowcount)

        return await self._context.database.write(take)

    async def _learn(self, upto: int) -> None:
        try:
            data = await train_from(self._pages(upto))
        except BaseException:
            # Another process need not wait until the lease runs out.
            await asyncio.shield(self._context.database.write(_give_back))
            raise
        if await self._context.database.write(lambda conn: _keep(conn, upto, data)):
            self._context.committed()

    async def _pages(self, upto: int) -> AsyncIterator[TrainingSet]:
        """The newest usages page by page, and the entries that they are of."""
        entries = {entry.id: entry for entry in (await asyncio.to_thread(load, [built_in()])).entries}
        entries |= {entry.id: entry for entry in await self._shared()}
        used: Counter[str] = Counter()
        after = max(0, upto - MOST_TO_LEARN)
        while True:
            lessons, after = await read_lessons(self._context, after, PAGE)
            if not lessons:
                break
            used.update(one.usage.entry for one in lessons if one.usage.entry not in entries)
            yield TrainingSet(lessons=tuple(lessons))
        # A team's own folder is not here; what its entries answer is learned all the same.
        strangers = (Entry(id=id, kind="title", title="") for id, _ in used.most_common(STRANGERS))
        yield TrainingSet(entries=(*entries.values(), *strangers))

    async def _shared(self) -> list[Entry]:
        query = select(k.entries.c.kind, k.entries.c.body).where(k.entries.c.state == SHARED)
        async with self._context.database.reading() as conn:
            rows = (await conn.execute(query)).all()
        kinds: dict[str, Any] = {"snippet": Snippet, "article": Article}
        return [entry_of(msgspec.json.decode(row.body, type=kinds[row.kind]), SERVER) for row in rows]


async def _give_back(conn: AsyncConnection) -> None:
    await conn.execute(update(k.learning).values(leased=0.0, owner=None))


async def _keep(conn: AsyncConnection, upto: int, data: bytes) -> bool:
    """Keep what was learned, if anything, and give the lease back."""
    values: dict[str, Any] = {"leased": 0.0, "owner": None, "at": time.time(), "learned": upto}
    row = (await conn.execute(select(k.learning.c.version, k.learning.c.etag).with_for_update())).one()
    etag = hashlib.sha256(data).hexdigest()[:32]
    if not data or etag == row.etag:
        await conn.execute(update(k.learning).values(values))
        return False
    version = row.version + 1
    await conn.execute(update(k.learning).values({**values, "version": version, "etag": etag, "data": data}))
    told = UnitOfWork(conn, now())
    told.tell(encode(ModelChanged(version=version)))
    await told.close()
    return True


async def find_weights(context: ServerContext) -> Weights | None:
    """What was learned last, None while nothing was."""
    query = select(k.learning.c.version, k.learning.c.etag, k.learning.c.data)
    async with context.database.reading() as conn:
        row = (await conn.execute(query)).one()
    return None if row.data is None else Weights(row.version, row.etag, bytes(row.data))
