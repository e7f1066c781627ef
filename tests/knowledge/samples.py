"""A small shelf of entries for tests, and a library over it."""

from agent_tui.knowledge.content.entries import Article, ContentProblem, Entry, Snippet, entry_of
from agent_tui.knowledge.content.sources import Content
from agent_tui.knowledge.library import Library
from agent_tui.knowledge.text.synonyms import SynonymGroup

SNIPPETS = (
    Snippet(
        id="refund-progress",
        title="退款进度",
        category="refund",
        shortcut="tkjd",
        body="{{ customer.name }}您好，订单 {{ order.number }} 的退款预计 ${1:到账时间} 到账。",
        needs=("order.number",),
        tags=("到账",),
    ),
    Snippet(
        id="refund-time",
        title="退款多久到账",
        category="refund",
        body="支付宝 24 小时内，信用卡 3-7 个工作日。",
    ),
    Snippet(
        id="ship-when", title="什么时候发货", category="logistics", body="付款后 48 小时内发货，请放心。"
    ),
    Snippet(
        id="urge-courier",
        title="已请快递加急",
        category="logistics",
        body="已经请快递优先派送，到了会有短信。",
        does="在快递后台提交加急",
    ),
    Snippet(
        id="unshipped-in-time",
        title="未发货：还在承诺期内",
        category="order",
        body="还没到承诺时间，会按时发出。",
        true_when="paid and not overdue",
    ),
    Snippet(
        id="live-only", title="直播间福袋", category="live", channels=("live",), body="福袋在直播结束后开。"
    ),
    Snippet(
        id="hello-en", title="Greeting", category="other", language="en", body="Hello {{ customer.name }}!"
    ),
    Snippet(id="broken", title="写坏的短语", category="other", body="{{ customer.name"),
)
ARTICLES = (
    Article(
        id="case-stuck",
        title="物流停滞超过 48 小时",
        category="logistics",
        similar=("快递三天没动了", "物流一直不更新怎么回事", "我的包裹卡在中转站了"),
        problem="包裹不动了",
        cause="中转积压",
        script="已为您催促快递，今天 ${1:时间} 前回复您。",
        result="催件",
    ),
)
ENTRIES = tuple(entry_of(one, "built-in") for one in (*SNIPPETS, *ARTICLES))
SYNONYMS = (SynonymGroup(name="refund", typed=("退款", "退钱"), meant=("退款", "退钱")),)


class Shelf:
    """Sources that a test can change."""

    def __init__(
        self, entries: tuple[Entry, ...] = ENTRIES, problems: tuple[ContentProblem, ...] = ()
    ) -> None:
        self.entries = entries
        self.problems = problems
        self.reads = 0

    def read(self) -> Content:
        """What there is."""
        self.reads += 1
        return Content(entries=self.entries, synonyms=SYNONYMS, problems=self.problems)

    def fingerprint(self) -> object:
        """Differs when the entries do."""
        return self.entries


def library(**options: object) -> Library:
    """A library over the small shelf, loaded."""
    made = Library(Shelf(), **options)  # type: ignore[arg-type]
    made.refresh()
    made.relearn()
    return made
