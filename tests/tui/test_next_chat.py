"""The next chat that needs me: another one before this one, and no word of nobody while this one waits."""

from agent_tui.domain.models import Tier
from tests.driver import at_work


async def test_the_only_chat_that_waits_is_the_one_on_the_screen() -> None:
    """Tab says that this is the one, with its clock, in both languages."""
    for language, said in (("zh", "在等你的就是这一位：王敏（超时"), ("en", "the one who needs you: 王敏 (")):
        async with at_work(language=language) as agent:
            await agent.hear("王敏", "到底退不退")
            await agent.take_next()
            await agent.wait(3600)
            await agent.press("tab")
            await agent.hears(said)
            assert len(agent.toasts()) == 1


async def test_from_the_queue_the_hand_goes_to_the_one_that_waits() -> None:
    """It is on the screen already, but the keys are elsewhere."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "到底退不退")
        await agent.take_next()
        await agent.go_to_queue()
        await agent.press("tab")
        assert agent.station.ticket == ticket
        assert agent.station.place == "composer"


async def test_nobody_waits_once_all_are_answered() -> None:
    """An answered chat whose promises hold is no reason to look again."""
    async with at_work(undo_seconds=0) as agent:
        ticket = await agent.hear("王敏", "在吗")
        await agent.take_next()
        await agent.answer("在的")
        await agent.until(lambda: agent.replies(ticket) != [])
        await agent.press("tab")
        await agent.hears("没有在等你的客户")


async def test_a_missed_promise_counts_where_nobody_waits_for_an_answer() -> None:
    """A chat that is answered and overdue all the same is the next one."""
    async with at_work(undo_seconds=0) as agent:
        late = await agent.hear("王敏", "我要退货")
        await agent.take_next()
        await agent.answer("我来处理")
        await agent.until(lambda: agent.replies(late) != [])
        await agent.wait(49 * 3600)
        other = await agent.hear("陈静", "在吗")
        await agent.take_next()
        await agent.answer("在的")
        await agent.until(lambda: agent.replies(other) != [])
        await agent.press("tab")
        assert agent.station.ticket == late


async def test_the_most_urgent_comes_first_and_all_come_round() -> None:
    """The line of open chats is in the order of taking; Tab goes by urgency."""
    async with at_work(undo_seconds=0) as agent:
        taken = {}
        for name, tier in (("甲", Tier.REGULAR), ("乙", Tier.REGULAR), ("丙", Tier.VIP)):
            id = await agent.hear(name, "在吗", tier=tier)
            await agent.take_next()
            taken[name] = id
        agent.station.context.hand.show(taken["甲"])
        seen = []
        for _ in range(5):
            await agent.press("tab")
            seen.append(agent.customer(agent.station.ticket or ""))
        assert seen == ["丙", "乙", "丙", "甲", "乙"]


async def test_who_leaves_with_customers_in_hand_is_asked_once() -> None:
    async with at_work(undo_seconds=0) as agent:
        for name in ("甲", "乙"):
            await agent.hear(name, "在吗")
            await agent.take_next()
        await agent.press("ctrl+q")
        assert "手上还有 2 位客户" in agent.screen()
        await agent.press("escape")
        assert agent.app.is_running
