"""An inserted answer: its blanks in order, another one in its place, and what becomes of it when left."""

import pytest
from msgspec.structs import replace

from agent_tui.knowledge.templates.blanks import Blank, is_slip, put_in
from agent_tui.knowledge.templates.fill import Filled, joined
from agent_tui.tui.composer.notice import ComposerNotice
from agent_tui.tui.palette.slips import drafted, slips
from agent_tui.tui.widgets.tabs import Tabs
from tests.driver import Agent, at_work
from tests.tui.answering_app import seated

TWO = "预计 ▁时间▁ 到 ▁驿站▁。"


async def inserted(agent: Agent, words: str = "预计 时间 到 驿站。") -> None:
    """An answer with two blanks in the composer of 王敏's chat."""
    await agent.hear("王敏", "几点到")
    await agent.take_next()
    agent.clock.now += 5
    agent.station.panes.composer.insert_filled(words, ((3, 5), (8, 10)))
    await agent.settle()


async def test_the_first_blank_is_filled_first_and_tab_goes_on() -> None:
    async with at_work() as agent:
        await inserted(agent)
        assert "在填 1/2：时间" in agent.screen()
        await agent.type("今晚")
        await agent.press("tab")
        assert "在填：驿站" in agent.screen()
        await agent.type("南门")
        assert agent.written == "预计 今晚 到 南门。"


async def test_tab_and_shift_tab_walk_through_the_blanks_and_round() -> None:
    async with at_work() as agent:
        await inserted(agent)
        for key in ("tab", "shift+tab"):
            for now in ("2/2：驿站", "1/2：时间"):
                await agent.press(key)
                assert f"在填 {now}" in agent.screen()


async def test_a_refusal_stands_on_the_blank_that_is_left() -> None:
    """What is typed after it fills this one, not the one behind it."""
    async with at_work() as agent:
        await inserted(agent)
        await agent.press("end", "enter")
        assert "还有空没填：时间" in agent.screen()
        await agent.type("今晚")
        await agent.press("enter")
        assert "还有空没填：驿站" in agent.screen()
        await agent.type("南门")
        assert agent.written == "预计 今晚 到 南门。"


async def test_tab_from_inside_a_blank_goes_to_that_blank() -> None:
    async with at_work() as agent:
        await inserted(agent)
        agent.station.panes.composer.field.move_cursor((0, 4))
        await agent.press("tab")
        assert "在填 1/2：时间" in agent.screen()


async def test_another_digit_replaces_an_answer_nobody_has_touched() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了", "还有退款多久到账")
        pane = seat.app.station.panes.recommend
        plain = next(n for n, one in enumerate(pane.offered, 1) if "支付宝" in one.text)
        other = 3 - plain
        await seat.press(str(plain))
        assert seat.written == "支付宝 24 小时内，信用卡 3-7 个工作日。"
        assert "换一条" in str(seat.app.station.panes.composer.border_subtitle)
        await seat.press(str(other))
        assert seat.written.startswith("已为您催促快递")
        assert "支付宝" not in seat.written
        assert [one.id for one in seat.app.station.panes.composer.used] == ["case-stuck"]
        await seat.press("ctrl+z")
        assert seat.written == "支付宝 24 小时内，信用卡 3-7 个工作日。"
        assert [one.kept for one in seat.app.station.panes.composer.used][:1] == [1.0]


async def test_a_digit_is_text_once_the_answer_was_touched_or_taken_back() -> None:
    async with seated() as seat:
        await seat.meet("退款多久到账")
        await seat.press("1", "ctrl+z")
        assert seat.written == ""
        await seat.press("1", "。", "1")
        assert seat.written.endswith("。1")


async def test_a_digit_in_a_blank_fills_it_and_is_asked_about() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了")
        await seat.press("1", "2", "ctrl+s")
        assert seat.written == "已为您催促快递，今天 2 前回复您。"
        assert "是不是按错了" in str(seat.app.screen.query_one(".composer--notice", ComposerNotice).render())
        await seat.press("ctrl+s")
        assert seat.written == ""


@pytest.mark.parametrize(
    ("prompt", "value", "slipped"),
    [("时间", "1", True), ("快递单号", "３", True), ("time", "2", True), ("holiday", "2", True),
     ("补货日期", "1", True),
     ("天数", "3", False), ("几号", "3", False), ("时间", "今晚", False), ("days", "2", False),
     ("2-3", "3", False), ("时间", "", False)],
)  # fmt: skip
def test_a_lone_digit_is_a_slip_where_no_number_is_asked_for(prompt: str, value: str, slipped: bool) -> None:
    assert is_slip(prompt, value) is slipped


def test_what_stands_in_the_blanks_is_found_again() -> None:
    one = drafted(TWO)
    assert put_in(one.text, one.blanks, "预计 今晚 到 南门。") == (
        Blank(3, 5, "时间", 1),
        Blank(8, 10, "驿站", 2),
    )
    assert put_in(one.text, one.blanks, "完全是别的话") == ()
    assert [mark.start for mark in slips((one,), "预计 1 到 南门。")] == [3]


def test_answers_are_joined_with_every_blank_in_its_place() -> None:
    both = joined((Filled("好的"), drafted(TWO), drafted(TWO)))
    assert [both.text[one.start : one.end] for one in both.blanks] == ["▁时间▁", "▁驿站▁"] * 2


async def test_who_leaves_before_answering_the_question_is_told_that_it_is_not_sent() -> None:
    """Enter asked for the step, Ctrl+T took the next customer."""
    async with seated() as seat:
        ticket = await seat.meet("快递三天没动了")
        known = seat.library.get("case-stuck")
        assert known is not None
        claims = replace(known, does="trace-parcel")
        seat.library.get = {"case-stuck": claims}.get  # type: ignore[method-assign, assignment]
        await seat.press("1", *"今晚")
        await seat.press("enter")
        assert "先做到" in str(seat.app.screen.query_one(".composer--notice", ComposerNotice).render())
        seat.app.station.context.hand.show_beside(None)
        await seat.settle()
        assert "给 王敏 的回复还没有发出" in "\n".join(one.message for one in seat.app._notifications)
        tabs = seat.app.station.query_one(Tabs)
        assert "✎未发" in "".join(text for _, spans in tabs.parts(80) for text, _ in spans)
        seat.app.station.context.hand.show(ticket)
        await seat.settle()
        assert seat.written == "已为您催促快递，今天 今晚 前回复您。"
