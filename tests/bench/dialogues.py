"""Made-up shop conversations for the recommendation bench: topics, habits and noise, none of it real.

Every conversation has a topic; the customer words it from a stock of phrases, most of them shared between
topics; the agent sends standard answers whose use is unequal, partly decided by the topic, partly by what
was sent just before. The best any model can do is therefore far from always right, as in a real shop.
"""

import random
from collections.abc import Iterator

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.usage_log import Said, Usage

# fmt: off
_NOUNS = (
    "快递", "退款", "订单", "发票", "优惠券", "地址", "尺码", "颜色", "赠品", "定金",
    "尾款", "价格", "运费", "客服", "仓库", "包裹", "物流", "账号", "积分", "会员",
    "商品", "质量", "破损", "发货", "换货", "退货", "付款", "支付宝", "花呗", "活动",
    "满减", "直播", "链接", "库存", "预售", "评价", "保修", "安装", "配送", "签收",
)
_VERBS = (
    "怎么", "什么时候", "为什么", "能不能", "可以", "不能", "没有", "已经", "还没", "需要",
    "申请", "取消", "修改", "查", "补", "催", "开", "退", "换", "用",
)
_CHATTER = (
    "在吗", "你好", "好的", "谢谢", "嗯嗯", "快点", "？？", "亲", "人呢", "急",
    "哦", "知道了", "麻烦了", "怎么回事", "行吧", "等等", "不对", "啊",
)
_ENDINGS = (
    "", "了", "吗", "呢",
)
# fmt: on


class Shop:
    """A made-up shop: entries, topics with their own words, and the habit of what follows what."""

    def __init__(self, seed: int, entries: int = 164, topics: int = 60) -> None:
        self._random = random.Random(seed)
        pick = self._random
        self._phrases = [
            "".join(map(pick.choice, (_NOUNS, _VERBS, _NOUNS, _ENDINGS))) for _ in range(topics * 12)
        ]
        self._words = [pick.sample(range(len(self._phrases)), 14) for _ in range(topics)]
        self._use = [1 / (rank + 3) for rank in range(entries)]
        self._fits = [pick.choices(range(entries), self._use, k=6) for _ in range(topics)]
        self._follows = [pick.choices(range(entries), self._use, k=3) for _ in range(entries)]
        self.entries = [self._entry(number) for number in range(entries)]

    def _entry(self, number: int) -> Entry:
        pick = self._random
        body = "，".join(pick.choice(self._phrases) for _ in range(4)) + "。"
        title = f"{pick.choice(_NOUNS)}{number}"
        return Entry(id=f"s{number}", kind="snippet", title=title, text=f"您好，{body}")

    def conversations(self) -> Iterator[list[Usage]]:
        """Conversations without end, each as the usages that arise in it."""
        while True:
            yield self._conversation()

    def _conversation(self) -> list[Usage]:
        pick = self._random
        topic = pick.randrange(len(self._words))
        said: list[Said] = []
        usages: list[Usage] = []
        sent = None
        for _ in range(pick.randint(2, 7)):
            said.extend(Said(self._customer(topic), "customer") for _ in range(pick.choice([1, 1, 2, 3])))
            sent = self._answer(topic, sent)
            if pick.random() < 0.55:
                usages.append(Usage(entry=f"s{sent}", messages=tuple(said[-10:])))
                said.append(Said(self.entries[sent].text, "agent"))
            else:
                said.append(Said(pick.choice(_CHATTER) + pick.choice(self._phrases), "agent"))
        return usages

    def _customer(self, topic: int) -> str:
        pick = self._random
        if pick.random() < 0.25:
            return pick.choice(_CHATTER)
        stock = self._words[topic] if pick.random() < 0.85 else range(len(self._phrases))
        phrase = list(self._phrases[pick.choice(stock)])
        if pick.random() < 0.4 and len(phrase) > 2:
            del phrase[pick.randrange(len(phrase))]
        return "".join(phrase) + (str(pick.randint(1, 99999)) if pick.random() < 0.1 else "")

    def _answer(self, topic: int, before: int | None) -> int:
        pick = self._random
        chance = pick.random()
        if chance < 0.1:
            return pick.choices(range(len(self._use)), self._use)[0]
        if before is not None and chance < 0.3:
            return pick.choices(self._follows[before], [4, 2, 1])[0]
        return pick.choices(self._fits[topic], [9, 4, 2, 1, 1, 1])[0]
