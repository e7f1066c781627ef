"""How a conversation reads: pure, without a screen."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_tui import i18n
from agent_tui.desk import SendState, Shown
from agent_tui.domain.models import Author, FileInfo, Message, MessageKind, MessageState, Part
from agent_tui.i18n import texts
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.widgets.message_lines import Lines, Numbers, Target, fill, human_size, wrap
from tests.domain.make import NOON

i18n.name_keys(Keymap(ACTIONS).shown_first)
ZH = texts().conversation


def message(*parts: Part, kind: MessageKind = MessageKind.CUSTOMER, **more: Any) -> Message:
    who = {"customer": "王敏", "system": ""}.get(kind.value, "林")
    values = {
        "id": "m1",
        "ticket": "t1",
        "kind": kind,
        "author": Author(kind="customer" if kind is MessageKind.CUSTOMER else "agent", id="x", name=who),
        "parts": parts,
        "at": NOON,
        "state": MessageState.RECEIVED,
    }
    return Message(**{**values, **more})


def text(words: str) -> Part:
    return Part(type="text", text=words)


def read(shown: Shown, before: Message | None = None, width: int = 40, now: float = 0) -> list[str]:
    lines = Lines(ZH, width, Numbers(), UTC).of(shown, before, now)
    return ["".join(t for t, _ in line) for line in lines]


@given(st.text(alphabet="你好，。！ab 👨\u200d👩\u200d👧e\u0301\n\t长", max_size=80), st.integers(4, 40))
def test_wrapping_keeps_every_word_and_never_overflows(words: str, width: int) -> None:
    lines = wrap(words, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.expandtabs(4).split())


def test_closing_punctuation_never_starts_a_line() -> None:
    assert wrap("您好您好,您好", 8) == ["您好您", "好,您好"]


def test_a_customers_words_have_who_and_when() -> None:
    assert read(Shown(message=message(text("到底退不退\n???")))) == ["12:00 王敏", "  到底退不退", "  ???"]


def test_words_within_the_minute_go_on_without_another_header() -> None:
    first = message(text("在吗"))
    second = message(text("人呢"), id="m2", at=NOON + timedelta(seconds=20))
    assert read(Shown(message=second), first) == ["  人呢"]
    later = message(text("人呢"), id="m2", at=NOON + timedelta(seconds=70))
    assert read(Shown(message=later), first)[0] == "12:01 王敏"


@pytest.mark.parametrize(
    ("state", "more", "says"),
    [
        (SendState.HELD, {"until": 103.0}, "3 秒后发送 · Ctrl+Z 撤销"),
        (SendState.QUEUED, {}, "待发送"),
        (SendState.SENDING, {}, "发送中"),
        (SendState.SENT, {}, "已发送"),
        (SendState.DELIVERED, {}, "已送达"),
        (SendState.UNDELIVERED, {"reason": "undelivered"}, "未送达：渠道拒收"),
        (SendState.REFUSED, {"reason": "ticket-closed"}, "没有发出：会话已关闭"),
        (SendState.UNSURE, {}, "不确定是否发出，请确认"),
    ],
)
def test_all_eight_send_states_are_words(state: SendState, more: dict[str, Any], says: str) -> None:
    reply = message(text("您好"), kind=MessageKind.REPLY)
    assert read(Shown(message=reply, state=state, **more), width=60, now=100)[0] == f"12:00 林  {says}"


def test_a_note_cannot_be_taken_for_a_reply() -> None:
    note = message(text("仓库已入库"), kind=MessageKind.NOTE)
    assert read(Shown(message=note)) == ["┃ 12:00 林 · 备注", "┃ 仓库已入库"]


def test_an_event_is_one_small_line_in_words() -> None:
    part = Part(type="event", label="status-changed", values={"by": "林", "from": "open", "to": "solved"})
    event = message(part, kind=MessageKind.EVENT)
    assert read(Shown(message=event), width=60) == ["  12:00 · 林 把状态从处理中改为已解决"]


def test_pictures_cards_and_unknown_parts_say_what_they_are() -> None:
    picture = Part(type="image", file=FileInfo(id="f1", name="破损.jpg", type="image/jpeg", size=1_258_291))
    parts = (
        picture,
        Part(type="order-card", number="8842", status="stuck", price="399.00"),
        Part(type="product-card", name="羽绒服"),
        Part(type="sticker"),
    )
    assert read(Shown(message=message(*parts)))[1:] == [
        "  [1] [图片] 破损.jpg 1.2 MB",
        "  订单 8842 · 运输停滞 · 399.00",
        "  商品 羽绒服",
        "  暂不支持的内容：sticker",
    ]


def test_links_are_numbered_and_show_their_host() -> None:
    lines = read(Shown(message=message(text("看这个 https://evil.example/a?b=1，急"))), width=60)
    assert lines[-1] == "  [1] evil.example"
    assert Target(url="https://shop.example@evil.example/x").host == "evil.example"


def test_a_number_once_given_stays() -> None:
    numbers = Numbers()
    first = numbers.of(Target(url="https://a.example"))
    assert numbers.of(Target(url="https://b.example")) == first + 1
    assert numbers.of(Target(url="https://a.example")) == first
    assert numbers.target(9) is None


def test_values_are_never_templates() -> None:
    assert fill("{who}说", {"who": "{evil}"}) == "{evil}说"
    assert fill("{who}{gone}", {"who": "王"}) == "王"


@pytest.mark.parametrize(("size", "says"), [(12, "12 B"), (188_416, "184 KB"), (1_258_291, "1.2 MB")])
def test_sizes(size: int, says: str) -> None:
    assert human_size(size) == says


def test_day_breaks() -> None:
    lines = Lines(ZH, 30, Numbers(), UTC)
    for ago, name in ((0, "今天"), (1, "昨天"), (2, "周一")):
        line = "".join(t for t, _ in lines.day(NOON - timedelta(days=ago), NOON.date()))
        assert name in line
        assert cell_len(line) == 30
