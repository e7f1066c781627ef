"""Whether a customer asks about this order: numbers, goods and words that name another one; pure.

A ticket knows one order. Where the customer names what is not in it, nobody may answer from it unasked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from agent_tui.domain.models import Message
from agent_tui.domain.orders import Order

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,4}\d{9,20}(?![0-9A-Za-z])")
_PHONE = re.compile(r"1[3-9]\d{9}")
_TAIL = re.compile(r"(?:订单|单号|单)(?:的)?(?:尾号|后四位)(?:是|为|：|:)?\s*(\d{4})(?!\d)")
_OTHER = re.compile(
    r"另外?(?:一|那|的)?个?(?:单|订单)|(?:还有|别的)(?:一个?|那个?)?(?:单|订单)|不是这(?:一?单|个订单)"
    r"|\b(?:the|my) other order\b|\banother order\b|\bnot this order\b",
    re.IGNORECASE,
)
_GOODS_ZH = re.compile(r"(?:买|拍|订|下单)的(?:那个|那件|那双|那台|那条|这个)?([\u4e00-\u9fff]{2,8})")
_ENDS_ZH = re.compile(
    "怎么|什么|啥|咋|还|为|到|发|没|有|能|可以|要|坏|在|是|呢|吗|了|的|就|都|不|退|换|和|跟"
)
_ANY_ZH = re.compile("东西|宝贝|货|商品|产品|订单|包裹|快递|单子|那个|这个|时候|人|你们|您")
_GOODS_EN = re.compile(
    r"\b(?:my|the) ((?:[a-z-]+ ){0,2}[a-z-]+)"
    r" (?:i (?:bought|ordered)|is|has|was|still|arrived|came|right)\b"
)
_ANY_EN = frozenset(
    ("account", "address", "app", "bank", "card", "carrier", "coupon", "courier", "delivery", "driver",
     "email", "invoice", "item", "items", "money", "name", "number", "order", "orders", "package", "parcel",
     "payment", "phone", "refund", "shipment", "status", "stuff", "thing", "tracking", "website")
)  # fmt: skip


def named_elsewhere(said: Iterable[Message], order: Order | None) -> str:
    """What the messages of a customer name that is not of `order`, as they put it; empty where nothing is,
    or no order is known. The newest message that names an order's number or goods decides."""
    if order is None:
        return ""
    for message in reversed(list(said)):
        named = list(_named(message, order))
        if named:
            return next((words for words, is_here in named if not is_here), "")
    return ""


def _named(message: Message, order: Order) -> Iterator[tuple[str, bool]]:
    """What one message names, each with whether it is of this order; cards before words."""
    numbers = [order.number, *(parcel.number for parcel in order.parcels)]
    goods = [item.name for item in order.items if item.name]
    for part in message.parts:
        if part.type == "order-card" and part.number:
            yield part.number, part.number in numbers
        if part.type == "product-card" and part.name and goods:
            yield part.name, any(part.name in one or one in part.name for one in goods)
        if part.type == "text":
            yield from _in_words(part.text, numbers, goods)


def _in_words(text: str, numbers: Sequence[str], goods: Sequence[str]) -> Iterator[tuple[str, bool]]:
    for found in _NUMBER.finditer(text):
        if not _PHONE.fullmatch(found[0]):
            yield found[0], found[0].upper() in {one.upper() for one in numbers}
    for found in _TAIL.finditer(text):
        yield found[1], any(one.endswith(found[1]) for one in numbers)
    if found_other := _OTHER.search(text):
        yield found_other[0], False
    yield from _goods(text, " ".join(goods).lower())


def _goods(text: str, goods: str) -> Iterator[tuple[str, bool]]:
    """Goods in the customer's words, compared with those of the order where both are in one language."""
    if re.search(r"[\u4e00-\u9fff]", goods):
        for found in _GOODS_ZH.finditer(text):
            thing = _ENDS_ZH.split(found[1])[0]
            if len(thing) >= 2 and not _ANY_ZH.search(thing):
                yield thing, any(character in goods for character in thing)
    elif goods:
        for found in _GOODS_EN.finditer(text.lower()):
            words = found[1].split()
            if _ANY_EN.isdisjoint(words):
                yield found[1], any(word.rstrip("s") in goods for word in words if len(word) > 2)
