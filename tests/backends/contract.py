"""What every backend must do, whatever lies behind it; a backend's tests subclass this with a house."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from agent_tui.backends.base import Arrived, AuthExpired, Backend, CursorLost, Rejected
from agent_tui.domain.commands import (
    AddNote,
    Claim,
    ClaimNext,
    Command,
    Recall,
    SendReply,
    SetAvailability,
    SetStatus,
    Snooze,
    Transfer,
)
from agent_tui.domain.events import CustomerChanged, Event, Gone, MessageAdded, MessageChanged, TicketChanged
from agent_tui.domain.models import (
    Availability,
    MessageKind,
    MessageState,
    Order,
    Part,
    Role,
    Status,
    Ticket,
)
from agent_tui.domain.presence import Presence
from agent_tui.sync.ids import new_id
from agent_tui.wire import Outcome
from tests.patience import WAIT


class House(Protocol):
    """A helpdesk with nobody in it yet."""

    async def line(self, role: Role = Role.AGENT, name: str = "") -> Backend:
        """A line for a new person."""

    async def receive(self, customer: str, words: str, *, id: str = "", order: str | None = None) -> str:
        """A customer writes, in a message of the channel's `id`; answers the ticket's id."""

    async def put_order(self, order: Order) -> None:
        """The shop says how an order stands."""

    async def lose_token(self, backend: Backend) -> None:
        """Make the line's token bad."""


def text(words: str) -> tuple[Part, ...]:
    return (Part(type="text", text=words),)


async def one(backend: Backend, command: Command) -> Outcome:
    (outcome,) = await backend.send((command,))
    assert outcome.id == command.id
    return outcome


async def cursor_of(backend: Backend) -> str:
    return (await backend.snapshot(lambda _: None)).cursor


def code_of(outcome: Outcome) -> str:
    assert outcome.outcome == "refused", outcome
    assert outcome.problem
    return outcome.problem.code


class Ear:
    """Listens to a feed from a cursor on."""

    def __init__(self, backend: Backend, cursor: str) -> None:
        self.cursor = cursor
        self.heard: list[Event] = []
        self._lines: AsyncGenerator[Arrived, None] = backend.events(cursor)

    async def until(self, kind: type[Event], **wanted: str) -> Event:
        async with asyncio.timeout(WAIT):
            async for arrived in self._lines:
                self.cursor = arrived.cursor or self.cursor
                if arrived.event is None:
                    continue
                self.heard.append(arrived.event)
                if isinstance(arrived.event, kind) and _fits(arrived.event, wanted):
                    return arrived.event
        raise AssertionError("the feed ended")

    async def until_all(self, wanted: dict[type[Event], dict[str, str]]) -> None:
        """Listen until each of these was heard, in any order."""
        async with asyncio.timeout(WAIT):
            async for arrived in self._lines:
                self.cursor = arrived.cursor or self.cursor
                if arrived.event is not None:
                    self.heard.append(arrived.event)
                if all(any(isinstance(e, k) and _fits(e, w) for e in self.heard) for k, w in wanted.items()):
                    return

    async def presence(self, **wanted: str) -> Presence:
        """The next presence that fits; it moves no cursor."""
        async with asyncio.timeout(WAIT):
            async for arrived in self._lines:
                self.cursor = arrived.cursor or self.cursor
                if arrived.presence is not None and _fits(arrived.presence, wanted):
                    assert not arrived.cursor
                    return arrived.presence
        raise AssertionError("the feed ended")

    async def first(self) -> Arrived:
        async with asyncio.timeout(WAIT):
            return await anext(self._lines)

    async def stop(self) -> None:
        await self._lines.aclose()


def _fits(event: Event | Presence, wanted: dict[str, str]) -> bool:
    for path, value in wanted.items():
        found: object = event
        for name in path.split("__"):
            found = getattr(found, name, None)
        if found != value:
            return False
    return True


# Nothing of it can be seen: full-width and zero-width spaces too.
BLANK = " \u3000\u200b\n"


async def is_turned_down(backend: Backend, command: Command) -> bool:
    """Whether words that nobody can see are refused: the body as a whole where its form tells, else the
    command."""
    try:
        outcome = await one(backend, command)
    except Rejected as error:
        return error.code == "bad-request"
    return code_of(outcome) == "empty-text"


class BackendContract:
    """Subclass it with a fixture `house`."""

    async def test_a_token_says_who_one_is(self, house: House) -> None:
        backend = await house.line(Role.LEAD, "许可")
        me = await backend.me()
        assert (me.name, me.role, me.availability) == ("许可", Role.LEAD, Availability.ONLINE)

    async def test_a_customers_message_is_in_the_snapshot(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-snap", "退货你们收到三天了")
        tickets: list[Ticket] = []
        start = await backend.snapshot(tickets.append)
        (ticket,) = [t for t in tickets if t.id == id]
        assert ticket.status is Status.NEW
        assert ticket.last_message is not None
        assert ticket.last_message.text == "退货你们收到三天了"
        assert ticket.promises
        assert ticket.urgency.due_at is not None
        me = await backend.me()
        assert me.id in {seat.id for seat in start.seats}

    async def test_a_repeated_message_changes_nothing_after_its_ticket_was_closed(self, house: House) -> None:
        lead = await house.line(Role.LEAD)
        customer, external = f"c-{new_id()}", new_id()
        id = await house.receive(customer, "退货你们收到三天了", id=external)
        version = (await lead.ticket(id)).version
        command = SetStatus(id=new_id(), ticket=id, status=Status.CLOSED, version=version)
        assert (await one(lead, command)).outcome == "applied"
        assert await house.receive(customer, "退货你们收到三天了", id=external) == id
        tickets: list[Ticket] = []
        await lead.snapshot(tickets.append)
        assert [t.id for t in tickets if t.customer.id == customer] == []

    async def test_a_repeated_message_is_not_put_into_the_ticket_that_came_after(self, house: House) -> None:
        lead = await house.line(Role.LEAD)
        customer, external = f"c-{new_id()}", new_id()
        first = await house.receive(customer, "退货你们收到三天了", id=external)
        version = (await lead.ticket(first)).version
        await one(lead, SetStatus(id=new_id(), ticket=first, status=Status.CLOSED, version=version))
        second = await house.receive(customer, "发票怎么开")
        assert second != first
        assert await house.receive(customer, "退货你们收到三天了", id=external) == first
        assert len((await lead.messages(second, None, 50)).messages) == 1

    async def test_an_order_that_becomes_known_makes_its_ticket_high_value(self, house: House) -> None:
        lead = await house.line(Role.LEAD)
        customer, number = f"c-{new_id()}", f"o-{new_id()}"
        id = await house.receive(customer, "我的订单到哪了", order=number)
        assert not (await lead.ticket(id)).high_value
        await house.put_order(Order(number=number, customer=customer, status="paid", total="99999.00"))
        assert (await lead.ticket(id)).high_value

    async def test_a_message_without_an_order_is_about_the_one_its_ticket_has(self, house: House) -> None:
        lead = await house.line(Role.LEAD)
        customer, number = f"c-{new_id()}", f"o-{new_id()}"
        await house.put_order(Order(number=number, customer=customer, status="paid", total="99999.00"))
        id = await house.receive(customer, "我的订单到哪了", order=number)
        assert await house.receive(customer, "在吗") == id
        ticket = await lead.ticket(id)
        assert (ticket.order, ticket.high_value) == (number, True)

    async def test_the_feed_tells_of_a_customer_met_for_the_first_time(self, house: House) -> None:
        backend = await house.line()
        ear = Ear(backend, await cursor_of(backend))
        customer = f"c-{new_id()}"
        await house.receive(customer, "在吗")
        await ear.until(CustomerChanged, customer__id=customer)
        await ear.stop()

    async def test_the_feed_begins_with_a_heartbeat_and_goes_on_after_the_snapshot(
        self, house: House
    ) -> None:
        backend = await house.line()
        ear = Ear(backend, await cursor_of(backend))
        assert (await ear.first()).event is None
        id = await house.receive("c-feed", "在吗")
        await ear.until_all({TicketChanged: {"ticket__id": id}, MessageAdded: {"message__ticket": id}})
        words = [e.message.parts[0].text for e in ear.heard if isinstance(e, MessageAdded)]
        assert "在吗" in words
        await ear.stop()

    async def test_a_feed_resumes_after_its_cursor(self, house: House) -> None:
        backend = await house.line()
        ear = Ear(backend, await cursor_of(backend))
        first = await house.receive("c-resume", "第一句")
        await ear.until_all({TicketChanged: {"ticket__id": first}, MessageAdded: {"message__ticket": first}})
        await ear.stop()
        await house.receive("c-resume", "第二句")
        again = Ear(backend, ear.cursor)
        event = await again.until(MessageAdded, message__ticket=first)
        assert isinstance(event, MessageAdded)
        assert event.message.parts[0].text == "第二句"
        await again.stop()

    @pytest.mark.parametrize("cursor", ["nonsense", "another.1", "another:1"])
    async def test_a_cursor_of_another_epoch_is_lost(self, house: House, cursor: str) -> None:
        backend = await house.line()
        lines = backend.events(cursor)
        with pytest.raises(CursorLost):
            await anext(lines)

    async def test_epochs_of_one_house_are_the_same(self, house: House) -> None:
        backend = await house.line()
        before = await cursor_of(backend)
        await house.receive("c-epoch", "好的")
        after = await cursor_of(backend)
        assert before != after
        assert backend.epoch(before) == backend.epoch(after)
        assert backend.epoch(before) != backend.epoch("another.1")

    async def test_a_reply_is_applied_and_heard_of(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-reply", "什么时候发货")
        ear = Ear(backend, await cursor_of(backend))
        command = SendReply(id=new_id(), ticket=id, parts=text("今天发出。"))
        outcome = await one(backend, command)
        assert outcome.outcome == "applied"
        assert outcome.cursor
        event = await ear.until(TicketChanged, ticket__id=id)
        assert isinstance(event, TicketChanged)
        assert event.ticket.version == outcome.version
        (message,) = [e.message for e in ear.heard if isinstance(e, MessageAdded)]
        assert (message.id, message.kind) == (command.id, MessageKind.REPLY)
        await ear.stop()

    async def test_words_that_nobody_can_see_are_turned_down(self, house: House) -> None:
        backend = await house.line()
        ticket = await house.receive("c-blank", "在吗")
        before = await backend.messages(ticket, None, 50)
        for kind in (SendReply, AddNote):
            assert await is_turned_down(backend, kind(id=new_id(), ticket=ticket, parts=text(BLANK)))
        assert await backend.messages(ticket, None, 50) == before

    async def test_each_command_moves_the_version_by_one(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-version", "你好")
        version = (await backend.ticket(id)).version
        outcomes = await backend.send(
            (
                SendReply(id=new_id(), ticket=id, parts=text("您好")),
                AddNote(id=new_id(), ticket=id, parts=text("老客户")),
                SetStatus(id=new_id(), ticket=id, status=Status.PENDING, version=version + 2),
            )
        )
        assert [o.outcome for o in outcomes] == ["applied"] * 3
        assert [o.version for o in outcomes] == [version + 1, version + 2, version + 3]

    async def test_the_same_id_again_changes_nothing(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-twice", "在不在")
        command = SendReply(id=new_id(), ticket=id, parts=text("在的"))
        first, second = await one(backend, command), await one(backend, command)
        assert first == second
        page = await backend.messages(id, None, 50)
        assert [m.id for m in page.messages].count(command.id) == 1

    async def test_an_id_with_other_content_is_refused(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-taken", "在不在")
        command = SendReply(id=new_id(), ticket=id, parts=text("在的"))
        await one(backend, command)
        other = SendReply(id=command.id, ticket=id, parts=text("不在"))
        assert code_of(await one(backend, other)) == "id-taken"

    async def test_a_stale_version_is_a_conflict_that_says_what_changed(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-stale", "你好")
        seen = (await backend.ticket(id)).version
        await house.receive("c-stale", "还有一个问题")
        outcome = await one(backend, SetStatus(id=new_id(), ticket=id, status=Status.SOLVED, version=seen))
        assert outcome.outcome == "conflict"
        assert outcome.changed == ("messages",)
        assert (await backend.ticket(id)).status is Status.NEW

    async def test_what_follows_a_failure_is_not_tried_other_tickets_go_on(self, house: House) -> None:
        backend = await house.line()
        bad, good = await house.receive("c-bad", "一"), await house.receive("c-good", "二")
        past = datetime.now(UTC) - timedelta(hours=1)
        version = (await backend.ticket(bad)).version
        later = SendReply(id=new_id(), ticket=bad, parts=text("之后"))
        outcomes = await backend.send(
            (
                Snooze(id=new_id(), ticket=bad, version=version, until=past),
                later,
                SendReply(id=new_id(), ticket=good, parts=text("好")),
            )
        )
        assert [o.outcome for o in outcomes] == ["refused", "not-tried", "applied"]
        assert code_of(outcomes[0]) == "not-in-future"
        assert (await one(backend, later)).outcome == "applied"

    async def test_claim_next_takes_a_ticket_nobody_else_gets(self, house: House) -> None:
        one_agent, other = await house.line(name="甲"), await house.line(name="乙")
        for n in range(4):
            await house.receive(f"c-next-{n}", "有人吗")
        taken = []
        for _ in range(2):
            answers = await asyncio.gather(
                one(one_agent, ClaimNext(id=new_id())), one(other, ClaimNext(id=new_id()))
            )
            taken += [answer.ticket for answer in answers if answer.outcome == "applied"]
        assert len(taken) == 4
        assert len(set(taken)) == 4

    async def test_claim_next_obeys_availability(self, house: House) -> None:
        backend = await house.line()
        await house.receive("c-break", "有人吗")
        await one(backend, SetAvailability(id=new_id(), availability=Availability.BREAK))
        assert code_of(await one(backend, ClaimNext(id=new_id()))) == "not-online"
        assert (await backend.me()).availability is Availability.BREAK

    async def test_a_ticket_of_another_cannot_be_claimed(self, house: House) -> None:
        mine, other = await house.line(name="甲"), await house.line(name="乙")
        id = await house.receive("c-claim", "有人吗")
        version = (await mine.ticket(id)).version
        applied = await one(mine, Claim(id=new_id(), ticket=id, version=version))
        assert applied.version == version + 1
        outcome = await one(other, Claim(id=new_id(), ticket=id, version=version + 1))
        assert code_of(outcome) == "already-assigned"

    async def test_a_transfer_gives_and_takes_away(self, house: House) -> None:
        agent, helper = await house.line(), await house.line(Role.HELPER, "小赵")
        id = await house.receive("c-give", "快递到哪了")
        ear = Ear(helper, await cursor_of(helper))
        to = (await helper.me()).id
        version = (await agent.ticket(id)).version
        given = Transfer(id=new_id(), ticket=id, version=version, assignee=to, reason="仓库的问题")
        assert (await one(agent, given)).outcome == "applied"
        await ear.until(TicketChanged, ticket__id=id)
        back = Transfer(id=new_id(), ticket=id, version=version + 1, team="front", reason="请组长看")
        assert (await one(agent, back)).outcome == "applied"
        await ear.until(Gone, ticket=id)
        await ear.stop()

    async def test_a_helper_sees_own_tickets_only(self, house: House) -> None:
        helper = await house.line(Role.HELPER, "小赵")
        id = await house.receive("c-hidden", "你好")
        tickets: list[Ticket] = []
        await helper.snapshot(tickets.append)
        assert id not in {t.id for t in tickets}
        with pytest.raises(Rejected):
            await helper.ticket(id)
        assert code_of(await one(helper, ClaimNext(id=new_id()))) == "not-allowed"

    async def test_a_recall_is_told(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-recall", "你好")
        sent = SendReply(id=new_id(), ticket=id, parts=text("发错了"))
        await one(backend, sent)
        ear = Ear(backend, await cursor_of(backend))
        assert (await one(backend, Recall(id=new_id(), ticket=id, message=sent.id))).outcome == "applied"
        event = await ear.until(MessageChanged, message__id=sent.id)
        assert isinstance(event, MessageChanged)
        assert event.message.recalled
        await ear.stop()

    async def test_messages_come_in_pages_oldest_first(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-pages", "0")
        for n in range(1, 7):
            await house.receive("c-pages", str(n))
        newest = await backend.messages(id, None, 3)
        assert [m.parts[0].text for m in newest.messages] == ["4", "5", "6"]
        assert newest.more
        older = await backend.messages(id, newest.messages[0].id, 3)
        assert [m.parts[0].text for m in older.messages] == ["1", "2", "3"]
        oldest = await backend.messages(id, older.messages[0].id, 3)
        assert [m.parts[0].text for m in oldest.messages] == ["0"]
        assert not oldest.more
        assert {m.state for m in newest.messages} == {MessageState.RECEIVED}

    async def test_search_finds_a_piece_of_words(self, house: House) -> None:
        backend = await house.line()
        id = await house.receive("c-search", "羽绒服拉链坏了")
        found = await backend.capabilities.search.find("拉链坏")
        assert [t.id for t in found.tickets] == [id]

    async def test_a_file_comes_back_as_it_was(self, house: House) -> None:
        backend = await house.line()
        info = await backend.capabilities.files.upload("尺码表.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        assert (info.name, info.size) == ("尺码表.png", 264)
        assert await backend.capabilities.files.fetch(info.id) == b"\x89PNG\r\n\x1a\n" + bytes(range(256))
        with pytest.raises(Rejected):
            await backend.capabilities.files.fetch("01JZZZZZZZZZZZZZZZZZZZZZZZ")

    async def test_what_is_not_there_is_rejected(self, house: House) -> None:
        backend = await house.line()
        with pytest.raises(Rejected):
            await backend.ticket("01JZZZZZZZZZZZZZZZZZZZZZZZ")
        gone = SendReply(id=new_id(), ticket="01JZZZZZZZZZZZZZZZZZZZZZZZ", parts=text("?"))
        assert code_of(await one(backend, gone)) == "unknown-ticket"

    async def test_a_bad_token_is_told_apart(self, house: House) -> None:
        backend = await house.line()
        await backend.me()
        await house.lose_token(backend)
        with pytest.raises(AuthExpired):
            await backend.me()
        with pytest.raises(AuthExpired):
            await backend.send((ClaimNext(id=new_id()),))

    async def test_colleagues_at_one_ticket_learn_of_each_other(self, house: House) -> None:
        one_agent, other = await house.line(name="甲"), await house.line(name="乙")
        id = await house.receive("c-together", "有人吗")
        ears = [Ear(line, await cursor_of(line)) for line in (one_agent, other)]
        for ear in ears:
            await ear.first()
        await one_agent.capabilities.presence.look(id, "这几个字谁也看不到", writing=True)
        await other.capabilities.presence.look(id, "", writing=False)
        seen = await ears[1].presence(ticket=id)
        assert (seen.person.id, seen.writing, seen.draft) == ((await one_agent.me()).id, True, "")
        assert (await ears[0].presence(ticket=id)).person.id == (await other.me()).id
        await one_agent.capabilities.presence.look(None, "", writing=False)
        assert (await ears[1].presence(ticket=id)).gone
        for ear in ears:
            await ear.stop()

    async def test_a_helpers_draft_is_for_leads_and_not_for_colleagues(self, house: House) -> None:
        helper, lead = await house.line(Role.HELPER, "小赵"), await house.line(Role.LEAD)
        agent = await house.line()
        id = await house.receive("c-typed", "快递到哪了")
        to, version = (await helper.me()).id, (await agent.ticket(id)).version
        await one(agent, Transfer(id=new_id(), ticket=id, version=version, assignee=to, reason="物流"))
        ears = {line: Ear(line, await cursor_of(line)) for line in (lead, agent, helper)}
        for line, ear in ears.items():
            await ear.first()
            if line is not helper:
                await line.capabilities.presence.look(id, "", writing=False)
        await helper.capabilities.presence.look(id, "您好，▁预计到货时间▁送到", writing=False)
        seen = await ears[lead].presence(person__id=to)
        assert (seen.writing, seen.draft) == (True, "您好，▁预计到货时间▁送到")
        seen = await ears[agent].presence(person__id=to)
        assert (seen.writing, seen.draft) == (True, "")
        told = {(await ears[helper].presence(ticket=id)).person for _ in range(2)}
        assert {one.id for one in told} == {(await lead.me()).id, (await agent.me()).id}
        assert {one.role for one in told} == {None}
        for ear in ears.values():
            await ear.stop()

    async def test_presence_ends_with_the_feed(self, house: House) -> None:
        one_agent, other = await house.line(name="甲"), await house.line(name="乙")
        id = await house.receive("c-leaves", "有人吗")
        here, there = [Ear(line, await cursor_of(line)) for line in (one_agent, other)]
        await here.first()
        await there.first()
        await other.capabilities.presence.look(id, "", writing=False)
        await one_agent.capabilities.presence.look(id, "", writing=False)
        assert not (await there.presence(ticket=id)).gone
        await here.stop()
        assert (await there.presence(ticket=id)).gone
        await there.stop()

    async def test_presence_at_what_one_may_not_see_is_rejected(self, house: House) -> None:
        helper = await house.line(Role.HELPER, "小赵")
        id = await house.receive("c-peep", "你好")
        with pytest.raises(Rejected):
            await helper.capabilities.presence.look(id, "", writing=False)
