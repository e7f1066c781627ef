"""Reading along: the draft below the helper's chat, who looks, and colleagues at the same ticket."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from agent_tui.backends.memory import MemoryBackend, World
from agent_tui.domain.models import Part, Seat
from agent_tui.domain.presence import Presence, Told
from agent_tui.tui.composer.mode import Mode
from tests.driver import Agent, at_work
from tests.patience import WAIT
from tests.tui.helping import BUDDY, Robot, helping
from tests.tui.test_buddy import floor, helpers

DRAFT = "您好，包裹已到杭州，▁预计到货时间▁送到。"


async def at_desk(
    world: World, who: str, ticket: str | None, draft: str = "", *, writing: bool = False
) -> None:
    """Somebody elsewhere looks at a ticket and writes."""
    line = MemoryBackend(world, who)
    line.device = who
    await line.capabilities.presence.look(ticket, draft, writing=writing)


async def writes(agent: Agent, ticket: str | None, draft: str = "") -> None:
    await at_desk(agent.world, "zhao", ticket, draft)


async def open_helpers(agent: Agent, ticket: str) -> None:
    """The buddy opens a helper's chat, and their colleagues learn of it."""
    agent.station.context.hand.show(ticket)
    await agent._done("open")
    await agent.until(lambda: agent.desk.conversations.get(ticket).loaded)


async def reads(agent: Agent, words: str) -> None:
    async with asyncio.timeout(WAIT):
        while words not in agent.screen():
            await agent.settle()
            await asyncio.sleep(0)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 18)])
async def test_the_draft_stands_below_the_chat_and_moves_nothing(size: tuple[int, int]) -> None:
    async with at_work(world=floor, size=size) as agent:
        ticket = helpers(agent, "陈静", "地址写错了", "在吗")
        await agent.until(lambda: agent.desk.queue.row(ticket) is not None)
        await open_helpers(agent, ticket)
        panes = agent.station.panes
        before = panes.composer.region
        await writes(agent, ticket, DRAFT)
        await reads(agent, "小赵 正在写：")
        assert "▁预计到货时间▁" in agent.screen()
        assert "在吗" in agent.screen()
        assert panes.composer.region == before
        assert agent.station.focused is panes.composer.field
        rows = panes.live.size.height
        await writes(agent, ticket, "您")
        await reads(agent, " 您")
        assert panes.live.size.height == rows
        await writes(agent, ticket)
        await agent.until(lambda: agent.desk.presence.draft_of(ticket) is None)
        assert "正在写：" not in agent.screen()


async def test_who_reads_older_messages_goes_on_reading_them() -> None:
    async with at_work(world=floor, size=(80, 24)) as agent:
        ticket = helpers(agent, "陈静", *(Part(type="text", text=f"第 {n} 句") for n in range(60)))
        await agent.until(lambda: agent.desk.queue.row(ticket) is not None)
        await open_helpers(agent, ticket)
        await agent.press("pageup", "pageup")
        chat = agent.station.panes.chat
        place = chat.scroll_offset.y
        await writes(agent, ticket, DRAFT)
        await reads(agent, "小赵 正在写：")
        assert chat.scroll_offset.y == place
        await agent.press(*["pagedown"] * 6)
        await writes(agent, ticket, "字" * 300)
        await agent.until(
            lambda: (seen := agent.desk.presence.draft_of(ticket)) is not None and "字" in seen.draft
        )
        await agent.settle()
        assert chat.is_at_end
        assert "第 59 句" in agent.screen()


async def test_who_sends_while_reading_older_messages_sees_what_they_sent() -> None:
    async with at_work(world=floor, size=(80, 24)) as agent:
        ticket = helpers(agent, "陈静", *(Part(type="text", text=f"第 {n} 句") for n in range(60)))
        await agent.until(lambda: agent.desk.queue.row(ticket) is not None)
        await open_helpers(agent, ticket)
        await agent.press("pageup", "pageup")
        chat = agent.station.panes.chat
        assert not chat.is_at_end
        agent.station.panes.composer.write_as(Mode.REPLY)
        agent.station.panes.composer.field.insert("我来回复您")
        await agent.wait(2)
        await agent.press("ctrl+s")
        await agent.until(lambda: chat.is_at_end)
        await agent.sees("我来回复您")


async def test_the_strip_says_that_a_helper_writes_wherever_the_buddy_is() -> None:
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "几时到")
        await agent.until(lambda: agent.desk.queue.row(ticket) is not None)
        await reads(agent, "小赵 接待中")
        await writes(agent, ticket, DRAFT)
        await reads(agent, "小赵 正在写")
        assert DRAFT not in agent.screen()
        await writes(agent, ticket)
        await reads(agent, "小赵 接待中")


async def test_a_line_that_breaks_takes_the_draft_away_and_brings_it_back() -> None:
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "几时到")
        await agent.until(lambda: agent.desk.queue.row(ticket) is not None)
        await open_helpers(agent, ticket)
        await writes(agent, ticket, DRAFT)
        await reads(agent, "正在写：")
        agent.line.go_offline()
        await agent.until(lambda: not agent.desk.presence.lookers(ticket))
        assert "正在写：" not in agent.screen()
        agent.line.come_back()
        agent.desk.connection.try_now()
        await reads(agent, "正在写：")


async def test_colleagues_at_one_ticket() -> None:
    """An agent learns that a colleague is there and writes, not what."""
    async with at_work() as agent:
        ticket = await agent.hear("陈静", "几时到")
        await agent.open("陈静")
        await at_desk(agent.world, "he", ticket)
        await reads(agent, "何叶 也在看")
        await at_desk(agent.world, "he", ticket, "这几个字谁也看不到")
        await reads(agent, "何叶 正在写")
        assert "这几个字" not in agent.screen()
        await at_desk(agent.world, "he", None)
        await agent.until(lambda: not agent.desk.presence.lookers(ticket))
        assert "何叶" not in agent.screen()


async def test_english() -> None:
    async with at_work(language="en") as agent:
        ticket = await agent.hear("陈静", "几时到")
        await agent.open("陈静")
        await at_desk(agent.world, "he", ticket)
        await reads(agent, "何叶 here too")


def told_to(world: World, seat: Seat) -> list[Presence]:
    """All that somebody may know now."""
    return world.presence.news(seat, Told())


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_what_the_cursor_passes_by_is_not_looked_at(size: tuple[int, int]) -> None:
    """Only an opened chat that is on the screen; that one writes is told, and no longer in the queue of a
    narrow screen."""
    async with at_work(size=size) as agent:
        ticket = await agent.hear("陈静", "几时到")
        await at_desk(agent.world, "he", ticket)
        he = agent.world.seats["he"]
        await agent.press("down", "up")
        assert told_to(agent.world, he) == []
        await agent.open("陈静")
        await agent.type("on my way")
        async with asyncio.timeout(WAIT):
            while not any(one.writing for one in told_to(agent.world, he)):
                await agent.settle()
        assert [(one.person.id, one.draft) for one in told_to(agent.world, he)] == [("me", "")]
        await agent.go_to_queue()
        if size[0] < 100:
            async with asyncio.timeout(WAIT):
                while told_to(agent.world, he):
                    await agent.settle()


# -- the helper's side


async def sees(helper: Robot, holds: Callable[[str], bool]) -> None:
    """Wait until what the buddy reads of the helper's draft is as it should be."""

    def draft() -> str:
        return "".join(one.draft for one in told_to(helper.world, BUDDY) if one.person.id == "zhao")

    await helper.until(lambda: holds(draft()))


async def test_the_preview_is_read_along_with_its_blanks() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", "快递三天没动了", order=None)
        await at_desk(helper.world, "lin", ticket)
        await helper.until(lambda: bool(helper.desk.presence.lookers(ticket)))
        await helper.until(lambda: "搭档 林晓 正在看" in helper.seen)
        await helper.ime("物流停滞")
        await helper.press("enter")
        await sees(helper, lambda draft: draft.count("▁") >= 2)
        await helper.ime("圆通")
        await sees(helper, lambda draft: "圆通" in draft)
        await helper.press("escape")
        await sees(helper, lambda draft: not draft)


async def test_what_is_typed_to_search_is_not_told_but_own_words_are() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", "我的快递到哪了")
        await at_desk(helper.world, "lin", ticket)
        await helper.ime("改地址")
        await at_desk(helper.world, "lin", None)
        await at_desk(helper.world, "lin", ticket)
        await sees(helper, lambda draft: not draft)
        assert not any(one.writing for one in told_to(helper.world, BUDDY))
        seat = helper.world.seats["zhao"]
        helper.be(free_text=True)
        await helper.until(lambda: helper.desk.team.me.free_text)
        assert seat.free_text is False
        await helper.press("escape")
        await helper.ime("您稍等")
        while helper.screen.offers.items.chosen is None or helper.screen.offers.items.chosen.kind != "own":
            await helper.press("down")
        await sees(helper, lambda draft: draft == "您稍等")


async def test_others_who_look_are_named_beside_the_buddy() -> None:
    async with helping() as helper:
        helper.world.put_seat(replace(BUDDY, id="xu", name="许可"))
        ticket = await helper.meets("陈静", "我的快递到哪了")
        await at_desk(helper.world, "xu", ticket, writing=True)
        await helper.until(lambda: "许可 正在看" in helper.seen)
        assert "搭档 林晓(在线)" in helper.seen
        await at_desk(helper.world, "xu", None)
        await helper.until(lambda: "正在看" not in helper.seen)
