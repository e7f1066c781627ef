"""What is on the helper's screen where room is short: head, last line, list, what is known of a customer."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from agent_tui.domain.models import Item, Parcel, Status
from agent_tui.tui.widgets.line import Piece, cut_part, squeezed, width_of
from tests.tui.helping import ORDER, Robot, helping, pack

STUCK = "我的快递三天没动了"
LONG = "双十一大促期间的物流、发货、改地址与取消订单"


AT_WORK = {
    "zh": ["0 问搭档", "9 转交", "? 帮助"],
    "en": ["0 ask buddy", "9 hand over", "? help"],
}


def head(helper: Robot) -> str:
    return helper.seen.splitlines()[0]


def last(helper: Robot) -> str:
    return helper.seen.splitlines()[-1]


def long_title(id: str, text: str) -> object:
    known = pack()
    return type(known)(replace(known.pack, title=LONG), known.answers, ())


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_head_keeps_buddy_and_line_and_shortens_the_packs_name(size: tuple[int, int]) -> None:
    async with helping(size=size, read=long_title) as helper:
        await helper.meets("陈静", STUCK)
        helper.line.go_offline()
        await helper.until(lambda: "● 连不上" in head(helper))
        assert "搭档 林晓" in head(helper)
        assert cell_len(head(helper)) <= size[0]
        if size[0] < 120:
            assert "…" in head(helper)
        helper.line.come_back()
        helper.desk.connection.try_now()
        await helper.until(lambda: "● 连接正常" in head(helper))
        assert "物流" in head(helper)


async def test_what_has_not_gone_out_stands_apart_from_the_line() -> None:
    async with helping(language="en") as helper:
        await helper.meets("陈静", STUCK)
        helper.line.go_offline()
        await helper.press("1", "enter", "enter", "1")  # the answer names a step that is asked for first
        await helper.until(lambda: "● offline" in head(helper) and "Unsent" in head(helper))
        left, _, right = head(helper).partition("Unsent")
        assert left.endswith("   ")
        assert "   ● offline" in right


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_keys_a_helper_needs_are_on_the_last_line(language: str) -> None:
    async with helping(language=language) as helper:
        await helper.meets("陈静", STUCK)
        assert [one for one in ["1-3 ", "Enter", *AT_WORK[language]] if one not in last(helper)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_after_a_reply_the_search_is_empty_and_the_needed_keys_are_there(language: str) -> None:
    async with helping(language=language) as helper:
        ticket = await helper.meets("陈静", STUCK)
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: bool(helper.talk(ticket)))
        await helper.press("4")
        assert helper.screen.offers.typed == ""
        assert [one for one in ["Tab", *AT_WORK[language]] if one not in last(helper)] == []


async def test_digits_that_open_nothing_are_not_offered() -> None:
    async with helping(size=(120, 36)) as helper:
        await helper.meets("陈静", "在吗", order=None)
        digits = {title[0] for title in helper.titles}
        assert not digits & set("123")
        assert "1-3 回答" not in last(helper)
        assert ("4-6 流程" in last(helper)) == (digits >= set("456"))


async def test_every_customers_list_opens_at_its_first_row() -> None:
    async with helping() as helper:
        ticket = await helper.meets("陈静", STUCK)
        assert "可以这样回答" in helper.seen
        await helper.press("1")
        await helper.sends()
        await helper.until(lambda: bool(helper.talk(ticket)))
        await helper.press("1")
        await helper.until(lambda: helper.kept(ticket).status is Status.SOLVED)
        await helper.meets("王芳", STUCK, order=replace(ORDER, number="884200001553"))
        assert "可以这样回答" in helper.seen


async def test_going_up_again_shows_every_heading_above_the_first_row() -> None:
    async with helping() as helper:
        await helper.meets("陈静", "在吗", order=None)
        before = helper.seen
        await helper.press(*["down"] * 12, *["up"] * 12)
        assert helper.seen == before


@pytest.mark.parametrize("said", [STUCK, "显示签收了可我没收到", "你们几点关门"])
async def test_what_they_want_to_know_is_the_question_of_the_first_answer(said: str) -> None:
    async with helping() as helper:
        await helper.meets("陈静", said)
        wish = helper.seen.splitlines()[1]
        first = next((one for one in helper.screen.offers.items.items if one.digit == "1"), None)
        known = pack().get(first.id) if first is not None else None
        wanted = known.similar[0] if known is not None else f"“{said}”"
        assert wish == f" 客户想知道：{wanted}"


async def test_an_english_pane_says_days_as_people_do() -> None:
    parcel = Parcel(
        number="YT8831", carrier="YTO", status="in_transit", last_event="left", eta="2026-11-13T10:00:00Z"
    )
    order = replace(ORDER, parcels=(parcel,), items=(Item(name="Coat", count=1, price="89.00"),))
    local = datetime(2026, 11, 13, 10, tzinfo=UTC).astimezone()
    async with helping(language="en", size=(120, 36)) as helper:
        await helper.meets("Emma", STUCK, order=order)
        facts = helper.seen.splitlines()[3]
        assert f"expected 13 Nov, {local:%H:%M}" in facts
        assert "2026-" not in facts
        assert " · shipped · YTO · " in facts


PIECES = [
    Piece(("", [("支援", "faint")]), rank=0),
    Piece(("", [(" · ", "calm"), ("物流与发货", "text")]), rank=1, least=6),
    Piece(("", [("  搭档林晓", "calm")]), rank=2, least=6),
]


@pytest.mark.parametrize(
    ("width", "wanted"),
    [
        (40, "支援 · 物流与发货  搭档林晓"),
        (26, " · 物流与发货  搭档林晓"),
        (19, " · 物流…  搭档林晓"),
        (14, " · 物…  搭档…"),
        (8, "  搭…"),
        (3, ""),
    ],
)
def test_what_matters_least_gives_way_first(width: int, wanted: str) -> None:
    made = squeezed(PIECES, width)
    assert "".join(text for _, spans in made for text, _ in spans) == wanted
    assert sum(map(width_of, made)) <= width


def test_a_part_is_cut_at_the_cells_it_has() -> None:
    part = ("link", [("● ", "warn"), ("连不上，写好的会自动发出", "calm")])
    assert cut_part(part, 9) == ("link", [("● ", "warn"), ("连不上…", "calm")])
    assert cut_part(part, 40) == part
