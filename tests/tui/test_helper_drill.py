"""A drill on the real screen: who comes, what is told, what is judged, and what the result says."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from textual.pilot import Pilot

from agent_tui import i18n
from agent_tui.drill.orders import order_of
from agent_tui.drill.practice import Practice
from agent_tui.drill.sets import (
    DrillCustomer,
    DrillPart,
    DrillSet,
    DrillStage,
    Turn,
    dates_of,
    drill_set,
    values_of,
)
from agent_tui.settings import Settings
from agent_tui.tui.app import AgentApp
from agent_tui.tui.helper.briefing import BriefingPage
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.helper.result import DrillResult
from agent_tui.tui.helper.screen import HelperScreen
from tests.driver import EVENING, Clock
from tests.tui.helping import Robot, pack

SKILLS = {one.id: one for one in drill_set("logistics", "skills").customers}
SCENES = {one.id: one for one in drill_set("logistics", "scenes").customers}
LIVE = {one.id: one for one in drill_set("logistics", "live").customers}


class Trainee(Robot):
    """A robot who practises."""

    practice: Practice

    async def meets_next(self, customer: Turn, before: int = 0) -> None:
        """The next customer is on the screen with all they say."""
        heard = before + len(customer.says)
        await self.until(lambda: self.screen.ticket is not None and self.heard == heard)
        await self.settle()

    @property
    def is_briefed(self) -> bool:
        """Whether a page before a part waits to be read."""
        return isinstance(self.app.screen, BriefingPage)

    def serving(self, customer: str, turn: int) -> bool:
        """Whether that customer is on the screen with what they say at that turn."""
        here, id = self.practice.visits.here, self.screen.ticket
        is_here = id is not None and id in here and here[id].id == customer
        return is_here and self.practice.visits.turns[id or ""] == turn

    async def answers(self, turn: Turn, seconds: float = 5) -> None:
        """Send the right answer: by its digit, else by its place in the list, and call it solved."""
        await self.until(lambda: self.screen.offers.items.chosen is not None)
        if turn.find:
            await self.ime(turn.find)
        items = [item.id for item in self.screen.offers.items.items if item.is_choice]
        for _ in range(items.index(next(id for id in items if id in turn.right))):
            await self.press("down")
        self.clock.now += seconds
        await self.press("enter")
        if self.app.screen.has_class("-blanks"):
            await self.ime("18:00")
        await self.press("enter")
        if "先做到" in self.seen:
            await self.press("enter")
        self.clock.now += 5
        self.desk.tick()
        await self.until(lambda: "已经发给客户" in self.seen)
        self.clock.now += 1
        await self.press("1")

    async def serves(self, turn: Turn) -> None:
        """Do what is right."""
        if turn.response == "answer":
            await self.answers(turn)
        elif turn.response == "card":
            await self.opens_card(turn)
        elif turn.response == "hand-over":
            await self.press("9", "1")
        else:
            await self.press("0")
            await self.settle()
            await self.press("9", "1")

    async def opens_card(self, turn: Turn) -> None:
        """Read the card, whether it came by itself or not, and hand over."""
        known = self.practice._pack
        if known.card_for("\n".join(turn.says)) is None:
            cards = [card.id for card in known.pack.emergency]
            await self.press("7", str(cards.index(turn.card) + 1), "1")
        await self.until(lambda: "应急" in self.seen and "停" in self.seen)
        await self.press("escape", "9", "1")

    @property
    def page(self) -> DrillResult:
        """The result's page."""
        page = self.app.screen
        assert isinstance(page, DrillResult)
        return page

    @property
    def result(self) -> str:
        """The result's words with every customer unfolded in turn."""
        words, told = self.page.words, []
        for at in range(-1, len(words.customers)):
            words.look_at(at)
            told.append("".join(run for run, _ in words.runs))
        words.look_at(-1)
        return "\n".join(told)


def one_part(*customers: DrillCustomer, told: str = "", every: int = 0) -> DrillSet:
    """A set of a single part."""
    part = DrillPart(name="先给日期", told=told, every=every, customers=customers)
    return DrillSet(pack="logistics", set="live" if every else "skills", parts=(part,))


async def played(drill: DrillSet, play: Callable[[Trainee], Awaitable[None]]) -> Practice:
    """The practice of somebody who goes through `drill`, doing what `play` does."""
    i18n.choose("zh")
    clock = Clock(EVENING)
    practice = Practice(pack(drill.pack), drill, "小赵", is_judged=True, clock=clock)
    practice.speaker(Settings())
    handbook = Handbook(lambda *_: pack(drill.pack), values=practice.values, clock=clock)

    def screen() -> HelperScreen:
        return HelperScreen(practice.desk, handbook, clock, coach=practice, guard=0.0)

    app = AgentApp(practice.desk, clock=clock, ticking=False, helper=screen)
    async with app.run_test(size=(80, 24)) as pilot:
        pilot_: Pilot[None] = pilot
        trainee = Trainee(app, pilot_, practice.desk, practice.line, clock)
        trainee.practice = practice
        await trainee.until(lambda: app.front is not app.station and handbook.pack is not None)
        await play(trainee)
    return practice


async def test_right_wrong_and_asked_are_told_apart() -> None:
    customers = SKILLS["where"], SKILLS["no-trace"], SKILLS["address-before"]

    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(customers[0])
        await trainee.answers(customers[0], seconds=7)
        await trainee.meets_next(customers[1])
        await trainee.press("9", "1")
        await trainee.meets_next(customers[2])
        await trainee.press("0")
        await trainee.until(lambda: "替你写好了" in trainee.seen or "这一条就可以" in trainee.seen)
        await trainee.press("9", "1")
        await trainee.until(lambda: isinstance(trainee.app.screen, DrillResult))
        result = trainee.result
        assert "3 位客户：答对 1，问搭档或转交 2，答错 0" in result
        assert "回答「包裹到哪了、几时到」 · 12 秒" in result
        assert "还没通过" in result
        assert "1/3 先给日期" in result
        assert "你做的：转交" in result
        assert "建议再读一遍：" in result
        missed = pack().get(customers[1].right[0])
        assert missed is not None
        assert f"应该：回答「{missed.title}」" in result
        assert "单号 SF7000100200300（顺丰）已经打好" in result
        assert "打字“没有物流”就能找到" in result

    await played(one_part(*customers), play)


async def test_what_a_part_is_about_is_told_before_it_begins() -> None:
    async def play(trainee: Trainee) -> None:
        await trainee.until(lambda: isinstance(trainee.app.screen, BriefingPage))
        assert trainee.screen.ticket is None
        assert "技能 1/1" in trainee.seen
        assert "要的是一个日子" in trainee.seen
        await trainee.press("enter")
        await trainee.meets_next(SKILLS["when-ship"])
        assert "练习 0/1 · 先给日期" in trainee.seen

    await played(one_part(SKILLS["when-ship"], told="问什么时候的人，要的是一个日子。"), play)


async def test_a_customer_comes_back_with_more() -> None:
    customer = SCENES["exam"]
    assert customer.then is not None

    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(customer)
        await trainee.answers(customer)
        await trainee.meets_next(customer.then, before=len(customer.says))
        assert customer.then.says[-1] in trainee.seen
        await trainee.press("9", "1")
        await trainee.until(lambda: isinstance(trainee.app.screen, DrillResult))
        assert "1 位客户：答对 0，问搭档或转交 1" in trainee.result
        assert "客户又说：“我问了快递，赶不上 那我不要了" in trainee.result

    await played(one_part(customer), play)


@pytest.mark.parametrize(("date", "right"), [("1", 0), ("12月3日", 1)])
async def test_a_blank_that_holds_a_slip_of_the_finger_is_not_right(date: str, right: int) -> None:
    """The right answer with 补货日期 `1`, sent although it was asked about."""
    customer = SCENES["sold-out-size"]

    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(customer)
        trainee.screen.errands.answer(trainee.screen.ticket or "", "stock-restock-when")
        await trainee.settle()
        await trainee.ime(date)
        await trainee.press("enter")
        if "是不是按错了" in trainee.seen:
            await trainee.press("enter")
        trainee.clock.now += 5
        trainee.desk.tick()
        await trainee.until(lambda: "已经发给客户" in trainee.seen)
        await trainee.press("1")
        await trainee.until(lambda: isinstance(trainee.app.screen, DrillResult))
        assert f"1 位客户：答对 {right}" in trainee.result
        assert ("只按了一个数字：补货日期" in trainee.result) is (not right)

    await played(one_part(customer), play)


async def test_the_clock_of_a_shift_says_who_waits() -> None:
    customers = LIVE["terse-where"], LIVE["hurry"], LIVE["cancel-sorry"]

    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(customers[0])
        assert "后面没有人" in trainee.seen
        trainee.clock.now += 90
        trainee.screen.tick()
        await trainee.settle()
        assert "这位等了 1:30" in trainee.seen
        assert "后面 2 位，最久 0:50" in trainee.seen

    await played(one_part(*customers, every=40), play)


@pytest.mark.torture
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("id", "stage"), [("logistics", "live"), ("basics-en", "scenes")])
async def test_a_whole_set_can_be_passed(id: str, stage: DrillStage) -> None:
    known = drill_set(id, stage)
    turns = [(one.id, n, turn) for one in known.customers for n, turn in enumerate(one.turns)]

    async def play(trainee: Trainee) -> None:
        for customer, n, turn in turns:
            await trainee.until(lambda: trainee.is_briefed or trainee.serving(customer, n))  # noqa: B023
            if trainee.is_briefed:
                await trainee.press("enter")
                await trainee.until(lambda: trainee.serving(customer, n))  # noqa: B023
            await trainee.settle()
            await trainee.serves(turn)
        await trainee.until(lambda: isinstance(trainee.app.screen, DrillResult))
        assert "15 位客户：答对 15，问搭档或转交 0，答错 0" in trainee.result

    practice = await played(known, play)
    assert practice.outcome().is_passed


async def test_who_takes_a_break_meets_the_same_customer_again() -> None:
    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(SKILLS["where"])
        await trainee.press("8", "1")
        await trainee.until(lambda: "休息中" in trainee.seen)
        await trainee.press("enter")
        await trainee.meets_next(SKILLS["where"])
        await trainee.press("8", "2")
        await trainee.until(lambda: isinstance(trainee.app.screen, DrillResult))
        assert "0 位客户" in trainee.result

    await played(one_part(SKILLS["where"], SKILLS["no-trace"]), play)


async def test_the_result_is_walked_with_the_arrows_and_leads_on() -> None:
    customers = SKILLS["where"], SKILLS["no-trace"]

    async def play(trainee: Trainee) -> None:
        await trainee.meets_next(customers[0])
        await trainee.answers(customers[0])
        await trainee.meets_next(customers[1])
        await trainee.press("9", "1")
        await trainee.until(lambda: isinstance(trainee.app.screen, DrillResult))
        assert "▌" not in trainee.seen
        await trainee.press("enter")
        assert "▌○ 交出去了" in trainee.seen
        assert "语气：告诉他多久会有记录" in trainee.seen
        await trainee.press("down", "down")
        assert "▌✓ 答对" in trainee.seen
        await trainee.press("up", "up", "up")
        assert "▌" not in trainee.seen
        await trainee.press("2")

    practice = await played(one_part(*customers), play)
    assert practice.goes_on_with == "skills"


@pytest.mark.parametrize("id", ["where", "station", "when-ship"])
def test_situations_become_orders(id: str) -> None:
    told = SKILLS[id], date(2026, 11, 11), "zh"
    made = order_of(values_of(*told), dates_of(*told), "c", 3)
    assert made is not None
    assert made.number.endswith("03")
    assert (made.ship_by is None) == ("order.ship_by" not in dates_of(*told))
    assert order_of({}, {}, "c", 0) is None


def test_a_parcels_last_scan_and_expected_day_are_known_as_times() -> None:
    told = SKILLS["one-day"], date(2026, 11, 11), "zh"
    made = order_of(values_of(*told), dates_of(*told), "c", 3)
    assert made is not None
    (parcel,) = made.parcels
    assert parcel.last_event_at is not None
    assert parcel.last_event_at.astimezone().date() == date(2026, 11, 10)
    assert parcel.eta == "2026-11-13"
    assert "parcel.last_event_at" not in values_of(*told)
