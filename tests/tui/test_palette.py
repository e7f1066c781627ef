"""The palette at the workstation: keys in, words in the composer."""

from pathlib import Path

import pytest

from agent_tui.domain.models import MessageKind
from agent_tui.knowledge.content.own import OwnFolder
from agent_tui.tui.palette.form import EntryForm
from agent_tui.tui.palette.listing import EntryPreview
from agent_tui.tui.palette.screen import PaletteScreen
from agent_tui.tui.workstation.screen import Workstation
from tests.patience import WAIT
from tests.tui.answering_app import Seat, seated


def sent(seat: Seat) -> list[str]:
    """The replies that the helpdesk has."""
    talks = seat.backend.world.talks.values()
    return [p.text for talk in talks for m in talk if m.kind is MessageKind.REPLY for p in m.parts]


async def test_a_slash_in_the_empty_composer_and_two_letters_bring_the_words() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("/")
        assert isinstance(seat.app.screen, PaletteScreen)
        await seat.type("tkjd")
        assert seat.titles[0] == "退款进度"
        await seat.press("enter")
        assert isinstance(seat.app.screen, Workstation)
        assert seat.written == "王敏您好，订单 8842017 的退款预计 ▁到账时间▁ 到账。"
        await seat.type("今天")
        assert seat.written == "王敏您好，订单 8842017 的退款预计 今天 到账。"
        await seat.press("enter")
        assert await seat.desk.outbox.drain(WAIT)
        assert sent(seat) == ["王敏您好，订单 8842017 的退款预计 今天 到账。"]


async def test_half_written_text_stays_and_several_stack_at_the_cursor() -> None:
    async with seated() as seat:
        await seat.meet("什么时候发货")
        await seat.type("您好，")
        for query in ("fahuo", "tkdjdz"):
            await seat.press("ctrl+k", *query, "enter")
        assert seat.written == "您好，付款后 48 小时内发货，请放心。支付宝 24 小时内，信用卡 3-7 个工作日。"


async def test_ctrl_s_sends_what_has_no_blank_and_refuses_what_has() -> None:
    async with seated() as seat:
        await seat.meet("什么时候发货")
        await seat.press("/", *"tkjd", "ctrl+s")
        assert sent(seat) == []
        assert "到账时间" in seat.written
        seat.app.station.panes.composer.field.text = ""
        await seat.press("/", *"fahuo", "ctrl+s")
        assert await seat.desk.outbox.drain(WAIT)
        assert sent(seat) == ["付款后 48 小时内发货，请放心。"]


async def test_the_preview_is_filled_for_this_customer() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("/", *"tkjd")
        shown = seat.palette.query_one(EntryPreview).text
        assert "订单 8842017" in shown
        assert "▁到账时间▁" in shown
        assert "需要：" in shown


async def test_backspace_in_the_empty_palette_gives_the_character_back() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.type("、")
        await seat.press("backspace")
        assert isinstance(seat.app.screen, Workstation)
        assert seat.written == "、"


async def test_esc_and_ctrl_k_leave_the_text_as_it_was() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.type("写了一半")
        for key in ("escape", "ctrl+k"):
            await seat.press("ctrl+k", *"tk", key)
            assert isinstance(seat.app.screen, Workstation)
            assert seat.written == "写了一半"


async def test_arrows_choose_and_never_leave_the_list() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k", *"退款", "up", "down", "down", "down", "down", "pageup")
        first = seat.titles[0]
        await seat.press("enter")
        assert first in ("退款进度", "退款多久到账")
        assert seat.written


async def test_a_word_that_means_the_same_and_tone_digits_bring_the_words() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        for query in ("退钱进度", "tuiqianjd", "tui4kuan3jin4du4", "退款进度3"):
            await seat.press("ctrl+k")
            await seat.type(query)
            assert seat.titles[0] == "退款进度", query
            await seat.press("escape")


async def test_a_category_articles_and_full_width_signs_filter() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k")
        await seat.type("＃tk")
        assert sorted(seat.titles) == ["退款多久到账", "退款进度"]
        await seat.press(*["backspace"] * 3)
        await seat.type("＠")
        assert seat.titles == ["物流停滞超过 48 小时"]


async def test_the_categories_are_listed_and_one_that_is_taken_filters() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        for query in (">类别", "#分类", "》category"):
            await seat.press("ctrl+k")
            await seat.type(query)
            assert {"退款", "物流"} <= set(seat.titles), query
            assert "直播" not in seat.titles, "nothing of it fits this channel"
            await seat.press("escape")
        await seat.press("ctrl+p", *"退款", "enter")
        assert sorted(seat.titles) == ["退款多久到账", "退款进度"]
        await seat.type("进度")
        assert seat.titles == ["退款进度"]
        await seat.press("enter")
        assert "退款预计" in seat.written


async def test_entries_of_another_channel_are_not_listed() -> None:
    async with seated() as seat:
        await seat.meet("福袋呢")
        await seat.press("ctrl+k", *"福袋")
        assert seat.titles == []


async def test_commands_are_found_by_pinyin_and_done() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+p")
        assert "转交" in seat.titles
        await seat.type("zhuti")
        assert seat.titles[0] == "换主题"
        before = seat.app.theme
        await seat.press("enter")
        assert seat.app.theme != before


async def test_a_broken_entry_says_so_and_is_never_inserted() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k", *"写坏", "enter")
        assert "不能插入" in seat.palette.query_one(EntryPreview).text
        await seat.press("escape")
        assert seat.written == ""


async def test_without_a_ticket_words_are_read_but_not_inserted() -> None:
    async with seated() as seat:
        await seat.press("ctrl+k", *"退款", "enter")
        assert isinstance(seat.app.screen, PaletteScreen)


async def test_nothing_found_says_what_to_do_next() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k", *"zzzqqq")
        assert "没有找到" in seat.palette.query_one(EntryPreview).text


async def test_what_this_ticket_needs_comes_first_before_anything_is_typed() -> None:
    async with seated() as seat:
        await seat.meet("快递三天没动了")
        await seat.press("/")
        assert seat.titles[0] == "物流停滞超过 48 小时"


async def test_the_reply_becomes_a_snippet_without_this_customers_data(tmp_path: Path) -> None:
    async with seated(own=OwnFolder(tmp_path)) as seat:
        await seat.meet("退款呢")
        await seat.type("王敏您好，8842017 已加急，费用 $5。")
        await seat.press("ctrl+k", "ctrl+o")
        assert isinstance(seat.app.screen, EntryForm)
        await seat.type("加急")
        await seat.press("ctrl+s")
        saved = next(entry for entry in seat.library.most_used({}) if entry.title == "加急")
        assert saved.text == "{{ customer.name }}您好，{{ order.number }} 已加急，费用 \\$5。"
        assert saved.category == "refund"
        assert "王敏" not in (tmp_path / "snippets" / "own.yaml").read_text("utf-8")
        await seat.press("escape", "ctrl+k", *"jiaji", "enter")
        assert seat.written.endswith("王敏您好，8842017 已加急，费用 $5。")


async def test_an_answer_that_says_something_was_done_asks_for_the_step_first() -> None:
    async with seated() as seat:
        await seat.meet("快点送")
        await seat.press("ctrl+k", *"jiaji", "enter")
        assert seat.written == "已经请快递优先派送，到了会有短信。"
        composer = seat.app.station.panes.composer
        await seat.press("enter")
        assert composer.has_class("-asking")
        assert [mark.words for mark in composer.marking.marks] == ["先做到：在快递后台提交加急"]
        await seat.press("enter")
        assert await seat.desk.outbox.drain(WAIT)
        assert sent(seat) == ["已经请快递优先派送，到了会有短信。"]


async def test_editing_makes_an_own_copy_that_takes_the_place(tmp_path: Path) -> None:
    async with seated(own=OwnFolder(tmp_path)) as seat:
        await seat.meet("什么时候发货")
        await seat.press("ctrl+k", *"fahuo", "ctrl+e")
        assert isinstance(seat.app.screen, EntryForm)
        seat.app.screen.query_one("#form-body").text = "今天就发。"  # type: ignore[attr-defined]
        await seat.press("ctrl+s", "enter")
        assert seat.written == "今天就发。"
        assert seat.library.get("ship-when").origin == "own"  # type: ignore[union-attr]


async def test_a_form_says_what_is_missing_and_keeps_the_words(tmp_path: Path) -> None:
    async with seated(own=OwnFolder(tmp_path)) as seat:
        await seat.meet("退款呢")
        await seat.type("好的")
        await seat.press("ctrl+k", "ctrl+o", "ctrl+s")
        form = seat.app.screen
        assert isinstance(form, EntryForm)
        assert form.told()["body"] == "好的"
        await seat.press("escape", "escape")
        assert seat.written == "好的"


@pytest.mark.parametrize("size", [(120, 34), (100, 30), (80, 24), (60, 16)])
async def test_the_palette_fits_every_size(size: tuple[int, int]) -> None:
    async with seated(size) as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k", *"tk")
        box = seat.palette.query_one("#palette").region
        assert box.right <= size[0]
        assert box.bottom == size[1]
        assert seat.palette.query_one("#palette-list").size.height >= 1


async def test_what_the_open_order_denies_is_marked_and_says_why() -> None:
    async with seated() as seat:
        await seat.meet("退款呢")
        await seat.press("ctrl+k", *"weifahuo")
        row = seat.palette.query_one("#palette-list").rows[0]  # type: ignore[attr-defined]
        assert (row.title, row.is_untrue) == ("未发货：还在承诺期内", True)
        shown = seat.palette.query_one(EntryPreview)
        assert shown.text.startswith("这单不成立：")
