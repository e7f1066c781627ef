"""A day at the workstation, told in the agent's words."""

import pytest

from agent_tui.desk import Link
from agent_tui.domain.commands import SendReply
from agent_tui.domain.models import Availability, FileInfo, Part, Status, Tier
from agent_tui.domain.views import View
from agent_tui.tui.keymap.action import Place
from tests.driver import COLLEAGUE, at_work


async def test_before_the_first_customer_the_composer_says_what_it_is_for() -> None:
    """A frame without words looks broken."""
    async with at_work() as agent:
        await agent.sees("先打开一个会话")


async def test_take_next_and_answer() -> None:
    """The most urgent customer first; the reply goes when its undo window ends."""
    async with at_work() as agent:
        await agent.hear("陈静", "请问几点发货")
        urgent = await agent.hear("王敏", "到底退不退", "再不退我投诉了", tier=Tier.VIP)
        assert await agent.take_next() == urgent
        assert agent.station.place is Place.COMPOSER
        assert "王敏" in agent.screen()
        await agent.answer("王女士,退款已提交")
        assert agent.replies(urgent) == []
        await agent.wait(4)
        await agent.until(lambda: agent.desk.outbox.unsent() == 0)
        assert agent.replies(urgent) == ["王女士,退款已提交"]
        assert agent.kept(urgent).assignee is not None


async def test_five_chats_at_once() -> None:
    """Tabs by digit from the queue, the next that waits from anywhere, drafts stay with their customer."""
    async with at_work() as agent:
        names = ["王敏", "陈静", "刘华", "周洋", "吴磊"]
        for name in names:
            await agent.hear(name, "在吗")
        for _ in names:
            await agent.take_next()
        assert sorted(agent.tabs()) == sorted(names)
        await agent.go_to_queue()
        await agent.press("1")
        first = agent.station.ticket
        agent.station.panes.composer.field.insert("写了一半")
        await agent.press("escape", "2")
        assert agent.written == ""
        await agent.press("tab")
        assert agent.station.ticket not in (None, first) or agent.written == "写了一半"
        await agent.press("escape", "1")
        assert agent.written == "写了一半"


async def test_transfer_with_a_reason() -> None:
    """A colleague has it, with the reason, and it leaves my tabs."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "我要退货")
        await agent.take_next()
        await agent.transfer_to(COLLEAGUE.name, "需要售后处理")
        await agent.until(lambda: (a := agent.kept(ticket).assignee) is not None and a.id == COLLEAGUE.id)
        said = agent.world.talks[ticket][-1].parts[0]
        assert said.label == "transferred"
        assert said.text == "需要售后处理"


async def test_transfer_needs_a_reason() -> None:
    """Without one nothing happens, and the question says so."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "我要退货")
        await agent.take_next()
        await agent.transfer_to(COLLEAGUE.name, "")
        assert "写一句原因" in agent.screen()
        assert agent.kept(ticket).assignee.id == "me"  # type: ignore[union-attr]


async def test_filter_as_you_type() -> None:
    """Customer, number or words; Esc brings all back."""
    async with at_work() as agent:
        await agent.hear("王敏", "到底退不退")
        await agent.hear("陈静", "尺码偏小吗")
        await agent.look_at(View.WAITING)
        assert len(agent.listed()) == 2
        await agent.filter("尺码")
        assert agent.names() == ["陈静"]
        await agent.press("escape")
        assert len(agent.listed()) == 2


async def test_snooze_and_wake() -> None:
    """Put away it waits for nobody; a customer's word wakes it."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "明天再说吧")
        await agent.take_next()
        await agent.snooze("2h")
        await agent.until(lambda: agent.kept(ticket).snoozed_until is not None)
        await agent.hear("王敏", "我回来了")
        assert agent.kept(ticket).snoozed_until is None


async def test_undo_gives_the_words_back() -> None:
    """Within the undo window nothing has left, and nothing is lost."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "在吗")
        await agent.take_next()
        await agent.answer("写错了的话")
        assert agent.written == ""
        await agent.undo()
        assert agent.written == "写错了的话"
        await agent.wait(10)
        assert agent.replies(ticket) == []


async def test_undo_finds_the_chat_it_was_for() -> None:
    """From another chat too."""
    async with at_work() as agent:
        await agent.hear("王敏", "在吗")
        first = await agent.take_next()
        await agent.answer("给王敏的话")
        await agent.hear("陈静", "在吗")
        await agent.take_next()
        await agent.go_to_queue()
        await agent.undo()
        assert agent.station.ticket == first
        assert agent.written == "给王敏的话"


async def test_a_picture_is_one_line() -> None:
    """Name and size; where it lies is asked before it is opened."""
    async with at_work() as agent:
        picture = Part(
            type="image", file=FileInfo(id="f1", name="破损.jpg", type="image/jpeg", size=1_258_291)
        )
        await agent.hear("王敏", "看图", picture)
        await agent.take_next()
        screen = agent.screen()
        assert "[图片] 破损.jpg 1.2 MB" in screen


async def test_status_by_digit() -> None:
    """Solved is two keys away."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "在吗")
        await agent.take_next()
        await agent.set_status("4")
        await agent.until(lambda: agent.kept(ticket).status is Status.SOLVED)


async def test_claim_next_obeys_availability() -> None:
    """On a break nobody is taken, and the words say what to do."""
    async with at_work() as agent:
        await agent.hear("王敏", "在吗")
        await agent.press("ctrl+d")
        await agent.press("3")
        await agent.until(lambda: agent.desk.team.me.availability is Availability.BREAK)
        await agent.press("ctrl+t")
        assert any("不在线" in said for said in agent.toasts())


async def test_going_offline_offers_to_hand_over() -> None:
    """All my customers, one reason, one colleague."""
    async with at_work() as agent:
        for name in ("王敏", "陈静"):
            await agent.hear(name, "在吗")
            await agent.take_next()
        await agent.press("ctrl+d")
        await agent.press("4")
        assert "手上还有 2 位客户" in agent.screen()
        await agent.press("1", "1")
        await agent.type("下班了")
        await agent.press("enter")
        await agent.until(lambda: agent.world.seats["me"].availability is Availability.OFFLINE)
        assert {t.assignee.id for t in agent.world.tickets.values() if t.assignee} == {COLLEAGUE.id}


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])
async def test_every_size_shows_the_queue_and_the_chat(size: tuple[int, int]) -> None:
    """Enter shows the chat with its composer, Esc the list again."""
    async with at_work(size=size) as agent:
        await agent.hear("王敏", "到底退不退")
        await agent.look_at(View.WAITING)
        await agent.sees("到底退不退")
        await agent.open("王敏")
        assert "回复 王敏" in agent.screen()
        await agent.press("escape")
        assert agent.station.place is Place.QUEUE


async def test_a_tiny_terminal_says_so_and_comes_back() -> None:
    """No crash, no mess, nothing lost."""
    async with at_work(size=(80, 24)) as agent:
        await agent.hear("王敏", "在吗")
        await agent.take_next()
        agent.station.panes.composer.field.insert("写了一半")
        await agent.pilot.resize_terminal(40, 10)
        await agent.settle()
        assert "窗口太小" in agent.screen()
        await agent.pilot.resize_terminal(80, 24)
        await agent.settle()
        assert agent.written == "写了一半"
        assert "回复 王敏" in agent.screen()


async def test_an_all_chinese_screen_stays_aligned() -> None:
    """Every row of the list is exactly as wide as the list, whatever is in it."""
    async with at_work(size=(80, 24)) as agent:
        for name in ("欧阳子涵", "Emma", "👨‍👩‍👧 妈妈", "王"):
            await agent.hear(name, "在吗😀" * 30)
        await agent.look_at(View.WAITING)
        queue = agent.station.panes.queue
        lines = [queue.render_line(y) for y in range(4)]
        assert {line.cell_length for line in lines} == {80}
        assert {sum(s.cell_length for s in line) for line in lines} == {80}


async def test_rows_stay_while_the_hand_moves() -> None:
    """Counts grow at once; the order changes when the hand rests."""
    async with at_work(hand=lambda: 0.0) as agent:
        await agent.hear("王敏", "在吗")
        await agent.look_at(View.WAITING)
        await agent.press("down")
        agent.world.receive(_vip("赵雪"), "扣了两次钱!!", channel="app")
        await agent.until(lambda: agent.desk.queue.counts()[View.WAITING] == 2)
        assert agent.names() == ["王敏"]
        agent.station.panes.queue.reorder()
        assert agent.names() == ["赵雪", "王敏"]
        assert agent.customer(agent.station.panes.queue.ticket or "") == "王敏"


def _vip(name: str):  # type: ignore[no-untyped-def]
    from agent_tui.domain.models import CustomerRef

    return CustomerRef(id=f"c-{name}", name=name, tier=Tier.VIP)


async def test_breached_counts_up_in_words() -> None:
    """Red and "超时", never colour alone."""
    async with at_work() as agent:
        await agent.hear("王敏", "在吗")
        await agent.look_at(View.WAITING)
        await agent.wait(72)
        assert "超时 0:12" in agent.screen()


async def test_full_width_keys_are_keys_outside_text() -> None:
    """The input method stays on all day."""
    async with at_work() as agent:
        await agent.hear("王敏", "在吗")
        await agent.ime("\uff1f")
        assert "现在可用" in agent.screen()
        await agent.press("escape")
        await agent.ime("、")
        assert agent.station.place is Place.FILTER


async def test_quitting_with_something_unsent_asks() -> None:
    """Ctrl+Q is ours."""
    async with at_work() as agent:
        await agent.hear("王敏", "在吗")
        await agent.take_next()
        await agent.answer("马上看")
        await agent.press("ctrl+q")
        assert "还有 1 条没有发出" in agent.screen()
        await agent.press("escape")
        assert agent.app.is_running


async def test_offline_is_said_and_work_goes_on() -> None:
    """A reply waits, the line says so, and it goes once when the line is back."""
    async with at_work(undo_seconds=0) as agent:
        ticket = await agent.hear("王敏", "在吗")
        await agent.take_next()
        agent.line.go_offline()
        await agent.answer("在的")
        await agent.until(lambda: agent.desk.connection.state.link.value == "offline")
        assert "已断线" in agent.screen()
        agent.line.come_back()
        agent.desk.connection.try_now()
        await agent.until(lambda: agent.desk.outbox.unsent() == 0)
        assert agent.replies(ticket) == ["在的"]


async def test_an_expired_token_is_asked_for() -> None:
    """Once, masked, and nothing is lost."""
    async with at_work() as agent:
        agent.line.expire()
        await agent.until(lambda: agent.desk.connection.state.link is Link.AUTH_EXPIRED)
        await agent.settle()
        assert "输入新的令牌" in agent.screen()


async def test_a_refusal_can_be_taken_back() -> None:
    """Closed under the hand: the words return to the composer."""
    async with at_work(undo_seconds=0) as agent:
        ticket = await agent.hear("王敏", "在吗")
        await agent.take_next()
        agent.line.go_offline()
        await agent.answer("晚了的话")
        assert isinstance(agent.desk.outbox.items()[0].command, SendReply)
        assert agent.kept(ticket).status is Status.OPEN


async def test_a_row_that_changed_out_of_sight_is_painted_anew() -> None:
    async with at_work(size=(80, 16)) as agent:
        for n in range(40):
            await agent.hear(f"客{n:02}", "旧话")
        await agent.look_at(View.WAITING)
        queue = agent.station.panes.queue
        first = queue.ids[0]
        queue.move_to_row(0)
        await agent.settle()
        queue.move_to_row(-1)
        await agent.settle()
        row = agent.desk.queue.row(first)
        assert row is not None
        await agent.hear(row.customer, "全新的话")
        queue.move_to(first)
        await agent.settle()
        assert "全新的话" in queue.render_line(queue.ids.index(first) - queue.scroll_offset.y).text
