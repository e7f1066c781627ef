"""What customers name that is not in the order of their ticket, by table."""

import pytest

from agent_tui.domain.asked_order import named_elsewhere
from agent_tui.domain.models import Author, Message, MessageKind, MessageState, Part
from agent_tui.domain.orders import Item, Order, Parcel
from tests.domain.make import NOON

PARCEL = Parcel(number="YT8831001234567", carrier="圆通", status="in_transit")
COOKER = Order(
    number="884200001552", customer="c1", status="shipped", total="126.00", items=(Item(name="电饭煲 3 升"),),
    parcels=(PARCEL,),
)  # fmt: skip
JACKET = Order(
    number="E1", customer="c1", status="paid", total="59.00", items=(Item(name="rain jacket, blue"),)
)


def said(*texts: str | Part) -> list[Message]:
    author = Author(kind="customer", id="c1", name="王敏")
    return [
        Message(
            id=str(n), ticket="t", kind=MessageKind.CUSTOMER, author=author, at=NOON, state=MessageState.KEPT,
            parts=(Part(type="text", text=one) if isinstance(one, str) else one,),
        )
        for n, one in enumerate(texts)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("我买的蓝牙耳机怎么还没到", "蓝牙耳机"),
        ("昨天拍的羽绒服什么时候发货", "羽绒服"),
        ("订单 884200009999 到哪了", "884200009999"),
        ("订单尾号1234的那个", "1234"),
        ("我问的是另一个订单", "另一个订单"),
        ("还有一单没收到", "还有一单"),
        ("我买的电饭煲怎么还没到", ""),
        ("我买的东西怎么还没到", ""),
        ("快递三天没动了", ""),
        ("订单884200001552到哪了 电话13800138000", ""),
        ("订单尾号1552", ""),
        ("单号 yt8831001234567 查不到", ""),
    ],
)
def test_what_is_not_in_the_order(words: str, named: str) -> None:
    assert named_elsewhere(said(words), COOKER) == named


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("my headphones still not here", "headphones"),
        ("no, the other order please", "the other order"),
        ("the jacket i ordered is late", ""),
        ("my parcel is late", ""),
        ("我买的耳机呢", ""),
    ],
)
def test_english_goods_are_compared_with_english_ones(words: str, named: str) -> None:
    assert named_elsewhere(said(words), JACKET) == named


def test_the_newest_message_that_names_one_decides() -> None:
    assert named_elsewhere(said("我买的耳机呢", "哦看错了 我买的电饭煲到哪了", "人呢"), COOKER) == ""
    assert named_elsewhere(said("我买的电饭煲到了", "那我买的耳机呢"), COOKER) == "耳机"


def test_cards_name_an_order_or_goods() -> None:
    assert named_elsewhere(said(Part(type="order-card", number="884200009999")), COOKER) == "884200009999"
    assert named_elsewhere(said(Part(type="order-card", number="884200001552")), COOKER) == ""
    assert named_elsewhere(said(Part(type="product-card", name="蓝牙耳机")), COOKER) == "蓝牙耳机"
    assert named_elsewhere(said(Part(type="product-card", name="电饭煲")), COOKER) == ""


def test_without_an_order_nothing_is_elsewhere() -> None:
    assert named_elsewhere(said("我买的耳机呢"), None) == ""
