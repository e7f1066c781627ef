"""What the outgoing rules must mark, and what they must leave alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_tui.errors import BadSettings
from agent_tui.knowledge.errors import RulesError
from agent_tui.knowledge.outgoing.rules import Finding, OutgoingContext, Rules, context_of, strictest

RULES = Rules.built_in()
TICKET = OutgoingContext(
    customer="王敏",
    numbers=("884212345678900017", "SF1234567890123"),
    phones=("13812345678",),
    contacts=("何经理", "400-820-8820", "021-66668888"),
    domains=("example-shop.com",),
    amounts=("399.00",),
    other_names=("陈晓红",),
)

HIT = [
    ("contact-wechat", "您加我微信吧，我发您图"),
    ("contact-wechat", "加一下客服微信 abc_2026"),
    ("contact-wechat", "V 信：kefu2026"),
    ("contact-wechat", "ＶＸ: kefu2026"),
    ("contact-wechat", "加薇❤薇信聊"),
    ("contact-wechat", "我的微 信 号 是 kefu"),
    ("contact-wechat", "麻煩加我微信"),
    ("contact-wechat", "可以加v聊"),
    ("contact-wechat", "搜我们卫星号 abc2026"),
    ("contact-wechat", "please add me on WhatsApp"),
    ("contact-qq", "加我QQ 12345678"),
    ("contact-qq", "ｑｑ群：987654321"),
    ("contact-qq", "联系扣扣 1234567"),
    ("contact-phone", "打这个电话 13900001111"),
    ("contact-phone", "1 3 9-0000-1111 找我"),
    ("contact-phone", "一三九零零零零一一一一"),
    ("contact-phone", "座机 0571-88886666"),
    ("contact-bank-card", "转到 6222 0212 3456 7890 128"),
    ("contact-link", "点这里 https://evil.example.net/pay"),
    ("contact-link", "https://example-shop.com@evil.com/x"),
    ("contact-link", "看 abc.shop/123"),
    ("contact-private-deal", "您直接转到我支付宝就行"),
    ("contact-private-deal", "咱们绕开平台更便宜"),
    ("ads-superlative", "这是全网最低价"),
    ("ads-superlative", "我们的质量是最好的"),
    ("ads-superlative", "国家级品质"),
    ("ads-superlative", "最 佳 选择"),
    ("ads-superlative", "销量第一的面膜"),
    ("ads-superlative", "最便宜的一款"),
    ("ads-superlative", "100%有效"),
    ("ads-superlative", "it is the cheapest in the world"),
    ("review-paid", "好评返现5元"),
    ("review-paid", "五星好评后联系我们领红包"),
    ("review-paid", "晒图就返 3 元"),
    ("review-paid", "您把差评删掉，我们退您20元"),
    ("review-paid", "补偿您10元，麻烦改一下评价"),
    ("review-paid", "给您返5元，帮忙给个五星好评"),
    ("review-paid", "a $5 coupon for a 5-star review"),
    ("promise-time", "保证今天到"),
    ("promise-time", "保证您明天一定收到"),
    ("promise-time", "明天肯定到"),
    ("promise-time", "绝对24小时内发货"),
    ("promise-time", "包您三天内收到"),
    ("promise-time", "We guarantee it arrives tomorrow"),
    ("promise-quality", "保证没有任何质量问题"),
    ("promise-quality", "终身保修的"),
    ("data-name", "李女士您好"),
    ("data-name", "张小明先生您好"),
    ("data-name", "陈晓红您好，退款已提交"),
    ("data-number", "您的订单 778812345678900018 已发货"),
    ("data-number", "单号 YT9876543210987"),
    ("money-compensation", "我们补偿您 80 元"),
    ("money-compensation", "送您一张100元的无门槛券"),
    ("money-compensation", "a goodwill voucher of $80"),
]

PASS = [
    ("contact-wechat", "微信支付的退款 24 小时内回零钱"),
    ("contact-wechat", "在微信「我-服务-钱包-账单」里能看到"),
    ("contact-wechat", "已原路退到您的微信零钱"),
    ("contact-wechat", "请不要加任何人的微信"),
    ("contact-wechat", "尺寸是 5v 的，wxga 屏幕"),
    ("contact-qq", "QQ音乐会员卡"),
    ("contact-qq", "不要加 QQ 群，我们不会这样联系您"),
    ("contact-phone", "可以拨打 400-820-8820"),
    ("contact-phone", "您登记的是 13812345678"),
    ("contact-phone", "留的是 138****5678"),
    ("contact-phone", "订单 884212345678900017"),
    ("contact-bank-card", "订单 884212345678900017"),
    ("contact-bank-card", "尾号 0003 的卡"),
    ("contact-link", "看 https://help.example-shop.com/return"),
    ("contact-link", "版本 2.5.1，尺寸 3.14"),
    ("contact-private-deal", "凡是让您转账给我们的都是诈骗"),
    ("ads-superlative", "最近物流慢，最晚明天更新最新物流"),
    ("ads-superlative", "第一时间通知您，最后一步在订单页"),
    ("ads-superlative", "您最好今天申请，最多 15 天"),
    ("ads-superlative", "最早一批的预计时间"),
    ("review-paid", "我们不支持好评返现"),
    ("review-paid", "好评返现是违规的，可以举报"),
    ("review-paid", "退货后评价不受影响"),
    ("review-paid", "感谢您的五星好评"),
    ("promise-time", "不能保证今天到"),
    ("promise-time", "我一定跟进，明天 12 点前回复您进度"),
    ("promise-time", "包裹今天已到杭州"),
    ("promise-time", "保证金三天内退回"),
    ("promise-time", "预计明天送达，到时没到我帮您催"),
    ("promise-quality", "我们无法保证没有色差"),
    ("data-name", "王女士您好"),
    ("data-name", "何女士（经理）会联系您"),
    ("data-name", "这位女士您好，各位先生"),
    ("data-number", "订单 884212345678900017 和 SF1234567890123"),
    ("data-number", "尾号 900017"),
    ("data-number", "电话 13812345678"),
    ("money-compensation", "补偿您 20 元"),
    ("money-compensation", "退款 399.00 元已提交"),
    ("money-compensation", "优惠券满300元减20元"),
    ("money-compensation", "退差价 120 元"),
]


def rules_hit(text: str, context: OutgoingContext = TICKET) -> set[str]:
    return {finding.rule for finding in RULES.check(text, context)}


@pytest.mark.parametrize(("rule", "text"), HIT)
def test_a_rule_marks_what_must_not_go_out(rule: str, text: str) -> None:
    assert rule in rules_hit(text)


@pytest.mark.parametrize(("rule", "text"), PASS)
def test_a_rule_leaves_harmless_text_alone(rule: str, text: str) -> None:
    assert rule not in rules_hit(text)


def test_every_rule_has_both_cases() -> None:
    of_words = set(RULES.ids) - set(RULES.claiming().ids)  # those have theirs beside their orders
    assert {rule for rule, _ in HIT} == {rule for rule, _ in PASS} == of_words


def finding(text: str, rule: str, context: OutgoingContext = TICKET) -> Finding:
    return next(found for found in RULES.check(text, context) if found.rule == rule)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("好的，Ｖ 信 聊", "Ｖ 信"),
        ("打 1 3 9-0000 1111 吧", "1 3 9-0000 1111"),
        ("是\u200b最\u200b佳的", "最\u200b佳"),
    ],
)
def test_marks_the_place_in_the_text_as_typed(text: str, marked: str) -> None:
    assert marked in {text[found.start : found.end] for found in RULES.check(text, TICKET)}


def test_role_and_channel_change_the_action() -> None:
    text = "加我微信聊"
    actions = [
        finding(text, "contact-wechat", OutgoingContext(role=role, channel=channel)).action
        for role, channel in (("agent", "web"), ("agent", "wechat"), ("helper", "web"), ("helper", "wechat"))
    ]
    assert actions == ["ask", "hint", "refuse", "refuse"]


def test_limit_follows_the_role_unless_given() -> None:
    text = "补偿您 30 元"
    assert "money-compensation" not in rules_hit(text, OutgoingContext(role="agent"))
    assert finding(text, "money-compensation", OutgoingContext(role="helper")).action == "refuse"
    assert "money-compensation" not in rules_hit(text, OutgoingContext(role="admin"))
    assert "money-compensation" in rules_hit(text, OutgoingContext(compensation_limit=20))


def test_without_a_ticket_nothing_is_called_foreign() -> None:
    assert rules_hit("张女士您好，订单 884212345678900017", OutgoingContext()) == set()


def test_context_from_a_tickets_values() -> None:
    values = {
        "customer.name": "王敏",
        "order.number": "8842",
        "contact.director.phone": "400",
        "refund.amount": None,
    }
    context = context_of(values, role="lead", channel="web")
    assert context.customer == "王敏"
    assert context.numbers == ("8842",)
    assert context.contacts == ("400",)
    assert (context.role, context.channel, context.amounts) == ("lead", "web", ())


def test_strictest_counts() -> None:
    assert strictest(RULES.check("加我微信，好评返现5元")) == "refuse"
    assert strictest([]) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"version = ", "toml-syntax"),
        (b"[[rule]]\nid = 'a'\nzh = ''\nen = ''\nkind = 'wish'", "toml-choice"),
        (b"[[rule]]\nid = 'a'\nzh = ''\nen = ''\npatterns = ['(']", "pattern"),
        (b"[[rule]]\nid = 'a'\nzh = ''\nen = ''\n[[rule]]\nid = 'a'\nzh = ''\nen = ''", "duplicate"),
        (b"\xff", "toml-not-utf8"),
    ],
)
def test_a_bad_file_says_what_is_wrong(data: bytes, code: str) -> None:
    with pytest.raises((RulesError, BadSettings)) as caught:
        Rules.load(data)
    assert caught.value.code == code


def test_off_is_off() -> None:
    rules = Rules.load("[[rule]]\nid = 'a'\nzh = ''\nen = ''\naction = 'off'\npatterns = ['坏']".encode())
    assert rules.check("坏") == []


@settings(max_examples=150)
@given(st.text(max_size=400))
def test_any_text_can_be_checked(text: str) -> None:
    for found in RULES.check(text, TICKET):
        assert 0 <= found.start < found.end <= len(text)
