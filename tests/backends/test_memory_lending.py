"""The 1+1 over a helpdesk in memory."""

import time
from collections.abc import AsyncIterator

import pytest

from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.domain.models import Customer, CustomerRef, Role, Seat, Tier
from agent_tui.domain.policy import read_policy
from agent_tui.knowledge.packs.resolved import load_pack
from agent_tui.knowledge.packs.triggers import rules_of
from agent_tui.wire import HelperMade
from tests.backends.contract import Ear
from tests.backends.lending import PACK, RULES, LendingContract


class MemoryLendingHouse:
    def __init__(self) -> None:
        self.world = World(time.time, read_policy(RULES.encode(), "rules"))
        self.world.publish(rules_of(load_pack(PACK)))
        self.ears: list[Ear] = []
        self.lead = self._seat(Role.LEAD, "许可", "")
        self.buddy = self._seat(Role.AGENT, "林晓", "")

    def _seat(self, role: Role, name: str, team: str) -> MemoryBackend:
        id = f"p{len(self.world.seats)}"
        self.world.put_seat(Seat(id=id, name=name or id, role=role, team=team or None))
        return MemoryBackend(self.world, id)

    async def line(self, role: Role = Role.AGENT, name: str = "", team: str = "") -> MemoryBackend:
        return self._seat(role, name, team)

    async def seated(self, made: HelperMade) -> MemoryBackend:
        return MemoryBackend(self.world, made.id)

    async def receive(self, customer: str, words: str, tier: Tier = Tier.REGULAR) -> str:
        return self.world.receive(CustomerRef(id=customer, name="王小明", tier=tier), words).id

    async def customer_is(self, customer: str, tier: Tier) -> None:
        self.world.set_customer(Customer(id=customer, name="王小明", tier=tier))


@pytest.fixture
async def house() -> AsyncIterator[MemoryLendingHouse]:
    house = MemoryLendingHouse()
    yield house
    for ear in house.ears:
        await ear.stop()


class TestMemoryLending(LendingContract):
    """The story over a World."""
