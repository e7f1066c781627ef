"""Helpdesks with nobody in them yet: one in memory, one behind a real server process."""

import asyncio
import time

import msgspec

from agent_tui.backends.http import HttpBackend
from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.domain.models import CustomerRef, Order, Role, Seat
from tests.server.driver import Channel, Server, ulid


class MemoryHouse:
    def __init__(self) -> None:
        self.world = World(time.time)

    async def line(self, role: Role = Role.AGENT, name: str = "") -> MemoryBackend:
        id = f"p{len(self.world.seats)}"
        self.world.put_seat(Seat(id=id, name=name or id, role=role))
        return MemoryBackend(self.world, id)

    async def receive(self, customer: str, words: str, *, id: str = "", order: str | None = None) -> str:
        who = CustomerRef(id=customer, name="王敏")
        return self.world.receive(who, words, id=id or None, order=order).id

    async def put_order(self, order: Order) -> None:
        self.world.set_order(order)

    async def lose_token(self, backend: MemoryBackend) -> None:
        backend.expire()


class HttpHouse:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._lines: list[HttpBackend] = []
        self._channel: Channel | None = None

    async def line(self, role: Role = Role.AGENT, name: str = "") -> HttpBackend:
        # The same name again is another device of the same person; a new person needs a new name.
        name = name or f"{role.value}-{ulid()[-8:]}"
        if name in {"甲", "乙", "小赵"}:
            name += ulid()[-6:]
        person = await asyncio.to_thread(self._server.person, role.value, name)
        self._lines.append(HttpBackend(self._server.url, person.token))
        return self._lines[-1]

    async def receive(self, customer: str, words: str, *, id: str = "", order: str | None = None) -> str:
        more = {"id": id or ulid(), "order": order}
        channel = await self._open()
        taken = await asyncio.to_thread(channel.say, customer, words, **more)
        return taken["ticket"]

    async def put_order(self, order: Order) -> None:
        channel = await self._open()
        body = {name: value for name, value in msgspec.to_builtins(order).items() if name != "number"}
        answer = await asyncio.to_thread(channel.http.put, f"/v1/orders/{order.number}", json=body)
        assert answer.is_success, answer.text

    async def _open(self) -> Channel:
        if self._channel is None:
            self._channel = await asyncio.to_thread(self._server.channel)
        return self._channel

    async def lose_token(self, backend: HttpBackend) -> None:
        backend.use_token("not-a-token")

    async def leave(self) -> None:
        for line in self._lines:
            await line.aclose()
