"""Clock and reason in sight: what decides the order of the queue stands in every row and over every chat."""

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from agent_tui import i18n
from agent_tui.desk import Row
from agent_tui.domain.models import Category, MessageKind, Mood, Priority, Status, Tier
from agent_tui.domain.views import View
from agent_tui.tui.clocks import Tone, due_text
from agent_tui.tui.queue.row import Columns, columns_for, spans_of
from tests.driver import at_work

_LONG = "欧阳娜娜的旗舰店代运营团队负责人 Bartholomew"
_URGENT = Row(
    id="t1",
    number=10_231,
    version=1,
    status=Status.NEW,
    priority=Priority.URGENT,
    category=Category.REFUND,
    mood=Mood.ANGRY,
    channel="web",
    customer_id="c1",
    customer=_LONG,
    tier=Tier.VIP,
    order="",
    assignee_id="",
    assignee="",
    last_text="到底退不退",
    last_part="text",
    last_kind=MessageKind.CUSTOMER,
    last_at=1.0,
    unread=3,
    promise_kind="next-reply",
    promise_due=1.0,
    promise_warn=0.0,
    urgency_due=1.0,
    snoozed_until=0.0,
    created_at=1.0,
    high_value=True,
)


@pytest.mark.parametrize("late", [-5, -725, -86_000, -9_000_000, 38])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_clock_and_reason_stand_in_a_row_of_any_width(language: str, late: float) -> None:
    """The clock whole, the sign and the tier beside a name that gives way."""
    i18n.choose(language)
    clock = due_text(1e9 + late, 1e9)
    for width in (34, 42, 50, 60, 72, 80, 120, 200):
        for view in (View.WAITING, View.ALL):
            spans = spans_of(_URGENT, clock, Tone.LATE, columns_for(width, view), "me")
            said = "".join(text for text, _ in spans)
            assert cell_len(said) <= width - 1
            assert all(words in said for words in (clock, "‼", f"{i18n.texts().common.vip} ¥")), said
    i18n.choose("zh")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])
async def test_the_chat_on_the_screen_shows_its_clock(size: tuple[int, int]) -> None:
    """Where the queue is out of sight too, and it runs."""
    async with at_work(size=size) as agent:
        await agent.hear(_LONG, "到底退不退，我要投诉", tier=Tier.VIP)
        await agent.take_next()
        await agent.wait(3600 * 30)
        assert "VIP  超时 1d5h" in agent.screen()
        await agent.wait(3600)
        assert "VIP  超时 1d6h" in agent.screen()


def test_columns_stand_apart_in_english_too() -> None:
    """A word as wide as its column is cut before it touches the next."""
    i18n.choose("en")
    row = replace(_URGENT, category=Category.PRESALE)
    said = "".join(text for text, _ in spans_of(row, "0:38", Tone.CALM, Columns(0, 12, 7, 7, 20, 0), "me"))
    i18n.choose("zh")
    assert " presa… 到底退不退" in said
