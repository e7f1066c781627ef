"""Beside a helper: who calls is seen, answered by whisper, draft, approval or taking over; leads pair."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.widgets import Input, OptionList

from agent_tui.backends.memory import World
from agent_tui.domain.commands import AskBuddy, Command, OpenCard, SendDrillResult, SendReply
from agent_tui.domain.events import TicketChanged
from agent_tui.domain.models import (
    Availability,
    CustomerRef,
    FileInfo,
    MessageKind,
    MessageState,
    Part,
    Person,
    Role,
    Seat,
)
from agent_tui.tui.composer.mode import Mode
from tests.driver import Agent, at_work, empty_world

HELPER = Seat(
    id="zhao", name="小赵", role=Role.HELPER, buddy=Person(id="me", name="林晓"), pack="logistics",
    free_text=True,
)  # fmt: skip
LEAD = Seat(id="lead", name="许可", role=Role.LEAD)


def floor(clock: Callable[[], float]) -> World:
    """Two agents, a lead, and a helper whose buddy is the agent at the desk."""
    world = empty_world(clock)
    world.put_seat(LEAD)
    world.put_seat(HELPER)
    world.packs["logistics"] = frozenset({"where-is-it"})
    return world


def helpers(agent: Agent, name: str, *said: str) -> str:
    """A customer who is with the helper; answers the ticket's id."""
    ticket = agent.world.receive(CustomerRef(id=f"c-{name}", name=name), *said, channel="app")
    after = replace(ticket, assignee=Person(id="zhao", name="小赵"), version=ticket.version + 1)
    agent.world.commit((TicketChanged(ticket=after),))
    return ticket.id


def do(agent: Agent, command: Command, who: str = "zhao") -> None:
    (outcome,) = agent.world.carry_out(who, (command,))
    assert outcome.outcome == "applied", outcome


async def asks(agent: Agent, ticket: str, text: str = "能改地址吗") -> None:
    do(agent, AskBuddy(id=agent.world.fresh_id(), ticket=ticket, text=text))
    await agent.until(lambda: bool(agent.desk.queue.calls()))


async def answers(agent: Agent, ticket: str, text: str) -> str:
    """The helper's reply, which policy holds; answers its id."""
    id = agent.world.fresh_id()
    do(agent, SendReply(id=id, ticket=ticket, parts=(Part(type="text", text=text),)))
    await agent.until(lambda: bool(agent.desk.queue.calls()))
    return id


async def help_next(agent: Agent) -> None:
    await agent.press("ctrl+right_square_bracket")
    await agent._done("action", "open")
    agent.clock.now += 2


async def settled(agent: Agent) -> None:
    await agent.until(lambda: not agent.desk.outbox.items())


def state_of(agent: Agent, ticket: str, id: str) -> MessageState:
    return next(m.state for m in agent.world.talks[ticket] if m.id == id)


async def test_nothing_is_there_without_helpers() -> None:
    """An agent with nobody beside them keeps the whole screen."""
    async with at_work() as agent:
        assert not agent.station.panes.buddy.display
        await agent.press("ctrl+right_square_bracket")
        assert "没有支援人员在等你" in agent.toasts()[-1]


async def test_the_strip_counts_while_a_helper_waits() -> None:
    """Who, on what, how long."""
    async with at_work(world=floor) as agent:
        assert "小赵 空闲" in agent.screen()
        ticket = helpers(agent, "陈静", "地址写错了")
        await asks(agent, ticket)
        await agent.wait(42)
        assert "小赵 求助 已等 0:42 · 陈静 能改地址吗" in agent.screen()


async def test_from_the_queue_the_key_goes_to_the_call_that_is_seen_beside_it() -> None:
    """A chat on the screen is not yet one under the hand."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "地址写错了")
        await asks(agent, ticket)
        await help_next(agent)
        await agent.go_to_queue()
        await help_next(agent)
        assert agent.station.ticket == ticket
        assert agent.station.panes.composer.field.has_focus


async def test_a_buddys_deed_from_the_queue_is_about_the_helpers_chat_on_the_screen() -> None:
    """The row under the cursor has no helper; the conversation beside it does."""
    async with at_work(world=floor) as agent:
        agent.world.receive(CustomerRef(id="c-other", name="刘华"), "发票抬头", channel="app")
        ticket = helpers(agent, "陈静", "我要投诉")
        await asks(agent, ticket)
        await help_next(agent)
        await agent.until(lambda: agent.station.ticket == ticket)
        await agent.go_to_queue()
        agent.station.perform("take-over")
        me = Person(id="me", name="林晓")
        await agent.until(lambda: agent.kept(ticket).assignee == me)


async def test_one_key_and_a_whisper() -> None:
    """Beside a helper Enter whispers: the customer never sees it."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "地址写错了")
        await asks(agent, ticket)
        await help_next(agent)
        assert agent.station.ticket == ticket
        assert "悄悄话给 小赵" in agent.screen()
        agent.station.panes.composer.field.insert("先问清新地址再改")
        await agent.press("ctrl+s")
        await settled(agent)
        last = agent.world.talks[ticket][-1]
        assert (last.kind, last.parts[0].text) == (MessageKind.WHISPER, "先问清新地址再改")
        assert agent.replies(ticket) == []
        assert agent.kept(ticket).help is None


async def test_a_draft_is_handed_not_sent() -> None:
    """The note key goes on to the draft; the frame says who sends it."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "地址写错了")
        await asks(agent, ticket)
        await help_next(agent)
        await agent.press("ctrl+o")
        assert "给 小赵 的草稿" in agent.screen()
        agent.station.panes.composer.field.insert("您好,请把新地址发给我")
        await agent.press("ctrl+s")
        await settled(agent)
        last = agent.world.talks[ticket][-1]
        assert (last.kind, last.parts[0].type) == (MessageKind.WHISPER, "draft")
        assert "递来的草稿" in agent.screen()
        assert agent.station.panes.composer.mode is Mode.WHISPER


@pytest.mark.parametrize("words", ["尺码见附件", ""])
async def test_a_file_is_handed_with_the_draft_or_as_one(words: str) -> None:
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "尺码多大")
        file = FileInfo(id="f1", name="尺码表.png", type="image/png", size=4)
        agent.world.files[file.id] = (file, b"png!")
        await asks(agent, ticket)
        await help_next(agent)
        await agent.press("ctrl+o")
        agent.station.panes.composer.field.insert(words)
        agent.station.panes.composer.carry((file,))
        await agent.press("ctrl+s")
        await settled(agent)
        last = agent.world.talks[ticket][-1]
        assert [(part.type, part.text) for part in last.parts] == [("draft", words), ("image", "")]
        assert last.parts[1].file == file
        assert "尺码表.png" in agent.screen()


async def test_a_reply_past_the_helper_says_so() -> None:
    """It stays possible."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "地址写错了")
        await asks(agent, ticket)
        await help_next(agent)
        await agent.press("ctrl+o", "ctrl+o")
        assert "你直接回复 陈静" in agent.screen()
        agent.station.panes.composer.field.insert("已经为您改好地址")
        await agent.press("ctrl+s")
        await agent.wait(4)
        await settled(agent)
        assert agent.replies(ticket) == ["已经为您改好地址"]


async def test_words_for_the_helper_never_become_a_reply() -> None:
    """A half-written whisper is a whisper after looking elsewhere, and after the helper is gone."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "地址写错了")
        await asks(agent, ticket)
        await help_next(agent)
        agent.station.panes.composer.field.insert("别答应赔偿")
        await agent.go_to_queue()
        agent.station.context.hand.show_beside(None)
        held = replace(agent.kept(ticket), assignee=Person(id="me", name="林晓"), help=None)
        agent.world.commit((TicketChanged(ticket=replace(held, version=held.version + 1)),))
        await agent.until(
            lambda: (row := agent.desk.queue.row(ticket)) is not None and row.assignee_id == "me"
        )
        agent.station.context.hand.show(ticket)
        await agent.settle()
        assert agent.written == "别答应赔偿"
        assert agent.station.panes.composer.mode is Mode.WHISPER


async def test_approving_with_enter() -> None:
    """The whole reply once, then it goes to the customer."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "几时到")
        reply = await answers(agent, ticket, "您好,包裹已到杭州,预计明天送达")
        await help_next(agent)
        assert "等待搭档批准" in agent.screen()
        assert "回复待批准" in agent.screen()
        await agent.press("ctrl+s")
        assert "您好,包裹已到杭州,预计明天送达" in agent.screen()
        await agent.press("enter")
        await agent._done("action")
        await settled(agent)
        assert state_of(agent, ticket, reply) is MessageState.SENT
        assert agent.kept(ticket).help is None
        assert "等待搭档批准" not in agent.screen()


async def test_a_reply_behind_an_emergency_card_can_still_be_approved() -> None:
    """The card goes on calling; Enter on nothing opens the reply that waits behind it."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "我要打12315")
        do(agent, OpenCard(id=agent.world.fresh_id(), ticket=ticket, card="press", title="媒体"))
        reply = await answers(agent, ticket, "我请负责人来回复您")
        assert agent.kept(ticket).help.reason == "card"  # type: ignore[union-attr]
        await help_next(agent)
        await agent.press("ctrl+s")
        await agent.press("enter")
        await agent._done("action")
        await settled(agent)
        assert state_of(agent, ticket, reply) is MessageState.SENT


async def test_returning_with_a_word() -> None:
    """The helper reads why; the customer reads nothing."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "几时到")
        reply = await answers(agent, ticket, "不知道")
        await help_next(agent)
        await agent.press("up", "f")
        agent.app.screen.query_one(Input).value = "查一下物流再答"
        await agent.press("enter")
        await agent._done("action")
        await settled(agent)
        assert state_of(agent, ticket, reply) is MessageState.RETURNED
        assert agent.world.talks[ticket][-1].parts[0].text == "查一下物流再答"


async def test_taking_over_and_giving_back() -> None:
    """From helper to buddy and back, each a key."""
    async with at_work(world=floor) as agent:
        ticket = helpers(agent, "陈静", "我要投诉")
        await asks(agent, ticket)
        await help_next(agent)
        await agent.press("up", "d")
        await settled(agent)
        assert agent.kept(ticket).assignee == Person(id="me", name="林晓")
        assert agent.station.panes.composer.mode is Mode.REPLY
        await agent.press("D")
        await settled(agent)
        assert agent.kept(ticket).assignee == Person(id="zhao", name="小赵")


async def test_a_lead_pairs_from_the_palette() -> None:
    """Which helper, then which buddy; only leads are offered it."""
    async with at_work(world=floor, seat="lead") as agent:
        agent.station.perform("pair")
        await agent.settle()
        await agent.press("1")
        people = agent.app.screen.query_one(OptionList)
        prompts = [str(people.get_option_at_index(n).prompt) for n in range(people.option_count)]
        people.highlighted = next(n for n, prompt in enumerate(prompts) if "何叶" in prompt)
        await agent.press("enter")
        await agent._done("action")
        await settled(agent)
        assert agent.world.seats["zhao"].buddy == Person(id="he", name="何叶")
        assert agent.desk.team.me.id == "lead"


async def test_a_lead_lets_a_helper_write_and_stops_it_again() -> None:
    """Choosing a helper changes it; the toast says how it stands now."""
    async with at_work(world=floor, seat="lead") as agent:
        for allowed, said in ((False, "只能用知识包"), (True, "可以自己写")):
            agent.station.perform("let-write")
            await agent.settle()
            await agent.press("1")
            await agent._done("action")
            await settled(agent)
            assert agent.world.seats["zhao"].free_text is allowed
            assert any(said in toast for toast in agent.toasts())


async def test_agents_are_not_offered_what_leads_do() -> None:
    """Pairing and inviting are not in an agent's palette."""
    async with at_work(world=floor) as agent:
        leads = {"pair", "invite-helper", "revoke-helper", "let-write"}
        assert not leads & {c.id for c in agent.station.context.offered()}


async def test_inviting_and_revoking() -> None:
    """Name, pack, buddy; the token is shown once. Later the shift ends."""
    async with at_work(world=floor, seat="lead") as agent:
        agent.station.perform("invite-helper")
        await agent.settle()
        agent.app.screen.query_one(Input).value = "小钱"
        await agent.press("enter")
        await agent.press("1")
        await agent.press("1")
        assert "helper-" in agent.screen()
        await agent.press("1")
        assert agent.app.clipboard == "7K3M-9QXD-2HRT"
        await agent.press("2")
        assert agent.app.clipboard.startswith("helper-")
        await agent.press("escape")
        await agent._done("action")
        made = next(s for s in agent.world.seats.values() if s.name == "小钱")
        assert made.pack == "logistics"
        await agent.until(lambda: agent.desk.team.seat(made.id) is not None)
        agent.station.perform("revoke-helper")
        await agent.settle()
        people = agent.app.screen.query_one(OptionList)
        prompts = [str(people.get_option_at_index(n).prompt) for n in range(people.option_count)]
        people.highlighted = next(n for n, prompt in enumerate(prompts) if "小钱" in prompt)
        await agent.press("enter")
        await agent.press("2")
        await agent._done("action")
        assert agent.world.seats[made.id].availability is Availability.OFFLINE


@pytest.mark.parametrize(("seat", "is_told"), [("lead", True), ("me", False)])
async def test_a_drill_is_told_to_leads(seat: str, *, is_told: bool) -> None:
    """How it went, in a toast."""
    async with at_work(world=floor, seat=seat) as agent:
        result = SendDrillResult(id=agent.world.fresh_id(), pack="logistics", right=13, total=15, seconds=412)
        do(agent, result)
        do(agent, AskBuddy(id=agent.world.fresh_id(), ticket=helpers(agent, "陈静", "在吗")))
        await agent.until(lambda: bool(agent.desk.queue.calls()))
        assert any("小赵 练完 logistics" in said for said in agent.toasts()) is is_told
