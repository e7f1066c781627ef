"""A ticket's values as a customer reads them: no code, no machine's date, nothing made up."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from agent_tui.domain.models import (
    Category,
    Class,
    Coupon,
    CustomerRef,
    Item,
    Order,
    Parcel,
    Priority,
    Refund,
    Status,
    TicketDetail,
    Tier,
)
from agent_tui.domain.names import is_known
from agent_tui.knowledge.templates.fill import fill
from agent_tui.knowledge.templates.values import Speaker, relevant_parcel, said_moment, values_of
from agent_tui.settings import Contact, Shop

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)

ORDER = Order(
    number="8842017",
    customer="c1",
    status="shipped",
    total="399.00",
    items=(Item(name="云朵羽绒服", count=2), Item(name="羊毛围巾")),
    parcels=(
        Parcel(number="SF1", carrier="顺丰速运", status="delivered"),
        Parcel(number="YT2", carrier="圆通速递", status="stuck", last_event="杭州中转", eta="2026-11-13"),
    ),
    paid_at=NOON,
    ship_by=datetime(2026, 11, 13, 10, 0, tzinfo=UTC),
    refund=Refund(amount="399.00", status="processing", by="支付宝"),
    coupons=(Coupon(name="满300减50", until="2026-11-12T00:00:00+08:00"),),
)
TICKET = TicketDetail(
    id="t1",
    number=10231,
    version=1,
    status=Status.OPEN,
    priority=Priority.NORMAL,
    category=Category.REFUND,
    class_=Class.QUERY,
    channel="web",
    customer=CustomerRef(id="c1", name="王敏", tier=Tier.VIP),
    created_at=NOON,
    updated_at=NOON,
    order="8842017",
    order_detail=ORDER,
)
SPEAKER = Speaker(
    agent="小林", shop=Shop(name="云朵家", hours="9:00-24:00"), contacts={"warehouse": Contact(phone="400")}
)


def test_every_value_has_a_name_that_templates_may_use() -> None:
    values = values_of(TICKET, SPEAKER, "zh", CHINA)
    assert [name for name in values if not is_known(name)] == []


def test_chinese_values_read_as_people_write_them() -> None:
    values = values_of(TICKET, SPEAKER, "zh", CHINA)
    assert values == {
        "agent.name": "小林",
        "shop.name": "云朵家",
        "shop.hours": "9:00-24:00",
        "contact.warehouse.phone": "400",
        "customer.name": "王敏",
        "customer.tier": "VIP会员",
        "order.number": "8842017",
        "order.status": "已发货",
        "order.total": "399.00",
        "order.paid_at": "11月11日 12:00",
        "order.ship_by": "11月13日 18:00",
        "order.items": "云朵羽绒服 2 件、羊毛围巾",
        "parcel.number": "YT2",
        "parcel.carrier": "圆通速递",
        "parcel.status": "运输途中暂未更新",
        "parcel.last_event": "杭州中转",
        "parcel.eta": "11月13日",
        "refund.amount": "399.00",
        "refund.status": "处理中",
        "refund.by": "支付宝",
        "coupon.name": "满300减50",
        "coupon.until": "11月12日 00:00",
    }


def test_english_values_are_english() -> None:
    values = values_of(TICKET, SPEAKER, "en", CHINA)
    assert values["order.ship_by"] == "13 Nov, 18:00"
    assert values["order.items"] == "2 x 云朵羽绒服, 羊毛围巾"
    assert values["order.status"] == "shipped"
    assert values["refund.status"] == "being processed"


def test_what_is_unknown_is_left_out_and_becomes_a_blank() -> None:
    bare = msgspec.structs.replace(TICKET, order_detail=None, order=None)
    values = values_of(bare, Speaker(), "zh", CHINA)
    assert values == {"customer.name": "王敏", "customer.tier": "VIP会员"}
    filled = fill("{{ customer.name }}，订单 {{ order.number }}", values)
    assert [blank.prompt for blank in filled.blanks] == ["订单号"]


def test_without_a_ticket_only_the_speaker_is_known() -> None:
    assert values_of(None, Speaker(agent="小林")) == {"agent.name": "小林"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-11-13", "11月13日"),
        ("2026-11-13T10:00:00Z", "11月13日 18:00"),
        ("2026-11-13 18:00", "11月13日 18:00"),
        ("明天下午", "明天下午"),
        ("2026-99-99", "2026-99-99"),
        (None, ""),
    ],
)
def test_a_channels_date_is_put_into_words(written: str | None, said: str) -> None:
    assert said_moment(written, "zh", CHINA) == said


def test_the_parcel_in_trouble_is_the_one_meant() -> None:
    stuck, arrived = Parcel(number="1", status="stuck"), Parcel(number="2", status="delivered")
    assert relevant_parcel((stuck, arrived)) is stuck
    assert relevant_parcel((arrived, stuck)) is stuck
    older, newer = Parcel(number="1", status="in_transit"), Parcel(number="2", status="in_transit")
    assert relevant_parcel((older, newer)) is newer
    assert relevant_parcel(()) is None


def test_a_channels_own_status_is_kept() -> None:
    held = msgspec.structs.replace(TICKET, order_detail=msgspec.structs.replace(ORDER, status="海关查验"))
    assert values_of(held, Speaker())["order.status"] == "海关查验"
