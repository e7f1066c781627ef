"""What the buddy's line says: pure, without a screen."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from agent_tui import i18n
from agent_tui.desk import Row
from agent_tui.domain.models import Availability, HelpCall, Person, Role, Seat
from agent_tui.sync.rows import row_of
from agent_tui.tui.dialogs.buddying import buddy_choices
from agent_tui.tui.dialogs.dialog import Choice
from agent_tui.tui.widgets.buddy_strip import calls_for, helpers_of, strip_parts
from agent_tui.tui.widgets.line import width_of
from tests.domain.make import NOON, ticket

ME = Seat(id="lin", name="林晓", role=Role.AGENT)
LEAD = Seat(id="lead", name="许可", role=Role.LEAD)
BUDDY = Person(id="lin", name="林晓")
ZHAO = Seat(id="zhao", name="小赵", role=Role.HELPER, buddy=BUDDY)
QIAN = Seat(id="qian", name="小钱", role=Role.HELPER, buddy=BUDDY, load=1)
SUN = Seat(id="sun", name="小孙", role=Role.HELPER, buddy=Person(id="he", name="何叶"))


def call(by: Seat, reason: str = "asked", stage: str = "buddy", ago: float = 12, text: str = "") -> Row:
    help = HelpCall(
        at=NOON - timedelta(seconds=ago),
        by=Person(id=by.id, name=by.name),
        reason=reason,
        stage=stage,
        to=by.buddy if stage == "buddy" else None,
        text=text,
    )
    return row_of(replace(ticket(), id=f"t-{by.id}", help=help))


def said(calls: list[Row], helpers: list[Seat], width: int = 100) -> str:
    i18n.choose("zh")
    parts = strip_parts(calls, helpers, NOON.timestamp(), width)
    assert sum(width_of(part) for part in parts) <= width
    return "".join(text for _, spans in parts for text, _ in spans)


def test_who_waits_on_what_and_how_long() -> None:
    """The call comes before the helpers who get along."""
    line = said([call(ZHAO, text="能改地址吗")], [ZHAO, QIAN])
    assert "小赵 求助 已等 0:12" in line
    assert "能改地址吗" in line
    assert line.index("小赵") < line.index("小钱 接待中")


def test_a_reply_awaits_approval() -> None:
    """In words, not by colour alone."""
    assert "小赵 回复待批准" in said([call(ZHAO, "approval")], [ZHAO])


def test_a_call_that_went_on_says_to_whom() -> None:
    """Anyone who reads it knows that it is theirs now."""
    assert "全组" in said([call(SUN, stage="core")], [])
    assert "组长" in said([call(SUN, stage="lead")], [])


def test_who_is_not_connected_is_not_there() -> None:
    """Somebody invited an hour ago who has not come yet is not free."""
    away = replace(ZHAO, connected=False)
    assert ("小赵 下线" in said([], [away]), "小赵 空闲" in said([], [ZHAO])) == (True, True)
    choices = buddy_choices([replace(LEAD, connected=False), ME], Choice(value="", label=""))
    assert [one.value for one in choices] == ["lin", "lead", ""]
    assert "下线" in choices[1].detail


def test_long_waits_are_loud() -> None:
    """After half a minute the clock is as loud as a broken promise."""
    for ago, tone in ((12, "warn"), (31, "late")):
        spans = strip_parts([call(ZHAO, ago=ago)], [ZHAO], NOON.timestamp(), 100)[1][1]
        assert spans[0][1] == tone


def test_what_does_not_fit_is_counted() -> None:
    """A line is a line."""
    helpers = [replace(QIAN, id=f"h{n}", name=f"支援{n}") for n in range(9)]
    assert "+" in said([call(ZHAO)], [ZHAO, *helpers], 60)


@pytest.mark.parametrize(
    ("me", "by", "stage", "is_asked"),
    [
        (ME, ZHAO, "buddy", True),
        (ME, ZHAO, "lead", True),
        (ME, SUN, "buddy", False),
        (ME, SUN, "core", True),
        (ME, SUN, "lead", False),
        (LEAD, SUN, "core", True),
        (LEAD, SUN, "lead", True),
        (LEAD, SUN, "buddy", False),
    ],
)
def test_whom_a_call_reaches(me: Seat, by: Seat, stage: str, *, is_asked: bool) -> None:
    """First the buddy, then every core agent, then the leads."""
    helpers = helpers_of(me, [ZHAO, QIAN, SUN])
    assert bool(calls_for(me, [call(by, stage=stage)], helpers)) is is_asked


def test_an_emergency_stands_before_whatever_has_waited_longer() -> None:
    """On a line with room for one call, it is the one that must not be missed."""
    calls = [call(ZHAO, ago=90, text="能改地址吗"), call(QIAN, "card", "lead", 3, "起火、受伤、泄漏")]
    asked = calls_for(ME, calls, [ZHAO, QIAN])
    assert [row.help.reason for row in asked if row.help] == ["card", "asked"]
    assert "小钱 紧急卡" in said(list(asked), [ZHAO, QIAN], 80)


def test_who_has_finished_is_no_helper_of_mine() -> None:
    """Offline is gone."""
    gone = replace(QIAN, availability=Availability.OFFLINE)
    assert helpers_of(ME, [ZHAO, gone, SUN]) == (ZHAO,)


def test_in_english() -> None:
    """The same line."""
    said([call(ZHAO)], [ZHAO])
    i18n.choose("en")
    parts = strip_parts([call(ZHAO, "approval")], [ZHAO], NOON.timestamp(), 100)
    i18n.choose("zh")
    assert "reply to approve · 0:12" in "".join(t for _, spans in parts for t, _ in spans)
