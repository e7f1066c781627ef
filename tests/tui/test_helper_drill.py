"""A drill on the real screen: who comes, what is judged, and what the result says."""

import asyncio
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from agent_tui import i18n
from agent_tui.cli.practice import Practice, order_of
from agent_tui.settings import Settings
from agent_tui.sim.drill import DrillCustomer, drill_set
from agent_tui.tui.app import AgentApp
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.result import DrillResult
from agent_tui.tui.helper.screen import HelperScreen
from tests.tui.answering_app import Clock
from tests.tui.helping import Robot, pack


class Trainee(Robot):
    """A robot who practises."""

    async def meets_next(self, customer: DrillCustomer) -> None:
        """The next customer is on the screen with all they say."""
        await self.until(lambda: self.screen.ticket is not None and self.heard == len(customer.says))

    @property
    def result(self) -> str:
        """The result's words."""
        page = self.app.screen
        assert isinstance(page, DrillResult)
        return "".join(words for words, _ in page._words.runs)


async def played(customers: tuple[DrillCustomer, ...], play: Callable[[Trainee], object]) -> str:
    """What somebody is told who practises with `customers`, doing what `play` does."""
    i18n.choose("zh")
    clock = Clock()
    practice = Practice(pack(), customers, "小赵", is_judged=True, clock=clock)
    practice.speaker(Settings())
    handbook = Handbook(lambda *_: pack(), values=practice.values)

    def screen() -> HelperScreen:
        return HelperScreen(practice.desk, handbook, clock, coach=practice, guard=0.0)

    app = AgentApp(practice.desk, clock=clock, ticking=False, helper=screen)
    async with app.run_test(size=(80, 24)) as pilot:
        pilot_: Pilot[None] = pilot
        trainee = Trainee(app, pilot_, practice.desk, practice.line, clock)
        await trainee.until(lambda: app.front is not app.station and handbook.pack is not None)
        await asyncio.wait_for(play(trainee), 60)  # type: ignore[arg-type]
        await trainee.until(lambda: isinstance(app.screen, DrillResult))
        return trainee.result


async def test_right_wrong_and_asked_are_told_apart() -> None:
    customers = drill_set("logistics").stage("skills")[:3]

    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(customers[0])
        await trainee.until(lambda: bool(trainee.titles) and trainee.titles[0].startswith("1"))
        trainee.clock.now += 7
        await trainee.press("1", "enter")
        trainee.clock.now += 5
        trainee.desk.tick()
        await trainee.until(lambda: "已经发给客户" in trainee.seen)
        await trainee.press("1")
        await trainee.meets_next(customers[1])
        await trainee.press("9", "1")
        await trainee.meets_next(customers[2])
        await trainee.press("0")
        await trainee.until(lambda: "替你写好了" in trainee.seen or "这一条就可以" in trainee.seen)
        await trainee.press("9", "1")

    result = await played(customers, play)
    assert "3 位客户：答对 1，问了搭档 1，答错 0" in result
    assert "回答「包裹到哪了、几时到」 · 12 秒" in result
    assert "你做的：转交" in result
    assert "建议再读一遍：" in result
    missed = pack().get(customers[1].right[0])
    assert missed is not None
    assert f"应该：{missed.title}" in result


async def test_a_card_that_came_up_counts_as_opened() -> None:
    customers = tuple(one for one in drill_set("logistics").customers if one.deed == "card")

    async def play(trainee: Trainee) -> None:
        for customer in customers:
            await trainee.until(lambda: "停" in trainee.seen and "应急" in trainee.seen)
            await trainee.press("escape")
            await trainee.meets_next(customer)
            await trainee.press("9", "1")

    result = await played(customers, play)
    assert f"答对 {len(customers)}" in result


@pytest.mark.parametrize("situation", ["moving", "refunding", "signed"])
def test_situations_become_orders(situation: str) -> None:
    from datetime import date

    from agent_tui.sim.drill import values_of

    made = order_of(values_of(situation, date(2026, 11, 11)), "c", 3)  # type: ignore[arg-type]
    assert made is not None
    assert made.number.endswith("03")
    assert order_of({}, "c", 0) is None
