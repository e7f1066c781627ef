"""A conversation is read in one go: kinds of messages, what is open, and danger, with reasons."""

import pytest

from agent_tui.domain.models import Category
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading import ConversationReading, Kind, Said, read_conversation
from agent_tui.domain.reading.kinds import problems


def talk(*lines: str) -> ConversationReading:
    """The reading of a conversation, a message a line; the shop's begin with `>`."""
    said = [Said(one[1:].strip(), "agent") if one.startswith(">") else Said(one) for one in lines]
    return read_conversation(said)


def kind_after(before: str, text: str) -> Kind:
    last = talk(f">{before}", text).messages[-1] if before else talk(text).messages[-1]
    assert last is not None
    return last.kind


def closes(before: str, text: str) -> bool:
    last = talk(f">{before}", text).messages[-1]
    assert last is not None
    return last.is_closing


def test_the_table_names_only_ideas_that_have_words() -> None:
    assert problems() == ()


def test_each_message_of_the_customer_has_its_kind_and_the_shops_have_none() -> None:
    found = talk("在吗", "> 在的亲", "发票怎么开", "谢谢")
    kinds = [one.kind if one else None for one in found.messages]
    assert kinds == [Kind.GREETING, None, Kind.QUESTION, Kind.THANKS]


@pytest.mark.parametrize(
    ("before", "text", "kind"),
    [
        ("", "你好 在吗", Kind.GREETING),
        ("", "妳好 請問有人嗎", Kind.GREETING),
        ("", "175 75公斤穿多大", Kind.QUESTION),
        ("", "要不要脸 收了钱就不认人", Kind.ANGER),
        ("", "好失望啊 白白期待了", Kind.ANGER),
        ("", "我打12315了", Kind.THREAT),
        ("", "I'LL SEE YOU IN COURT", Kind.THREAT),
        ("请稍等", "还要稍多久", Kind.CHASING),
        ("已反馈", "？", Kind.CHASING),
        ("已帮您登记催件了", "谢谢啦", Kind.THANKS),
        ("最低就是这个价了", "行吧 那算了", Kind.LEAVING),
        ("缺货了", "那算了 帮我取消订单", Kind.LEAVING),
        ("您是会员吗", "是的 金卡", Kind.ANSWER),
        ("Refund or replacement?", "replacement", Kind.ANSWER),
        ("已补发", "👍", Kind.CHATTER),
        ("晚安", "晚安 最后问一句 明天降价吗", Kind.QUESTION),
    ],
)
def test_kinds(before: str, text: str, kind: Kind) -> None:
    assert kind_after(before, text) is kind


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("已登记", "嗯嗯 好的"),
        ("已登记", "謝謝喔"),
        ("还有什么可以帮您", "没有啦 谢谢"),
        ("不支持改价", "好吧 那不买了"),
        ("问题解决了吗", "嗯 解决了"),
        ("已发货", "👌👌"),
        ("It ships tomorrow.", "great, thanks!"),
        ("Anything else?", "nope, all good now"),
    ],
)
def test_closing_words(before: str, text: str) -> None:
    assert closes(before, text)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("已为您申请退款", "好的 那退款呢"),
        ("We've looked into it.", "ok so where is it"),
        ("已经给您退款了", "谢谢 但是我还没收到"),
        ("我帮您问下仓库", "谢谢 问到了马上跟我说哈"),
        ("给您退差价20元可以吗", "行"),
        ("麻烦您确认一下地址", "没错"),
        ("可以退", "不要了"),
        ("明天送到", "好的 放门口就行"),
        ("请提供订单号", "好的 88273100"),
        ("已反馈", "呵呵"),
        ("三天内到账", "知道了 三天没到我再来"),
    ],
)
def test_what_still_wants_something_is_no_closing(before: str, text: str) -> None:
    assert not closes(before, text)


def test_what_is_open_says_where_it_stands() -> None:
    (question,) = talk("在吗", "> 在的亲", "发票怎么开").questions
    assert (question.text, question.at, question.category) == ("发票怎么开", 2, Category.INVOICE)


@pytest.mark.parametrize("nagging", ["人呢", "都多久了 没人管吗", "再不回我直接退款了", "？？？", "hello?"])
@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("发票怎么开", Category.INVOICE),
        ("涂完起一身疹子", Category.QUALITY),
        ("优惠券用不了", Category.COUPON),
    ],
)
def test_nagging_adds_urgency_never_topic(question: str, category: Category, nagging: str) -> None:
    for found in (talk(question, nagging), talk(question, "> 请稍等，我查一下", nagging)):
        assert [one.text for one in found.questions] == [question]
        assert found.category is category


def test_two_questions_in_one_message_are_two() -> None:
    first, second = talk("到哪了 还有发票怎么开").questions
    assert (first.text, second.text) == ("到哪了", "还有发票怎么开")
    assert (first.category, second.category) == (Category.LOGISTICS, Category.INVOICE)


def test_an_answer_that_is_chased_has_settled_nothing() -> None:
    found = talk("发票怎么开", "> 请在订单里申请", "人呢")
    assert [one.text for one in found.questions] == ["发票怎么开"]


def test_closing_words_after_an_answer_settle_what_was_open_but_not_while_we_look() -> None:
    assert talk("发票怎么开", "> 请在订单里申请", "好的谢谢").questions == ()
    assert talk("发票怎么开", "> 稍等，我查一下", "好的").questions != ()


@pytest.mark.parametrize("opening", ["在吗", "你好 有点问题", "[图片]", "hi", "有个事想问"])
def test_a_vague_opening_asks_nothing_and_says_so(opening: str) -> None:
    found = talk(opening)
    assert (found.questions, found.is_vague) == ((), True)


def test_neither_a_question_nor_a_thank_you_is_vague() -> None:
    assert not talk("发票怎么开").is_vague
    assert not talk("> 已登记", "谢谢").is_vague


def test_complaint_is_heard_in_nagging_too() -> None:
    assert talk("发票怎么开", "再不回我就投诉你们").category is Category.COMPLAINT


def test_who_only_chases_is_after_what_runs_for_their_order() -> None:
    chased = [Said("怎么还没好啊")]
    assert read_conversation(chased).category is Category.OTHER
    assert read_conversation(chased, OrderFacts(no_order=False, refunding=True)).category is Category.REFUND
