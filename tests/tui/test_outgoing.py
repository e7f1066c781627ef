"""Outgoing rules at the composer: marked while typing, asked once, refused with the reason."""

from msgspec.structs import replace
from textual.widgets import Static

from agent_tui.domain.commands import Approve, Command, SendReply
from agent_tui.domain.events import TicketChanged
from agent_tui.domain.models import Part, Person, Role
from agent_tui.domain.models import Seat as Colleague
from agent_tui.tui.composer.marks import Level, Mark, loudest, questions, refusal
from agent_tui.tui.composer.mode import Mode
from agent_tui.tui.dialogs.buddying import ApprovalDialog
from agent_tui.tui.palette.outgoing import numbers_of
from tests.knowledge.templates.test_values import TICKET
from tests.tui.answering_app import RULES, Seat, seated


def mark(level: Level, words: str = "w", start: int = 0) -> Mark:
    return Mark(start=start, end=start + 1, level=level, words=words)


def test_the_loudest_mark_speaks() -> None:
    assert loudest((mark(Level.HINT), mark(Level.ASK, start=3), mark(Level.ASK, start=2))).start == 2


def test_only_a_refusal_refuses_and_only_a_question_asks() -> None:
    marks = (mark(Level.HINT, "h"), mark(Level.ASK, "a"), mark(Level.ASK, "a"), mark(Level.REFUSE, "r"))
    assert refusal(marks) == "r"
    assert [one.words for one in questions(marks)] == ["a"]
    assert refusal(marks[:3]) == ""


async def test_a_question_is_asked_once_and_then_the_reply_goes() -> None:
    async with seated(rules=(RULES,)) as seat:
        await seat.meet("怎么联系你们")
        await seat.type("您加我微信聊")
        composer = seat.app.station.panes.composer
        composer.marking.look()
        assert [one.level for one in composer.marking.marks] == [Level.ASK]
        await seat.send()
        assert composer.has_class("-asking")
        assert seat.written == "您加我微信聊"
        await seat.send()
        assert seat.written == ""


async def test_changing_the_text_takes_the_answer_back() -> None:
    async with seated(rules=(RULES,)) as seat:
        await seat.meet("怎么联系你们")
        await seat.type("您加我微信聊")
        await seat.send()
        await seat.type("吧")
        await seat.send()
        assert seat.written == "您加我微信聊吧"


async def test_words_that_the_order_denies_ask_once_and_say_so_to_the_server() -> None:
    async with seated(undo_seconds=9, rules=(RULES,)) as seat:
        ticket = await seat.meet("我的退款呢")  # the order's refund is still being processed
        await seat.type("退款已经原路退回您的支付宝")
        await seat.send()
        composer = seat.app.station.panes.composer
        assert composer.has_class("-asking")
        assert [one.rule for one in composer.marking.marks] == ["claim-refund-paid"]
        await seat.send()
        assert seat.written == ""
        assert [one.confirmed for one in sent_to(seat, ticket)] == [("claim-refund-paid",)]


async def test_words_that_the_order_bears_out_go_at_once() -> None:
    async with seated(undo_seconds=9, rules=(RULES,)) as seat:
        ticket = await seat.meet("我的退款呢")
        await seat.type("退款正在处理中，请您稍等")
        await seat.send()
        assert seat.written == ""
        assert [one.confirmed for one in sent_to(seat, ticket)] == [()]


def sent_to(seat: Seat, ticket: str) -> list[Command]:
    """The replies to a ticket that are held before they go."""
    given = [entry.command for entry in seat.desk.outbox.items()]
    return [command for command in given if command.ticket == ticket and command.is_reply]


def test_every_parcel_of_the_order_belongs_to_the_ticket() -> None:
    assert numbers_of(TICKET) == ("8842017", "SF1", "YT2")
    assert numbers_of(None) == ()


async def test_a_note_is_not_held_to_the_rules() -> None:
    async with seated(rules=(RULES,)) as seat:
        await seat.meet("怎么联系你们")
        await seat.press("ctrl+o")
        await seat.type("客户要加我微信")
        await seat.send()
        assert seat.written == ""


HELPER = Colleague(
    id="zhao", name="小赵", role=Role.HELPER, buddy=Person(id="me", name="林晓"), pack="logistics",
    free_text=True,
)  # fmt: skip


async def awaits(seat: Seat, words: str) -> str:
    """A helper's reply to 王敏 that awaits approval; answers the ticket's id."""
    world = seat.backend.world
    world.put_seat(HELPER)
    world.packs["logistics"] = frozenset({"where-is-it"})
    ticket = await seat.meet("我的退款呢")  # the order's refund is still being processed
    given = world.tickets[ticket]
    person = Person(id="zhao", name="小赵")
    world.commit((TicketChanged(ticket=replace(given, assignee=person, version=given.version + 1)),))
    reply = SendReply(id=world.fresh_id(), ticket=ticket, parts=(Part(type="text", text=words),))
    (outcome,) = world.carry_out("zhao", (reply,))
    assert outcome.outcome == "applied", outcome
    await seat.until(lambda: bool(seat.desk.queue.calls()))
    return ticket


def approved(seat: Seat) -> list[Approve]:
    """The approvals that have not gone yet."""
    given = [entry.command for entry in seat.desk.outbox.items()]
    return [command for command in given if isinstance(command, Approve)]


async def test_whoever_approves_sees_what_contradicts_the_order_and_confirms_it() -> None:
    async with seated(rules=(RULES,)) as seat:
        await awaits(seat, "退款已经原路退回您的支付宝")
        seat.backend.go_offline()
        seat.app.station.perform("approve")
        await seat.until(lambda: isinstance(seat.app.screen, ApprovalDialog))
        await seat.settle()
        why = str(seat.app.screen.query_one(".dialog--marks", Static).content)
        assert "退款" in why
        await seat.press("enter")
        await seat.until(lambda: bool(approved(seat)))
        assert [one.confirmed for one in approved(seat)] == [("claim-refund-paid",)]


async def test_a_reply_that_the_order_bears_out_is_approved_without_a_word() -> None:
    async with seated(rules=(RULES,)) as seat:
        await awaits(seat, "退款正在处理中，请您稍等")
        seat.backend.go_offline()
        seat.app.station.perform("approve")
        await seat.until(lambda: isinstance(seat.app.screen, ApprovalDialog))
        assert not seat.app.screen.query(".dialog--marks")
        await seat.press("enter")
        await seat.until(lambda: bool(approved(seat)))
        assert [one.confirmed for one in approved(seat)] == [()]


async def test_a_draft_that_the_order_denies_asks_its_writer_once() -> None:
    async with seated(rules=(RULES,)) as seat:
        ticket = await awaits(seat, "退款正在处理中")
        composer = seat.app.station.panes.composer
        composer.write_as(Mode.DRAFT)
        composer.focus()
        await seat.type("退款已经原路退回您的支付宝")
        seat.read()
        await seat.send()
        assert composer.has_class("-asking")
        assert not drafts_in(seat, ticket)
        await seat.send()
        await seat.until(lambda: bool(drafts_in(seat, ticket)))


def drafts_in(seat: Seat, ticket: str) -> list[str]:
    """The drafts that were handed."""
    parts = [part for message in seat.backend.world.talks[ticket] for part in message.parts]
    return [part.text for part in parts if part.type == "draft"]
