"""What stands between a helper's Enter and the customer: rules, attachments, the lead's leave, the server."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_tui.domain.commands import HandDraft, LetWrite
from agent_tui.domain.models import FileInfo, MessageState, Part, Role, Seat
from agent_tui.domain.policy import Helpers, Policy
from agent_tui.i18n import texts
from agent_tui.knowledge.packs.resolved import ResolvedAnswer, ResolvedPack
from agent_tui.sync.ids import new_id
from agent_tui.tui.composer.checks import MARK
from agent_tui.tui.helper.preview import Reply
from agent_tui.tui.palette.slips import drafted
from tests.tui.helping import Robot, helping, pack

STUCK = "我的快递三天没动了"
UNHELD = Policy(helpers=Helpers(first_replies=0, outside_pack=False, free_text=True))


def lets(helper: Robot, *, allowed: bool) -> None:
    """The lead lets the helper write, or no longer."""
    helper.world.put_seat(Seat(id="lead", name="许可", role=Role.LEAD))
    command = LetWrite(id=new_id(), helper="zhao", allowed=allowed)
    assert helper.world.carry_out("lead", (command,))[0].outcome == "applied"


def told(helper: Robot) -> str:
    """The words in the corner."""
    return "\n".join(one.message for one in helper.app._notifications)


async def may_write(helper: Robot) -> str:
    """A customer, and leave to write to them; answers the ticket's id."""
    ticket = await helper.meets("陈静", STUCK)
    helper.be(free_text=True)
    await helper.until(lambda: helper.desk.team.me.free_text)
    return ticket


async def writes(helper: Robot, words: str) -> None:
    """Type into the search field and choose the last row."""
    await helper.ime(words)
    await helper.press(*["down"] * 30, "enter")


async def test_without_leave_there_is_no_row_for_ones_own_words() -> None:
    async with helping() as helper:
        await helper.meets("陈静", STUCK)
        assert texts().helper.search in helper.seen
        await helper.ime("自己写的一句")
        assert texts().helper.own not in helper.seen


async def test_the_leads_leave_comes_and_goes_while_the_helper_works() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        lets(helper, allowed=True)
        await helper.until(lambda: "组长允许你自己写回复了" in told(helper))
        assert "也可以自己写" in helper.seen
        await writes(helper, "包裹今天就能动起来")
        assert "这样发给" in helper.seen
        assert "包裹今天就能动起来" in helper.seen
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))
        assert helper.talk(ticket)[0].state is MessageState.AWAITING
        await helper.press("escape", "escape")
        lets(helper, allowed=False)
        await helper.until(lambda: "组长请你只用知识包里的回答" in told(helper))
        assert "也可以自己写" not in helper.seen


async def test_leave_that_ended_meanwhile_is_said_in_words() -> None:
    async with helping(policy=UNHELD) as helper:
        ticket = await may_write(helper)
        await writes(helper, "随便说一句")
        # Only the helpdesk knows yet: the screen has not heard of it.
        helper.world.put_seat(replace(helper.world.seats["zhao"], free_text=False))
        await helper.press("enter")
        await helper.until(lambda: "没有发出去" in helper.seen)
        assert "只能用知识包里的回答" in helper.seen
        assert not helper.talk(ticket)


async def test_what_a_rule_refuses_does_not_go_and_names_the_place() -> None:
    async with helping(policy=UNHELD) as helper:
        ticket = await may_write(helper)
        await writes(helper, "您加我微信说吧")
        await helper.press("enter", "enter")
        assert "不能发出" in helper.seen
        assert "加我微信" in helper.seen
        assert not helper.talk(ticket)


async def test_what_a_rule_asks_about_takes_enter_twice() -> None:
    async with helping(policy=UNHELD) as helper:
        ticket = await may_write(helper)
        await writes(helper, "全网最低价，放心")
        await helper.press("enter")
        assert "再按一次 Enter" in helper.seen
        assert not helper.talk(ticket)
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))


async def test_a_draft_goes_out_as_it_was_handed() -> None:
    async with helping(policy=Policy()) as helper:
        ticket = await helper.meets("陈静", STUCK)
        text = "陈静您好，今天给您准信。"
        await helper.buddy(HandDraft(id=helper.id(), ticket=ticket, text=text))
        await helper.until(lambda: "按 Tab" in helper.seen)
        await helper.press("tab")
        assert "陈*您好" in helper.seen
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))
        sent = helper.talk(ticket)[0]
        assert (sent.state, sent.parts[0].text) == (MessageState.SENT, text)


async def test_a_file_that_was_handed_with_a_draft_goes_out_with_it() -> None:
    async with helping(policy=Policy()) as helper:
        ticket = await helper.meets("陈静", STUCK)
        file = FileInfo(id="f1", name="尺码表.png", type="image/png", size=4)
        helper.world.files[file.id] = (file, b"png!")
        handed = (Part(type="image", file=file),)
        await helper.buddy(HandDraft(id=helper.id(), ticket=ticket, parts=handed))
        await helper.until(lambda: "按 Tab" in helper.seen)
        await helper.press("tab")
        assert "尺码表.png" in helper.seen
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))
        sent = helper.talk(ticket)[0]
        assert (sent.state, sent.parts) == (MessageState.SENT, handed)


def with_file(path: str) -> ResolvedPack:
    """The pack, its every answer with an attachment at `path`."""
    known = pack()
    answers = [
        ResolvedAnswer(
            entry=replace(one.entry, text="尺码见附件", needs=(), does="", file="尺码表.png", path=path),
            when=one.when, similar=one.similar,
        )
        for one in known.answers
    ]  # fmt: skip
    return ResolvedPack(known.pack, answers, ())


async def test_an_answer_goes_with_its_file(tmp_path: Path) -> None:
    picture = tmp_path / "尺码表.png"
    picture.write_bytes(b"\x89PNG")
    async with helping(read=lambda *_: with_file(str(picture))) as helper:
        for name in ("陈静", "王敏"):
            ticket = await helper.meets(name, STUCK)
            await helper.press("1")
            await helper.until(lambda: "尺码表.png · 4 B，一起发出" in helper.seen)
            await helper.press("enter")
            await helper.until(lambda at=ticket: bool(helper.talk(at)))  # type: ignore[misc]
            words, file = helper.talk(ticket)[0].parts
            assert (words.text, file.type) == ("尺码见附件", "image")
            await helper.press("1")
            await helper.until(lambda at=ticket: helper.kept(at).status == "solved")  # type: ignore[misc]
        assert len(helper.world.files) == 1, "stored once, sent twice"


@pytest.mark.parametrize("path", ["", "/nowhere/尺码表.png"])
async def test_an_answer_never_goes_without_its_file(path: str) -> None:
    async with helping(read=lambda *_: with_file(path)) as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1")
        await helper.until(lambda: "还没准备好" in helper.seen)
        await helper.press("enter", "enter")
        assert "尺码表.png" in helper.seen
        assert not helper.talk(ticket)


async def test_a_helper_is_asked_for_the_step_that_the_words_rest_on() -> None:
    known = pack()
    answers = [
        replace(one, entry=replace(one.entry, text="已登记", needs=(), does="登记催件"))
        for one in known.answers
    ]  # fmt: skip
    async with helping(read=lambda *_: ResolvedPack(known.pack, answers, ())) as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1", "enter")
        assert "先做到：登记催件" in helper.seen
        assert not helper.talk(ticket)
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))


async def test_a_file_waits_for_the_line_and_says_so(tmp_path: Path) -> None:
    picture = tmp_path / "尺码表.png"
    picture.write_bytes(b"\x89PNG")
    async with helping(read=lambda *_: with_file(str(picture))) as helper:
        ticket = await helper.meets("陈静", STUCK)
        helper.line.go_offline()
        await helper.press("1")
        await helper.until(lambda: "连不上服务器" in helper.seen)
        await helper.press("enter")
        assert not helper.talk(ticket)
        helper.line.come_back()
        await helper.press("enter")
        await helper.until(lambda: "一起发出" in helper.seen)
        await helper.press("enter")
        helper.desk.connection.try_now()
        await helper.until(lambda: bool(helper.talk(ticket)))


async def test_a_blank_that_has_been_filled_is_no_longer_complained_about() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", "在吗")
        words = f"单号{MARK}单号{MARK}，{MARK}几号{MARK}到"
        helper.screen.errands.preview(ticket, Reply(title="草稿", filled=drafted(words)))
        await helper.press("enter")
        assert "「单号」还没有填" in helper.seen
        await helper.ime("SF1")
        assert "还没有填" not in helper.seen
        await helper.press("enter")
        assert ("填写「几号」" in helper.seen, "还没有填" in helper.seen) == (True, False)


async def test_a_lone_digit_in_a_blank_is_asked_about_once() -> None:
    """The key of an answer, pressed twice."""
    async with helping(policy=UNHELD) as helper:
        ticket = await may_write(helper)
        helper.screen.errands.preview(ticket, Reply(title="草稿", filled=drafted(f"{MARK}时间{MARK}到")))
        await helper.press("1", "enter")
        assert "「时间」这个空里只有「1」" in helper.seen
        assert not helper.talk(ticket)
        await helper.press("backspace")
        await helper.ime("9点")
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))


CARRIED = f"已交给{MARK}快递公司{MARK}，单号{MARK}单号{MARK}"


async def fills_and_sends(helper: Robot, ticket: str, reply: Reply) -> None:
    """Show a reply with two blanks, fill both and send it."""
    helper.screen.errands.preview(ticket, reply)
    await helper.settle()
    await helper.ime("圆通")
    await helper.press("enter")
    await helper.ime("YT8831")
    await helper.until(lambda: reply.answer is None or "一起发出" in helper.seen)
    await helper.press("enter")


async def test_what_was_filled_in_comes_back_with_undo(tmp_path: Path) -> None:
    picture = tmp_path / "面单.png"
    picture.write_bytes(b"\x89PNG")
    answer = with_file(str(picture)).answers[0].entry
    async with helping(policy=UNHELD, undo_seconds=60) as helper:
        ticket = await may_write(helper)
        await fills_and_sends(helper, ticket, Reply(title="面单", filled=drafted(CARRIED), answer=answer))
        await helper.press("ctrl+z")
        assert "已交给圆通，单号YT8831" in helper.seen
        assert "一起发出" in helper.seen
        await helper.press("enter")
        (held,) = [item.command for item in helper.desk.outbox.items()]
        assert [part.text for part in held.parts] == ["已交给圆通，单号YT8831", ""]


async def test_what_was_filled_in_comes_back_after_a_refusal() -> None:
    async with helping(policy=UNHELD) as helper:
        ticket = await may_write(helper)
        helper.world.put_seat(replace(helper.world.seats["zhao"], free_text=False))
        await fills_and_sends(helper, ticket, Reply(title="草稿", filled=drafted(CARRIED)))
        await helper.until(lambda: texts().helper.after["again"] in helper.seen)
        await helper.press("4")
        assert "已交给圆通，单号YT8831" in helper.seen
