"""What is said of a state goes when the state goes."""

import pytest
from textual.widgets import Input

from agent_tui.tui.composer.marks import Level, Mark
from tests.driver import COLLEAGUE, Agent, at_work


async def refused_for_a_blank(agent: Agent) -> None:
    """A reply with a blank in it, which is not sent."""
    await agent.hear("王敏", "几点到")
    await agent.take_next()
    agent.clock.now += 5
    agent.station.panes.composer.insert_filled("预计时间到", ((2, 4),))
    await agent.press("ctrl+s")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("keys", [("ctrl+z",), ("a",), ("delete",), ("ctrl+u",)])
async def test_a_blank_that_is_no_longer_left(language: str, keys: tuple[str, ...]) -> None:
    """Undone, filled, deleted."""
    said = {"zh": "还有空没填", "en": "A blank is left"}[language]
    async with at_work(language=language) as agent:
        await refused_for_a_blank(agent)
        assert said in agent.screen()
        await agent.press(*keys)
        assert said not in agent.screen()


async def test_what_was_said_of_doubtful_words_goes_with_them() -> None:
    """Once the hand rests, whether the text is gone or only the words are."""

    def checks(text: str) -> tuple[Mark, ...]:
        at = text.find("绝对")
        return () if at < 0 else (Mark(start=at, end=at + 2, level=Level.HINT, words="别说绝对"),)

    async with at_work() as agent:
        await agent.hear("王敏", "真的吗")
        await agent.take_next()
        composer = agent.station.panes.composer
        composer.marking.checks = checks
        await agent.type("绝对的")
        composer.marking.look()
        await agent.sees("别说绝对")
        await agent.press("home", "delete")
        await agent.settle()
        composer.marking.look()
        await agent.settle()
        assert "别说绝对" not in agent.screen()


async def test_what_was_done_is_said_until_more_is_written() -> None:
    """A kept note, also over the reply that comes back with it; an undone reply over its words."""
    async with at_work() as agent:
        await agent.hear("王敏", "真的吗")
        await agent.take_next()
        agent.clock.now += 5
        await agent.type("回复")
        await agent.press("ctrl+o")
        await agent.type("备注")
        await agent.press("enter")
        assert agent.written == "回复"
        assert "备注已保存" in agent.screen()
        await agent.type("了")
        assert "备注已保存" not in agent.screen()
        await agent.press("enter", "ctrl+z")
        assert agent.written == "回复了"
        await agent.sees("已撤")


async def test_an_answer_that_would_not_do_is_another_one_now() -> None:
    """The complaint of a dialog goes with the line it was about."""
    async with at_work() as agent:
        await agent.hear("王敏", "我要退货")
        await agent.take_next()
        await agent.transfer_to(COLLEAGUE.name, "")
        assert "写一句原因" in agent.screen()
        agent.app.screen.query_one(Input).focus()
        await agent.type("a")
        assert "写一句原因" not in agent.screen()
