"""The order in one line above the composer, and the warning when another one is named."""

import pytest
from msgspec import structs

from agent_tui.domain.models import Item, Order, Parcel
from tests.driver import at_work

SENT = Order(
    number="884200001550", customer="c-王敏", status="shipped", total="89.00", items=(Item(name="电饭煲"),),
    parcels=(Parcel(number="YT8831", carrier="圆通", status="in_transit", last_event="到达 杭州中转"),),
)  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_the_order_is_in_sight_at_every_width(size: tuple[int, int]) -> None:
    async with at_work(size=size) as agent:
        agent.world.set_order(SENT)
        await agent.hear("王敏", "到哪了", order=SENT.number)
        await agent.take_next()
        await agent.sees("圆通")
        assert "已发货" in agent.screen()
        assert "不在这单里" not in agent.screen()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_other_goods_than_the_orders_are_said_beside_the_composer(size: tuple[int, int]) -> None:
    async with at_work(size=size) as agent:
        agent.world.set_order(SENT)
        await agent.hear("王敏", "我买的蓝牙耳机怎么还没到", order=SENT.number)
        ticket = await agent.take_next()
        await agent.sees("“蓝牙耳机”不在这单里")
        agent.world.receive(
            agent.kept(ticket).customer, "说错了，我买的电饭煲", order=SENT.number, channel="app"
        )
        await agent.until(lambda: len(agent.desk.conversations.get(ticket).shown) > 2)
        await agent.settle()
        assert "不在这单里" not in agent.screen()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_parcel_that_has_come_is_not_expected_any_more(size: tuple[int, int]) -> None:
    async with at_work(size=size) as agent:
        eta = "2026-11-12T18:00:00+08:00"
        parcel = structs.replace(SENT.parcels[0], eta=eta)
        agent.world.set_order(structs.replace(SENT, parcels=(parcel,)))
        ticket = await agent.hear("王敏", "到哪了", order=SENT.number)
        await agent.take_next()
        await agent.sees("预计")
        come = structs.replace(parcel, status="delivered")
        agent.world.set_order(structs.replace(SENT, status="delivered", parcels=(come,)))
        await agent.sees("已签收")
        assert agent.station.ticket == ticket
        assert "预计" not in agent.screen()
