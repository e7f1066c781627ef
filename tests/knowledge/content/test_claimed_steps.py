"""What counts as saying that work was done, one sentence a rule; the figures are in `tests.bench`."""

import pytest

from agent_tui.knowledge.content.claimed_steps import claimed_steps


@pytest.mark.parametrize(
    "text",
    [
        "我已登记投诉，三个工作日内答复您。",
        "已为您催件。",
        "我已请快递优先派送。",
        "帮您申请好了。",
        "正在为您查询中。",
        "我给您补了一张券，在「我的-优惠券」里。",
        "拦截申请已提交。",
        "同事昨天已经为您登记过。",
        "刚给您打了电话。",
        "我們已經幫您登記退貨。",
        "有帮您备注哦",
        "I have opened an inquiry.",
        "I've asked the courier.",
        "I did ask the warehouse, and they said Thursday.",
        "We’re working with the courier to locate it.",
        "Your case has been escalated to our senior team.",
        "Just checked with my colleague.",
        "{{ customer.name }}您好，已为您备注 ${1:内容}。",
    ],
)
def test_work_said_to_be_done_or_under_way_is_a_claim(text: str) -> None:
    assert list(claimed_steps(text))


@pytest.mark.parametrize(
    "text",
    [
        "可以帮您登记投诉。",
        "需要我帮您催一下吗？",
        "您已付款，等待仓库打包。",
        "您之前提交的退款申请已通过。",
        "系统会自动退回到原支付方式。",
        "订单超时未付款，系统已自动为您取消。",
        "系统检测到异常，已为您取消订单。",
        "包裹已签收。",
        "快递公司正在派送中。",
        "如果已经为您登记过，就不用再提交了。",
        "收到照片后我马上提交给审核。",
        "我问过仓库再回您。",
        "还没有为您提交申请。",
        "价格我改不了。",
        "页面上显示「已为您催单」。",
        "已${1:登记/催件}，${2:时间}前答复。",
        "是不是已经帮您改过一次了？",
        "给您带来不便，抱歉。",
        "I can open an inquiry if you'd like.",
        "Once we have confirmed it, you'll get an email.",
        "We've received your message.",
        "You have already paid.",
        "The courier has attempted delivery twice.",
        "I haven't submitted anything yet.",
        "Have I answered your question?",
    ],
)
def test_offers_states_and_what_others_do_claim_nothing(text: str) -> None:
    assert not list(claimed_steps(text))


def test_the_line_of_a_claim_is_told() -> None:
    [found] = claimed_steps("您好，\n{{ order.number }} 收到。\n我已登记投诉，请放心。")
    assert (found.line, found.words) == (2, "我已登记投诉")
