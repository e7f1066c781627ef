"""Priority, category and tags set by hand, as an agent does it."""

from textual.widgets import Input

from agent_tui.domain.models import Category, Priority
from agent_tui.domain.reading import words_for
from agent_tui.tui.dialogs.dialog import ChoiceDialog
from tests.driver import Agent, at_work


async def asked(agent: Agent, key: str, title: str) -> ChoiceDialog:
    """Press `key` with the hand in the chat and wait for its question."""
    await agent.press("up", key)
    await agent.sees(title)
    assert isinstance(agent.app.screen, ChoiceDialog)
    return agent.app.screen


async def test_the_priority_is_set_by_digit_and_the_chat_says_who_did_it() -> None:
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "我的快递到哪了")
        await agent.take_next()
        await asked(agent, "P", "王敏 的优先级")
        await agent.press("4")
        await agent.until(lambda: agent.kept(ticket).priority is Priority.URGENT)
        await agent.sees("林晓 把优先级从普通改为")


async def test_beside_a_category_that_was_read_stand_the_customers_words() -> None:
    said = "我的快递到哪了"
    async with at_work() as agent:
        ticket = await agent.hear("王敏", said)
        await agent.take_next()
        dialog = await asked(agent, "C", "王敏 的问题类型")
        assert f"客户说：{words_for([said], Category.LOGISTICS)[0]}" in agent.screen()
        dialog.taken(Category.REFUND)
        await agent.until(lambda: agent.kept(ticket).category is Category.REFUND)
        await agent.sees("林晓 把问题类型从物流改")
        await asked(agent, "C", "王敏 的问题类型")
        assert "人工设定" in agent.screen()


async def test_tags_are_changed_in_one_line_that_shows_those_there_are() -> None:
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "我的快递到哪了")
        await agent.take_next()
        for shown, typed in (("", "双11，易碎 易碎"), ("双11 易碎", "")):
            await agent.press("up", "T")
            await agent.sees("王敏 的标签")
            field = agent.app.screen.query_one(Input)
            assert field.value == shown
            field.value = typed
            await agent.press("enter")
            wanted = ("双11", "易碎") if typed else ()
            await agent.until(lambda wanted=wanted: agent.kept(ticket).tags == wanted)  # type: ignore[misc]


async def test_tags_are_not_overwritten_unseen_while_nothing_can_be_read() -> None:
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "我的快递到哪了")
        agent.line.go_offline()
        await agent.press("T")
        await agent.hears("免得盖掉已有的")
        assert agent.kept(ticket).tags == ()
