"""Webhook delivery: signed, in order per customer, retried with exponential back-off for a day."""

import asyncio
import random
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
from msgspec.structs import replace
from sqlalchemy import Integer, and_, bindparam, delete, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from standardwebhooks import Webhook

from agent_tui.domain.models import Message, MessageState
from agent_tui.server.context import ServerContext
from agent_tui.server.store import tables as t
from agent_tui.server.store.database.transactions import DOWN
from agent_tui.server.store.deliveries import QUEUED
from agent_tui.server.store.ticket_rows import hold_ticket
from agent_tui.server.store.writing import UnitOfWork, floor_of, now
from agent_tui.waiting import is_set_within

TIMEOUT = 10.0
FIRST_RETRY = 0.5
LONGEST_RETRY = 300.0
GIVE_UP = 24 * 3600.0
LEASE = 30.0
# So many that a channel which hangs does not hold back the others.
AT_ONCE = 256
_LOOK = 0.5
_LOOK_FOR_DEAD = 5.0


def _due() -> tuple[Any, ...]:
    """What may go now: nobody's, and the first of its customer."""
    mine, earlier = t.deliveries.c, t.deliveries.alias("earlier").c
    ahead = and_(earlier.channel == mine.channel, earlier.customer == mine.customer, earlier.pos < mine.pos)
    return (
        mine.next_at <= bindparam("at"),
        mine.leased <= bindparam("at"),
        ~exists().where(ahead).correlate(t.deliveries),
    )


_ANY_DUE = select(exists().where(*_due()))
_FIRST_DUE = (
    select(t.deliveries)
    .where(*_due())
    .order_by(t.deliveries.c.next_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(t.deliveries)
    .where(t.deliveries.c.id == bindparam("this"))
    .values(leased=bindparam("until"), owner=bindparam("by"))
)
_CHANNEL = select(t.channels).where(t.channels.c.name == bindparam("name"))
_MESSAGE = select(t.messages.c.body).where(t.messages.c.id == bindparam("this"))
_DONE = delete(t.deliveries).where(t.deliveries.c.id == bindparam("this"))


def retry_after(attempts: int) -> float:
    """Seconds until the next try after `attempts` failed ones: doubling, with jitter."""
    step: float = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(attempts - 1, 20))
    return step * random.uniform(0.8, 1.0) if attempts > 1 else step


def verdict(status: int) -> str:
    """What an answer means: `done`, `refused` or `again`."""
    if 200 <= status < 300:
        return "done"
    if 400 <= status < 500 and status not in (408, 429):
        return "refused"
    return "again"


class DeliveryWorker:
    """Sends what is queued; each row is leased by one process at a time. A channel has `timeout` seconds to
    answer."""

    def __init__(self, context: ServerContext, timeout: float | None = TIMEOUT) -> None:
        self._context = context
        self._timeout = timeout
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._looked = 0.0
        context.database.on_commit(QUEUED, self._wake.set)

    async def run(self) -> None:
        """Send until cancelled. What waited before the start goes at once."""
        await self._context.database.write(self._hurry)
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(timeout=self._timeout, limits=limits, trust_env=False) as client:
            try:
                await self._forever(client)
            finally:
                for task in self._running:
                    task.cancel()
                await asyncio.gather(*self._running, return_exceptions=True)

    async def _forever(self, client: httpx.AsyncClient) -> None:
        while True:
            self._wake.clear()
            try:
                await self._round(client)
            except DOWN:
                await asyncio.sleep(_LOOK)
            await is_set_within(self._wake, _LOOK)

    async def _round(self, client: httpx.AsyncClient) -> None:
        shared = not self._context.database.is_sqlite
        if shared and time.monotonic() - self._looked > _LOOK_FOR_DEAD:
            self._looked = time.monotonic()
            await self._context.database.write(self._free_dead)
        free = AT_ONCE - len(self._running)
        if free <= 0 or not await self._any_due():
            return
        for row in await self._context.database.write(lambda conn: self._lease(conn, free)):
            task = asyncio.create_task(self._send(client, row))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _any_due(self) -> bool:
        """Look before asking for the write lock."""
        async with self._context.database.reading() as conn:
            return bool(await conn.scalar(_ANY_DUE, {"at": time.time()}))

    async def _hurry(self, conn: AsyncConnection) -> None:
        await conn.execute(update(t.deliveries).values(next_at=time.time()))
        await self._free_dead(conn)

    async def _free_dead(self, conn: AsyncConnection) -> None:
        """Free what was leased by a process that is no more."""
        owners = t.deliveries.c.owner
        if self._context.database.is_sqlite:
            dead: Any = owners != self._context.owner
        else:
            query = text(
                "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'agent-tui %'"
            )
            alive = [name.split(" ", 1)[1] for name in (await conn.scalars(query)).all()]
            dead = owners.not_in([*alive, self._context.owner])
        await conn.execute(update(t.deliveries).where(dead).values(leased=0.0, owner=None))

    async def _lease(self, conn: AsyncConnection, limit: int) -> list[Any]:
        at = time.time()
        rows = list((await conn.execute(_FIRST_DUE, {"at": at, "limit": limit})).all())
        leased = [{"this": row.id, "until": at + LEASE, "by": self._context.owner} for row in rows]
        if leased:
            await conn.execute(_TAKE, leased)
        return rows

    async def _send(self, client: httpx.AsyncClient, row: Any) -> None:
        word, detail = await self._try(client, row)
        attempts = row.attempts + 1
        if word == "again" and time.time() - row.since > GIVE_UP:
            word = "refused"
        wait = retry_after(attempts)
        work = _later(row.id, attempts, wait) if word == "again" else _settled(row, word, detail)
        try:
            told = await self._context.database.write(work)
        except DOWN:
            return
        self._wake.set()
        if word == "again":
            asyncio.get_running_loop().call_later(wait, self._wake.set)
        if told:
            self._context.committed()

    async def _try(self, client: httpx.AsyncClient, row: Any) -> tuple[str, str]:
        async with self._context.database.reading() as conn:
            channel = (await conn.execute(_CHANNEL, {"name": row.channel})).first()
        if channel is None or not channel.webhook:
            return "refused", "no webhook"
        at = datetime.now(UTC)
        signature = Webhook(channel.secret).sign(row.id, at, row.payload.decode())
        headers = {
            "content-type": "application/json",
            "webhook-id": row.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        }
        try:
            async with asyncio.timeout(self._timeout):
                answer = await client.post(channel.webhook, content=row.payload, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            return "again", type(error).__name__
        return verdict(answer.status_code), f"HTTP {answer.status_code}"


def _later(id: str, attempts: int, wait: float) -> Any:
    async def write(conn: AsyncConnection) -> bool:
        values = {"attempts": attempts, "next_at": time.time() + wait, "leased": 0.0}
        await conn.execute(update(t.deliveries).where(t.deliveries.c.id == id).values(**values, owner=None))
        return False

    return write


def _settled(row: Any, word: str, detail: str) -> Any:
    async def write(conn: AsyncConnection) -> bool:
        held = await hold_ticket(conn, row.ticket)
        gone = await conn.execute(_DONE, {"this": row.id})
        if not gone.rowcount or held is None or row.kind != "message.created":
            return False
        body = (await conn.scalars(_MESSAGE, {"this": row.message})).one()
        message = msgspec.json.decode(body, type=Message)
        state = MessageState.DELIVERED if word == "done" else MessageState.UNDELIVERED
        after = replace(held.ticket, version=held.ticket.version + 1)
        unit = UnitOfWork(conn, now())
        error = "" if word == "done" else detail
        await unit.change_message(replace(message, state=state, error=error), after)
        await unit.change_ticket(held, after, await floor_of(conn), None)
        return await unit.close() is not None

    return write
