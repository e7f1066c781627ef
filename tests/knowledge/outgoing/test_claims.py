"""Words held against the order: what contradicts it is marked, what is asked, supposed or usual is not."""

from datetime import timedelta
from typing import Any

import pytest

from agent_tui.domain.orders import Order, Parcel, Refund
from agent_tui.knowledge.outgoing.claims import clauses
from agent_tui.knowledge.outgoing.rules import OutgoingContext, Rules
from tests.domain.make import NOON

RULES = Rules.built_in().claiming()
DAY = timedelta(days=1)


def order(status: str, **more: Any) -> Order:
    times = {"paid_at": NOON - 4 * DAY, "ship_by": NOON + DAY}
    return Order(**{"number": "1", "customer": "c1", "status": status, "total": "129.00", **times, **more})


def parcel(status: str, carrier: str = "顺丰速运", **more: Any) -> tuple[Parcel, ...]:
    return (Parcel(number="SF1", carrier=carrier, status=status, **more),)


ORDERS = {
    "unpaid": order("unpaid"),
    "unshipped": order("paid"),
    "overdue": order("paid", ship_by=NOON - 2 * DAY),
    "moving": order("shipped", parcels=parcel("in_transit")),
    "delivered": order("delivered", parcels=parcel("delivered", delivered_at=NOON - 2 * DAY)),
    "refunding": order("returning", refund=Refund(amount="99.00", status="requested")),
    "approved": order("returning", refund=Refund(amount="99.00", status="approved")),
    "refunded": order("refunded", refund=Refund(amount="99.00", status="paid")),
    "cancelled": order("cancelled"),
}


def found(text: str, state: str) -> list[str]:
    context = OutgoingContext(order=ORDERS[state], now=NOON)
    return [one.rule for one in RULES.check(text, context)]


DENIED = [
    ("unshipped", "亲，您的宝贝昨天已经发货啦", "claim-shipped"),
    ("unshipped", "您的快递在路上了，别急", "claim-shipped"),
    ("unshipped", "Good news, your order has already shipped.", "claim-shipped"),
    ("moving", "这单还没有发货，可以直接取消", "claim-not-shipped"),
    ("moving", "您的包裹昨天已签收", "claim-delivered"),
    ("delivered", "包裹明天送到，请留意电话", "claim-on-its-way"),
    ("refunding", "99元已经退回您的微信", "claim-refund-paid"),
    ("refunding", "您的退款已经审核通过", "claim-refund-approved"),
    ("refunded", "退款正在处理中", "claim-refund-open"),
    ("refunding", "系统显示您没有申请过退款", "claim-no-refund"),
    ("unpaid", "您的付款已成功", "claim-paid"),
    ("moving", "这单您还没付款", "claim-unpaid"),
    ("overdue", "还在承诺的发货时间内，请您放心", "claim-in-time"),
    ("delivered", "已经超过七天无理由了", ""),
    ("delivered", "签收过了7天，退不了了", "claim-return-period-over"),
    ("cancelled", "明天给您发货", "claim-open-order"),
    ("moving", "这单走的是圆通", "wrong-carrier"),
    ("approved", "退款金额129元", "wrong-sum"),
    ("unshipped", "最晚11月9日发出", "passed-day"),
    ("moving", "快递正在派送，请保持电话畅通", "claim-out-for-delivery"),
    ("approved", "您的退款还在审核", "claim-refund-in-review"),
    ("refunded", "您的退款被拒绝了", "claim-refund-declined"),
    ("moving", "订单已经取消", "claim-cancelled"),
    ("unshipped", "已经发货了，还有什么可以帮您的吗", "claim-shipped"),
    ("unshipped", "让您久等了您的订单已发货", "claim-shipped"),
    ("unshipped", "Your order shipped yesterday.", "claim-shipped"),
    ("refunding", "We refunded you yesterday.", "claim-refund-paid"),
    ("unshipped", "您实付1,299元", "wrong-sum"),
]


def test_every_rule_that_holds_words_against_orders_has_a_case() -> None:
    assert {rule for _, _, rule in DENIED if rule} == set(RULES.ids)


@pytest.mark.parametrize(("state", "text", "rule"), DENIED)
def test_what_the_order_denies_is_marked(state: str, text: str, rule: str) -> None:
    assert found(text, state) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("unshipped", "还没有发货，最晚明天发出"),
        ("unshipped", "发货后会发您单号，一般三天到"),
        ("unshipped", "如果已经发货，可以拒收"),
        ("unshipped", "您是收到发货短信了吗？"),
        ("unshipped", "您说已经发货了，我看还没有"),
        ("unshipped", "已发货的订单改不了地址"),
        ("unshipped", "It hasn't left our warehouse yet."),
        ("unshipped", "原定11月9日发出，我们晚了"),
        ("moving", "没发货的订单可以取消，这单在路上了"),
        ("moving", "送达后会有短信"),
        ("moving", "这单走的顺丰"),
        ("moving", "换货的话可以发圆通"),
        ("refunding", "退款审核通过后原路退回"),
        ("refunding", "退款99元正在审核"),
        ("refunded", "99元已经退回您的微信"),
        ("delivered", "退货寄出后把单号发我，还没送到仓库前查不到"),
        ("delivered", "签收两天，还在七天内"),
        ("unshipped", "我们会在2日内发货"),
        ("moving", "预计2日送达"),
        ("delivered", "补发的包裹明天送到"),
        ("delivered", "Your replacement will arrive tomorrow."),
        ("cancelled", "新的订单明天发货"),
        ("overdue", "没能在承诺时间内发货，非常抱歉"),
        ("overdue", "不是没有超时，是我们超时了"),
        ("refunding", "退货申请已通过，请寄回"),
        ("refunding", "已经同意您退货"),
        ("unshipped", "已经帮您催促仓库尽快发货了"),
        ("unshipped", "已备注优先发货"),
        ("unshipped", "发货了我第一时间通知您"),
        ("unshipped", "您的发票已经寄出"),
        ("moving", "没有收到付款截图"),
        ("unpaid", "付款成功会有短信提醒"),
        ("unshipped", "您实付129.00元"),
        ("unshipped", "已经发货了，对吗？"),
    ],
)
def test_what_the_order_does_not_deny_is_left_alone(state: str, text: str) -> None:
    assert found(text, state) == []


def test_without_an_order_nothing_is_denied() -> None:
    assert RULES.check("已经发货，明天送到", OutgoingContext(now=NOON)) == []


def test_what_is_asked_supposed_or_quoted_is_no_claim() -> None:
    said = "已经发货。收到了吗？如果没收到，那已经丢了。您说签收了，我查查"
    assert [one.text for one in clauses(said)] == ["已经发货", "我查查"]


def test_a_text_without_claims_needs_no_order() -> None:
    assert not RULES.may_claim("您好，请问有什么可以帮您")
    assert RULES.may_claim("已经发货了")
    assert RULES.may_claim("11月9日前")


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("out for delivery", "Your parcel is out for delivery."),
        ("派送中，快递员正在送往您的地址", "快递正在派送，请留意电话"),
    ],
)
def test_what_the_last_scan_says_is_no_contradiction(event: str, text: str) -> None:
    """A parcel's state may come later than its scans."""
    scanned = order("shipped", parcels=parcel("in_transit", last_event=event))
    assert not RULES.check(text, OutgoingContext(order=scanned, now=NOON))
    assert found(text, "moving") == ["claim-out-for-delivery"]


def test_what_follows_or_is_supposed() -> None:
    said = "到时仍没更新，或订单已经关闭，钱会在 24 小时内原路退回"
    assert found(said, "unshipped") == []
    assert found("订单已经关闭，钱会退回", "unshipped") != []
