"""The helper's screen as a helper meets it, at 80×24, with arrows, Enter, Esc and digits alone."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.events import Paste

from agent_tui.domain.commands import Approve, HandDraft, ReturnReply, TakeOver, Whisper
from agent_tui.domain.events import PackChanged, SeatChanged
from agent_tui.domain.models import Availability, MessageKind, MessageState, Part, Status
from agent_tui.domain.policy import Helpers, Policy
from agent_tui.settings import Contact
from tests.tui.helping import helping, pack

STUCK = "我的快递三天没动了"


async def test_a_helpers_token_opens_this_screen_and_nothing_else() -> None:
    async with helping() as helper:
        assert "还没有客户" in helper.seen
        assert "搭档 林晓" in helper.seen
        await helper.press("n", "slash", "ctrl+k", "ctrl+p", "ctrl+t")
        assert helper.app.screen is helper.screen


async def test_an_answer_is_seen_once_in_full_and_sent_by_two_keys() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        assert "客户想知道：物流好几天没动了" in helper.seen
        assert "圆通" in helper.seen
        assert "到达 杭州中转" in helper.seen
        assert helper.titles[0] == f"1 {pack().get('parcel-stuck-48h').title}"  # type: ignore[union-attr]
        await helper.press("1")
        assert "这样发给" in helper.seen
        assert not helper.talk(ticket)
        while "还没有填" in helper.seen or "[" in helper.seen:
            await helper.ime("明天")
            await helper.press("enter")
        await helper.sends()
        await helper.until(lambda: bool(helper.talk(ticket)))
        assert helper.talk(ticket)[0].state is MessageState.SENT
        await helper.until(lambda: "已经发给客户" in helper.seen)
        await helper.press("1")
        await helper.until(lambda: helper.kept(ticket).status is Status.SOLVED)
        assert "还没有客户" in helper.seen


async def test_arrows_and_enter_reach_every_answer_and_procedure() -> None:
    async with helping() as helper:
        await helper.meets("陈静", STUCK)
        reached = set()
        for _ in range(40):
            reached.add(helper.screen.offers.items.chosen.title)  # type: ignore[union-attr]
            await helper.press("down")
        known = pack()
        assert {one.title for one in known.answers} <= reached
        assert {one.title for one in known.pack.procedures} <= reached
        await helper.press("enter")
        assert helper.app.screen is not helper.screen


async def test_typed_words_search_and_the_first_hit_is_under_enter() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", "在吗")
        assert not [title for title in helper.titles if title[0] in "123"]
        await helper.ime("改地址")
        assert "地址" in helper.screen.offers.items.chosen.title  # type: ignore[union-attr]
        assert ("Esc 清空" in helper.seen, "9 转交" in helper.seen) == (True, False)
        await helper.press("escape")
        assert "9 转交" in helper.seen
        assert helper.screen.offers.field.value == ""
        assert not helper.talk(ticket)


async def test_full_width_digits_and_question_marks_are_keys_while_nothing_is_typed() -> None:
    async with helping() as helper:
        await helper.meets("陈静", STUCK)
        await helper.ime("？")
        assert "按键说明" in helper.seen
        await helper.press("escape")
        await helper.ime("１")
        assert "这样发给" in helper.seen
        await helper.press("escape", "backspace")
        assert helper.screen.offers.field.value == "１"


async def test_what_the_customer_adds_during_the_preview_is_read_before_it_goes() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", "你好，我买的外套到哪了？")
        await helper.press("1")
        await helper.says(ticket, "算了不要了")
        assert "算了不要了" in helper.seen
        while not helper.talk(ticket):
            before = helper.seen
            await helper.press("enter")
            if "再按一次 Enter" in helper.seen:
                assert not helper.talk(ticket)
                break
            await helper.ime("明天")
            assert before != helper.seen
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))


async def test_ticks_become_a_note_when_the_procedure_is_left() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("4", "enter", "3", "down", "escape")
        await helper.until(lambda: bool(helper.talk(ticket, MessageKind.NOTE)))
        note = helper.talk(ticket, MessageKind.NOTE)[0].parts[0].text
        assert note.count("✓") == 2
        await helper.press("4")
        assert helper.seen.count("✓") == 2
        await helper.press("escape")
        assert len(helper.talk(ticket, MessageKind.NOTE)) == 1


async def test_asking_whispers_and_a_handed_draft() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("0")
        await helper.until(lambda: helper.kept(ticket).help is not None)
        assert "正在叫 林晓" in helper.seen
        await helper.buddy(Whisper(id=helper.id(), ticket=ticket, parts=(Part(type="text", text="先安抚"),)))
        await helper.until(lambda: "林晓 › 先安抚" in helper.seen)
        assert "正在叫" not in helper.seen
        await helper.buddy(HandDraft(id=helper.id(), ticket=ticket, text="别急，今天给您准信。"))
        await helper.until(lambda: "按 Tab" in helper.seen)
        await helper.press("tab")
        assert "别急，今天给您准信。" in helper.seen
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))
        events = [m.parts[0].label for m in helper.talk(ticket, MessageKind.EVENT)]
        assert "draft-accepted" in events


@pytest.mark.parametrize("key", ["ctrl+r", "f1"])
async def test_the_buddy_is_called_from_anywhere_with_what_was_typed(key: str) -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.ime("能赔吗")
        await helper.press(key)
        await helper.until(lambda: helper.kept(ticket).help is not None)
        assert helper.kept(ticket).help.text == "能赔吗"  # type: ignore[union-attr]


async def test_f1_calls_from_the_preview_too() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1", "f1")
        await helper.until(lambda: helper.kept(ticket).help is not None)
        assert "这样发给" in helper.seen


async def test_a_reply_that_awaits_approval_says_so_and_shows_what_came_of_it() -> None:
    policy = Policy(helpers=Helpers(first_replies=99))
    async with helping(policy=policy) as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: bool(helper.talk(ticket)))
        held = helper.talk(ticket)[0]
        assert held.state is MessageState.AWAITING
        await helper.until(lambda: "看一眼就发给客户" in helper.seen)
        assert "批准以后再选" in helper.seen
        await helper.press("2")
        assert "看一眼就发给客户" in helper.seen
        assert helper.kept(ticket).status is not Status.PENDING
        assert "▌4  回到聊天" in helper.seen
        await helper.buddy(Approve(id=helper.id(), ticket=ticket, message=held.id))
        await helper.until(lambda: "已经发给客户" in helper.seen)
        assert "▌4  回到聊天" in helper.seen
        await helper.press("2")
        await helper.until(lambda: helper.kept(ticket).status is Status.PENDING)


async def test_before_the_helpdesk_has_answered_the_screen_goes_by_the_teams_rules() -> None:
    """Nothing is held in this team: a reply on its way never seems to await approval."""
    async with helping() as helper:
        helper.be(replies=0)
        await helper.meets("陈静", STUCK)
        helper.line.go_offline()
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: "断线也不会丢" in helper.seen)
        assert "批准" not in helper.seen


async def test_back_in_the_chat_a_key_still_settles_who_has_been_answered() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: "已经发给客户" in helper.seen)
        await helper.press("4")
        assert "Tab 解决了、等客户" in helper.seen
        await helper.press("tab", "1")
        await helper.until(lambda: helper.kept(ticket).status is Status.SOLVED)


async def test_a_returned_reply_comes_back_with_the_buddys_word() -> None:
    policy = Policy(helpers=Helpers(first_replies=99))
    async with helping(policy=policy) as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: bool(helper.talk(ticket)))
        held = helper.talk(ticket)[0].id
        await helper.buddy(ReturnReply(id=helper.id(), ticket=ticket, message=held, text="先问他新地址"))
        await helper.until(lambda: "退回了这一条" in helper.seen)
        await helper.press("escape")
        assert "先问他新地址" in helper.seen
        assert "上一条被退回了" in helper.seen
        await helper.press("escape")
        await helper.until(lambda: any(title[0] in "123" for title in helper.titles))
        assert "已经回复" not in helper.seen


async def test_a_card_covers_the_screen_by_itself_and_tells_buddy_and_lead() -> None:
    contacts = {"safety": Contact(name="安全员 周工", phone="8110")}
    async with helping(contacts=contacts) as helper:
        ticket = await helper.meets("陈静", "你好，充电宝在我包里冒烟了！！")
        await helper.until(lambda: "安全员 周工 8110" in helper.seen)
        assert "客户想知道" not in helper.seen
        await helper.until(lambda: helper.kept(ticket).help is not None)
        call = helper.kept(ticket).help
        assert call is not None
        assert (call.reason, call.stage) == ("card", "lead")
        await helper.press("enter")
        assert pack().pack.emergency[0].say[:12] in helper.seen
        await helper.press("enter")
        await helper.until(lambda: bool(helper.talk(ticket)))
        await helper.until(lambda: "▌4  回到聊天" in helper.seen)
        assert helper.kept(ticket).help == call
        await helper.says(ticket, "还在冒烟")
        assert (
            len([m for m in helper.talk(ticket, MessageKind.EVENT) if m.parts[0].label == "card-opened"]) == 1
        )


async def test_a_card_without_a_contact_says_to_find_the_lead() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("7", "2")
        assert not [m for m in helper.talk(ticket, MessageKind.EVENT) if m.parts[0].label == "card-opened"]
        await helper.press("1")
        assert "找组长" in helper.seen
        await helper.until(lambda: helper.kept(ticket).help is not None)
        await helper.press("escape")
        assert helper.app.screen is helper.screen


async def test_handing_over_takes_a_reason_and_makes_room() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("9", "down", "enter")
        await helper.until(lambda: helper.kept(ticket).assignee is None)
        assert helper.kept(ticket).core_only
        assert helper.talk(ticket, MessageKind.EVENT)[-1].parts[0].text == "要退款或赔偿"
        await helper.until(lambda: "还没有客户" in helper.seen)


async def test_a_break_is_a_quiet_screen_and_enter_ends_it() -> None:
    async with helping() as helper:
        await helper.meets("陈静", STUCK)
        await helper.press("8", "1")
        await helper.until(lambda: "休息中" in helper.seen)
        assert "8 休息" not in helper.seen
        assert helper.world.seats["zhao"].availability is Availability.BREAK
        await helper.press("enter")
        await helper.until(lambda: helper.world.seats["zhao"].availability is Availability.ONLINE)


async def test_finishing_says_goodbye() -> None:
    async with helping() as helper:
        await helper.press("8", "2")
        await helper.until(lambda: helper.world.seats["zhao"].availability is Availability.OFFLINE)
        assert "今天辛苦了" in helper.seen
        await helper.until(lambda: "Ctrl+Q 关闭" in helper.seen)
        assert "8 休息" not in helper.seen


async def test_a_shift_the_lead_has_ended_says_goodbye_too() -> None:
    async with helping() as helper:
        over = replace(helper.world.seats["zhao"], availability=Availability.OFFLINE)
        helper.world.commit((SeatChanged(seat=over),))
        await helper.until(lambda: "今天辛苦了" in helper.seen)
        await helper.press("enter")
        assert helper.world.seats["zhao"].availability is Availability.OFFLINE


async def test_one_customer_at_a_time_and_the_page_closes_when_they_are_taken() -> None:
    async with helping() as helper:
        first = await helper.meets("陈静", STUCK)
        second = helper.world.receive(helper.world.tickets[first].customer, "在吗")
        assert second.id == first
        await helper.press("1")
        await helper.buddy(TakeOver(id=helper.id(), ticket=first, version=helper.kept(first).version))
        await helper.until(lambda: helper.screen.ticket is None)
        assert "这样发给" not in helper.seen
        assert "还没有客户" in helper.seen


async def test_offline_nothing_is_lost_and_nothing_goes_twice() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        helper.line.go_offline()
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: "断线也不会丢" in helper.seen)
        assert not helper.talk(ticket)
        await helper.press("1")
        helper.line.come_back()
        helper.desk.connection.try_now()
        await helper.until(lambda: helper.kept(ticket).status is Status.SOLVED)
        assert len(helper.talk(ticket)) == 1


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (120, 36), (200, 50)])
async def test_every_size_shows_the_question_the_words_and_three_answers(size: tuple[int, int]) -> None:
    async with helping(size=size) as helper:
        await helper.meets("陈静", STUCK)
        assert "物流好几天没动了" in helper.seen
        assert STUCK in helper.seen
        assert "❶" in helper.seen
        assert "0 问搭档" in helper.seen


async def test_the_mouse_opens_a_row_and_a_word_of_the_last_line() -> None:
    async with helping() as helper:
        await helper.meets("陈静", STUCK)
        await helper.pilot.click("#helper-items", offset=(10, 1))
        await helper.settle()
        assert "这样发给" in helper.seen
        await helper.press("escape")
        at = helper.seen.splitlines()[-1]
        await helper.pilot.click("#helper-keys", offset=(cell_len(at[: at.index("转交")]), 0))
        await helper.settle()
        assert "为什么转交" in helper.seen


async def test_english() -> None:
    async with helping(language="en") as helper:
        await helper.meets("Emma", STUCK)
        assert "They want to know: 物流好几天没动了" in helper.seen
        assert "0 ask buddy" in helper.seen


async def test_a_new_version_of_the_pack_is_taken_within_moments_and_says_what_changed() -> None:
    text = (Path(__file__).parents[2] / "kb" / "packs" / "logistics.yaml").read_text("utf-8")
    newer = text.replace("version: 1", "version: 2").replace("物流不动，还不满 48 小时", "两天内没更新")
    async with helping(size=(100, 30)) as helper:
        await helper.meets("陈静", STUCK)
        helper.world.pack_texts["logistics"] = newer
        helper.world.commit((PackChanged(pack="logistics", version=2),))
        await helper.until(lambda: "v2" in helper.seen)
        said = [one.message for one in helper.app._notifications]
        assert any("知识包有新版本" in words and "48" in words for words in said)
        assert helper.screen.ticket is not None


async def test_a_card_can_be_read_without_calling_anybody() -> None:
    """Two keys pressed by mistake, and a look at the card."""
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("7", "1", "2")
        assert "停" in helper.seen
        await helper.press("enter", "escape")
        assert helper.kept(ticket).help is None
        assert not helper.talk(ticket)


async def test_with_nothing_sure_enter_asks_the_buddy_with_the_customers_question() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", "那个怎么弄啊")
        assert "0 问搭档" in helper.titles
        assert helper.screen.offers.chosen is not None
        assert helper.screen.offers.chosen.kind == "ask"
        await helper.press("enter")
        await helper.until(lambda: helper.kept(ticket).help is not None)
        call = helper.kept(ticket).help
        assert call is not None
        assert call.reason == "asked"
        said = [part for one in helper.talk(ticket, MessageKind.EVENT) for part in one.parts]
        assert "那个怎么弄啊" in str(said)


async def test_leaving_with_a_customer_is_asked_about_once() -> None:
    """What becomes of them is said; a second Ctrl+Q leaves."""
    async with helping() as helper:
        await helper.meets("陈静", STUCK)
        await helper.press("ctrl+q")
        assert "手上还有 1 位客户" in helper.seen
        await helper.press("escape")
        assert helper.app.is_running
        await helper.press("ctrl+q", "ctrl+q")
        assert helper.app._exit


@pytest.mark.parametrize("keys", [(), ("7",), ("9",), ("8",), ("?",), ("1",)])
async def test_pasted_text_never_acts_as_keys(keys: tuple[str, ...]) -> None:
    """On the screen it is searched for, on every page over it nothing happens."""
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press(*keys)
        before = helper.app.screen
        helper.app.post_message(Paste("1\r9\r1\n0"))
        await helper.settle()
        assert helper.app.screen is before
        assert not helper.talk(ticket)
        assert helper.kept(ticket).help is None
        assert helper.kept(ticket).assignee is not None
