"""What a customer's words are read as: by category and by field, and what must never get lost."""

import tomllib
from pathlib import Path

import pytest

from agent_tui.domain.models import Category, Class, Mood
from agent_tui.domain.reading import problems, read
from agent_tui.domain.reading.spelling import LONGEST, spelled

SAID = tomllib.loads(Path(__file__).with_name("reading_said.toml").read_text("utf-8"))


def test_the_table_names_only_ideas_that_have_words() -> None:
    assert problems() == ()


def test_nine_of_ten_sentences_are_read_as_meant() -> None:
    meant = [(category, text) for category, texts in SAID.items() for text in texts]
    right = sum(read([text]).category == category for category, text in meant)
    assert right / len(meant) > 0.9


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("今天能送到吗", Category.LOGISTICS),
        ("什么时候发货", Category.LOGISTICS),
        ("预售的什么时候发", Category.LOGISTICS),
        ("尾款什么时候付", Category.PROMOTION),
        ("定金能退吗", Category.PROMOTION),
        ("拍错了 取消", Category.ORDER),
        ("发票什么时候开", Category.INVOICE),
        ("主播说送的东西没给", Category.LIVE),
        ("直播间买的小了 能换吗", Category.LIVE),
        ("福袋怎么领", Category.LIVE),
        ("where is my refund", Category.REFUND),
        ("the issue is the suede", Category.OTHER),
        ("我的手机 13812345678", Category.OTHER),
        ("你好", Category.OTHER),
        ("", Category.OTHER),
    ],
)
def test_categories(text: str, category: Category) -> None:
    assert read([text]).category is category


@pytest.mark.parametrize("category", ["complaint", "risk"])
def test_who_threatens_or_is_defrauded_is_never_read_as_goods(category: str) -> None:
    lost = [text for text in SAID[category] if read([text]).category.value not in ("complaint", "risk")]
    assert lost == []


@pytest.mark.parametrize(
    "goods", ["快递三天没动了 退款也不退 换货也不换", "直播间买的优惠券用不了 主播说送的赠品没给"]
)
@pytest.mark.parametrize(
    "grave", ["我要投诉", "我打12315", "叫你们领导来", "账号被盗了", "有人打电话让我转账"]
)
def test_a_grave_word_wins_over_any_number_of_words_about_goods(goods: str, grave: str) -> None:
    assert read([grave, goods]).category in (Category.COMPLAINT, Category.RISK)
    assert read([goods, grave]).category in (Category.COMPLAINT, Category.RISK)


def test_the_last_message_counts_more_than_the_first() -> None:
    assert read(["什么时候发货", "发票怎么开"]).category is Category.INVOICE
    assert read(["怎么开发票", "快递到哪了"]).category is Category.LOGISTICS
    assert read(["快递到哪了", "好的谢谢"]).category is Category.LOGISTICS


def test_it_says_which_ideas_spoke() -> None:
    assert read(["什么时候发货"]).because[0] == "ship when"


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("什么时候发货", Mood.CALM),
        ("不急 慢慢来", Mood.CALM),
        ("尺码偏大 想换小一号", Mood.CALM),
        ("颜色和图片有点不一样", Mood.CALM),
        ("急 催一下", Mood.ANXIOUS),
        ("人呢 在不在", Mood.ANXIOUS),
        ("什么垃圾店", Mood.ANGRY),
        ("你们管不管", Mood.ANGRY),
    ],
)
def test_moods(text: str, mood: Mood) -> None:
    assert read([text]).mood is mood


def test_who_is_hurt_needs_an_expert() -> None:
    found = read(["面霜用了过敏 脸都红了"])
    assert (found.category, found.class_, found.is_urgent) == (Category.QUALITY, Class.TECHNICAL, True)


@pytest.mark.parametrize("piece", ["没有着火", "1", "长", "😀", "？", "哈"])
def test_only_the_ends_of_a_very_long_message_are_read(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    assert len(spelled(text)) <= LONGEST + 1
    assert spelled(f"退款{text}发票").startswith("退款")
    assert spelled(f"退款{text}发票").endswith("发票")
