"""A dangerous customer stands first in the queue, whoever else waits, and row, title and reasons say why."""

from agent_tui.domain.models import Danger, Tier
from tests.driver import at_work


async def test_danger_stands_first_and_says_so_in_row_and_title() -> None:
    async with at_work() as agent:
        await agent.hear("李娜", "我的快递到哪了", tier=Tier.VIP)
        ticket = await agent.hear("王敏", "充电宝冒烟了")
        await agent.sees("人身安全 充")
        assert await agent.take_next() == ticket
        await agent.sees("人身安全 · 质量")
        assert agent.kept(ticket).danger is Danger.SAFETY
