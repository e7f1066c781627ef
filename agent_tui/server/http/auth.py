"""Authentication: bearer tokens looked up and cached, a rate limit for each, and who was last seen when."""

import asyncio
import time
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from agent_tui.domain.models import Role
from agent_tui.rate_limit import RateLimit, retry_after
from agent_tui.server.house import House
from agent_tui.server.identity import Reader, hash_token, holds
from agent_tui.server.problems import Stop
from agent_tui.server.store import tables as t
from agent_tui.server.store.people import find_seat, tell_seat
from agent_tui.server.store.writing import Entry, now

_CACHED = 1.0


class Authenticator:
    """Looks tokens up. A known one is believed for a second; an unknown one is always asked for, so a token
    works from the moment it is made.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._requests = RateLimit(house.limits.rate, max(1, int(house.limits.burst)))
        self._known: dict[str, tuple[float, Reader]] = {}
        self._touched: dict[str, float] = {}
        self._touch_every = min(20.0, house.policy.limits.seat_kept / 4)
        self._touching = asyncio.Lock()

    async def admit(self, header: str | None, roles: frozenset[Role]) -> Reader:
        """Who asks, if their role is one of `roles`."""
        reader = await self.look_up(header)
        if reader is None:
            raise Stop(401, headers={"WWW-Authenticate": "Bearer"})
        self._count(reader.token)
        if reader.role not in roles:
            raise Stop(403)
        if reader.role is not Role.CHANNEL:
            await self.touch(reader)
        return reader

    async def look_up(self, header: str | None) -> Reader | None:
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

    async def _ask(self, key: str) -> Reader | None:
        query = (
            select(t.tokens.c.id, t.people.c.id.label("person"), t.people.c.name, t.tokens.c.role)
            .join(t.people, t.people.c.id == t.tokens.c.person)
            .where(t.tokens.c.hash == key, holds())
        )
        async with self._house.database.reading() as conn:
            row = (await conn.execute(query)).first()
        if row is None:
            self._known.pop(key, None)
            return None
        reader = Reader(row.id, row.person, row.name, Role(row.role))
        self._known[key] = (time.monotonic() + _CACHED, reader)
        return reader

    def _count(self, token: str) -> None:
        wait = self._requests.take(token)
        if wait:
            raise Stop(429, headers={"Retry-After": retry_after(wait)})

    async def touch(self, reader: Reader) -> None:
        """Note that a person is there; the seat of one who was away lights up for everyone."""
        at = time.monotonic()
        if at - self._touched.get(reader.id, -1e9) < self._touch_every:
            return
        self._touched[reader.id] = at
        async with self._touching:
            told = await self._house.database.write(lambda conn: self._seen(conn, reader))
        if told:
            self._house.committed()

    async def _seen(self, conn: AsyncConnection, reader: Reader) -> bool:
        people = t.people.c
        at = time.time()
        seen: Any = update(t.people).where(people.id == reader.id, people.connected.is_(True))
        if (await conn.execute(seen.values(seen=at))).rowcount:
            return False
        seat = await find_seat(conn, reader.id, self._house.policy, reader.role.value, lock=True)
        if seat is None:
            return False
        entry = Entry(conn, now())
        await tell_seat(entry, replace(seat, connected=True), seen=at)
        return await entry.close() is not None
