"""The knowledge comes in after the first frame: what is asked of it before is neither lost nor in the way."""

import threading

from agent_tui.knowledge.content.sources import CombinedSources
from agent_tui.knowledge.library import Library
from agent_tui.tui.dialogs.commands import CommandsDialog
from agent_tui.tui.dialogs.status import StatusDialog
from agent_tui.tui.palette.screen import PaletteScreen
from agent_tui.tui.workstation.answers import Unread
from tests.driver import Agent, at_work
from tests.patience import WAIT


class SlowLibrary:
    """Is made when it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self) -> Library:
        assert self.let_go.wait(WAIT)
        return Library(CombinedSources(()))


async def _is_ready(agent: Agent, slow: SlowLibrary) -> None:
    slow.let_go.set()
    await agent.app.workers.wait_for_complete([w for w in agent.app.workers if w.group == "answering"])
    await agent.settle()


async def test_the_palette_opens_when_the_knowledge_is_there() -> None:
    slow = SlowLibrary()
    async with at_work(library=slow) as agent:
        await agent.hear("王敏", "到底退不退")
        await agent.take_next()
        await agent.press("slash")
        assert isinstance(agent.station.answering, Unread)
        assert agent.app.screen is agent.station
        await _is_ready(agent, slow)
        assert isinstance(agent.app.screen, PaletteScreen)


async def test_a_hand_that_has_gone_on_is_left_alone() -> None:
    slow = SlowLibrary()
    async with at_work(library=slow) as agent:
        await agent.hear("王敏", "到底退不退")
        await agent.take_next()
        await agent.press("ctrl+k")
        await agent.type("您好")
        await _is_ready(agent, slow)
        assert agent.app.screen is agent.station
        assert agent.written == "您好"


async def test_a_digit_goes_nowhere_when_nothing_is_recommended_until_backspace_asks_for_it() -> None:
    slow = SlowLibrary()
    async with at_work(library=slow) as agent:
        await agent.hear("王敏", "到底退不退")
        await agent.take_next()
        await agent.press("1")
        await _is_ready(agent, slow)
        assert agent.written == ""
        await agent.press("backspace")
        assert agent.written == "1"


async def test_deeds_need_no_knowledge() -> None:
    slow = SlowLibrary()
    async with at_work(library=slow) as agent:
        await agent.hear("王敏", "到底退不退")
        await agent.take_next()
        await agent.press("ctrl+p")
        assert isinstance(agent.app.screen, CommandsDialog)
        await agent.type("状态")
        await agent.press("enter")
        assert isinstance(agent.app.screen, StatusDialog)
        slow.let_go.set()
