"""The memory backend keeps the contract, and its faults are what they say."""

import time

import pytest

from agent_tui.backends.base import Unavailable
from agent_tui.backends.memory.seeded import ME, seeded, seeded_backend
from agent_tui.domain.commands import SendReply
from agent_tui.domain.models import Category, Status, Tier
from agent_tui.sync.ids import new_id
from tests.backends.contract import BackendContract, text
from tests.backends.houses import MemoryHouse


@pytest.fixture
def house() -> MemoryHouse:
    return MemoryHouse()


class TestMemory(BackendContract):
    """The contract over a World."""


async def test_a_lost_answer_was_carried_out() -> None:
    backend = seeded_backend(5, 1, time.time)
    ticket = next(iter(backend.world.tickets))
    backend.lose_answers()
    command = SendReply(id=new_id(), ticket=ticket, parts=text("您好"))
    with pytest.raises(Unavailable):
        await backend.send((command,))
    assert [m.id for m in backend.world.replies][-1] == command.id
    (again,) = await backend.send((command,))
    assert again.outcome == "applied"


async def test_offline_nothing_is_answered() -> None:
    backend = seeded_backend(5, 1, time.time)
    backend.go_offline()
    with pytest.raises(Unavailable):
        await backend.snapshot(lambda _: None)
    backend.come_back()
    assert (await backend.snapshot(lambda _: None)).cursor


def test_a_seeded_floor_is_the_same_again_and_full_of_life() -> None:
    one, two = seeded(300, 7, lambda: 1.7e9), seeded(300, 7, lambda: 1.7e9)
    assert one.tickets == two.tickets
    assert len(one.tickets) == 300
    assert {t.status for t in one.tickets.values()} >= set(Status) - {Status.CLOSED}
    assert {t.customer.tier for t in one.tickets.values()} == set(Tier)
    assert len({t.category for t in one.tickets.values()} - {Category.OTHER}) >= 7
    assert any(t.assignee and t.assignee.id == ME for t in one.tickets.values())
