"""Authentication: bearer tokens looked up and cached, a rate limit for each, and who was last seen when."""

import asyncio
import time
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.models import Role
from agent_tui.rate_limit import RateLimit, retry_after
from agent_tui.server.context import ServerContext
from agent_tui.server.identity import Principal, hash_token
from agent_tui.server.problems import HttpProblem
from agent_tui.server.store import tables as t
from agent_tui.server.store.people import find_seat, tell_seat
from agent_tui.server.store.tokens import TOKENS_ENDED, holds
from agent_tui.server.store.writing import UnitOfWork, now

_CACHED = 1.0


class Authenticator:
    """Looks tokens up. A known one is believed for a second; an unknown one is always asked for, so a token
    works from the moment it is made.
    """

    def __init__(self, context: ServerContext) -> None:
        self._context = context
        self._requests = RateLimit(context.limits.rate, max(1, int(context.limits.burst)))
        self._known: dict[str, tuple[float, Principal]] = {}
        context.database.on_commit(TOKENS_ENDED, self._known.clear)
        self._touched: dict[str, float] = {}
        self._touch_every = min(20.0, context.policy.limits.seat_kept / 4)
        self._touching = asyncio.Lock()

    async def admit(self, header: str | None, roles: frozenset[Role]) -> Principal:
        """Who asks, if their role is one of `roles`."""
        reader = await self.look_up(header)
        if reader is None:
            raise HttpProblem(401, headers={"WWW-Authenticate": "Bearer"})
        self._count(reader.token)
        if reader.role not in roles:
            raise HttpProblem(403)
        if reader.role is not Role.CHANNEL:
            await self.touch(reader)
        return reader

    async def look_up(self, header: str | None) -> Principal | None:
        """The owner of an `Authorization` header, None for nobody."""
        scheme, _, token = (header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return None
        key = hash_token(token)
        cached = self._known.get(key)
        if cached is not None and cached[0] > time.monotonic():
            return cached[1]
        return await self._ask(key)

    async def _ask(self, key: str) -> Principal | None:
        query = (
            select(t.tokens.c.id, t.people.c.id.label("person"), t.people.c.name, t.tokens.c.role)
            .join(t.people, t.people.c.id == t.tokens.c.person)
            .where(t.tokens.c.hash == key, holds())
        )
        async with self._context.database.reading() as conn:
            row = (await conn.execute(query)).first()
        if row is None:
            self._known.pop(key, None)
            return None
        reader = Principal(row.id, row.person, row.name, Role(row.role))
        self._known[key] = (time.monotonic() + _CACHED, reader)
        return reader

    def _count(self, token: str) -> None:
        wait = self._requests.take(token)
        if wait:
            raise HttpProblem(429, headers={"Retry-After": retry_after(wait)})

    async def touch(self, reader: Principal) -> None:
        """Note that a person is there; the seat of one who was away lights up for everyone."""
        at = time.monotonic()
        if at - self._touched.get(reader.id, -1e9) < self._touch_every:
            return
        self._touched[reader.id] = at
        async with self._touching:
            told = await self._context.database.write(lambda conn: self._seen(conn, reader))
        if told:
            self._context.committed()

    async def _seen(self, conn: AsyncConnection, reader: Principal) -> bool:
        people = t.people.c
        at = time.time()
        seen: Any = update(t.people).where(people.id == reader.id, people.connected.is_(True))
        if (await conn.execute(seen.values(seen=at))).rowcount:
            return False
        seat = await find_seat(conn, reader.id, self._context.policy, reader.role.value, lock=True)
        if seat is None:
            return False
        unit = UnitOfWork(conn, now())
        await tell_seat(unit, replace(seat, connected=True), seen=at)
        return await unit.close() is not None
