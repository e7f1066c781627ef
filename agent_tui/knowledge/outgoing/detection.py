"""Detectors for what no pattern tells: whose phone, number, name, link, card (Luhn) or money it is."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from agent_tui.domain.orders import Order
from agent_tui.knowledge.outgoing import claims
from agent_tui.knowledge.outgoing.obfuscation import SPACES, PlainText, joined

_NUMERALS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_PHONE = re.compile(r"(?<!\d)(?:(?:86)?(1[3-9]\d{9})|(0(?:10|2\d|[3-9]\d{2})\d{7,8})|([48]00\d{7}))(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:62|4\d|5[1-5])\d{14,17}(?!\d)")
_NUMBER = re.compile(r"(?<![0-9a-z])[a-z]{0,4}\d{9,20}(?![0-9a-z])")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\u9fff,。，]+"
    r"|(?<![a-z0-9.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|shop|xyz|cc|vip|io|link|site|club|app|store|ltd|tv)"
    r"(?![a-z0-9])(?:/[^\s\u3000-\u9fff,。，]*)?"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜戚谢邹喻柏苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤"
    "滕罗毕郝邬安常乐于傅皮卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路娄江童颜郭梅盛林钟徐邱骆"
    "高夏蔡田樊胡凌霍虞万柯管卢莫房解应丁邓洪包左石崔吉龚程邢裴陆荣翁段侯全班宁仇甘武刘景詹龙叶黎白赖卓池乔曾关游简尤温肖涂"
)
_TITLED = re.compile(rf"([{_SURNAMES}])([\u4e00-\u9fff]{{0,2}})(?:先生|女士|小姐|太太)")


class OutgoingContext(Struct, frozen=True, kw_only=True):
    """What the rules need to know of the ticket and the sender; everything may be left out.

    `numbers` are this ticket's order and parcel numbers, `phones` the customer's own, `contacts` the names
    and phones of the shop's people, `domains` the shop's own; `amounts` are sums the ticket itself holds
    (order total, refund). `other_names` and `other_numbers` belong to the sender's other open tickets.
    `compensation_limit` overrides the limit of the role. `order` and `now` are what claims are held against,
    none where they are not known.
    """

    channel: str = ""
    role: str = "agent"
    customer: str = ""
    numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    compensation_limit: float | None = None
    order: Order | None = None
    now: datetime | None = None


class TextViews(Struct, frozen=True):
    """One text seen three ways: as it is, without spaces, and without any separators inside words."""

    plain: PlainText
    close: PlainText
    tight: PlainText


def views(text: PlainText) -> TextViews:
    """The three views of a normalized text."""
    return TextViews(text, joined(text, SPACES), joined(text))


def phones(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Phone numbers that are neither the customer's nor the shop's, also in Chinese numerals."""
    allowed = {_digits(known)[-11:] for known in (*context.phones, *context.contacts) if known}
    own = {_digits(number) for number in context.numbers}
    for found in _PHONE.finditer(text.tight.text.translate(_NUMERALS)):
        number = found[1] or found[2] or found[3]
        if number not in allowed and number not in own:
            yield text.tight.span(*found.span())


def cards(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Bank card numbers: the right length and beginning, and a right check digit."""
    own = {_digits(number) for number in context.numbers}
    for found in _CARD.finditer(text.tight.text):
        if found[0] not in own and _passes_luhn(found[0]):
            yield text.tight.span(*found.span())


def links(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Links and addresses that do not lead to the shop's own domains."""
    own = tuple(domain.lower().lstrip(".") for domain in context.domains)
    for found in _LINK.finditer(text.plain.text):
        host = re.split(r"[/?#]", found[0].split("://")[-1])[0].rsplit("@", 1)[-1].split(":")[0].rstrip(".")
        if not any(host == domain or host.endswith(f".{domain}") for domain in own):
            yield text.plain.span(*found.span())


def names(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Another customer's name, or a form of address with a surname this customer does not have."""
    customer, view = context.customer.strip(), text.close
    for other in context.other_names:
        if len(other) >= 2 and other not in customer and "*" not in other:
            yield from (view.span(*found.span()) for found in re.finditer(re.escape(other), view.text))
    if customer[:1] not in _SURNAMES or not customer:
        return
    known = {name[:1] for name in (customer, *context.contacts)}
    for found in _TITLED.finditer(view.text):
        if known.isdisjoint(found[1] + found[2]):
            yield view.span(*found.span())


def numbers(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Order and parcel numbers that are not this ticket's."""
    if not (context.customer or context.numbers or context.other_numbers):
        return
    own = [_bare(number) for number in context.numbers if number]
    spoken = {_digits(known) for known in (*context.phones, *context.contacts)}
    for found in _NUMBER.finditer(text.tight.text):
        number = found[0]
        is_other_kind = _PHONE.fullmatch(number) or (_CARD.fullmatch(number) and _passes_luhn(number))
        if number in spoken or is_other_kind or any(number in known or known in number for known in own):
            continue
        yield text.tight.span(*found.span())


def sums(
    text: TextViews, context: OutgoingContext, patterns: Iterable[re.Pattern[str]], limit: float | None
) -> Iterator[tuple[int, int]]:
    """Offers of money above `limit`; sums the ticket itself holds are not offers."""
    if limit is None:
        return
    held = {float(amount) for amount in context.amounts if re.fullmatch(r"\d+(?:\.\d+)?", amount)}
    for pattern in patterns:
        for found in pattern.finditer(text.close.text):
            group = next(name for name, value in found.groupdict().items() if value)
            if (amount := float(found[group])) > limit and amount not in held:
                yield text.close.span(*found.span(group))


def passed_days(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Days that are promised and have passed."""
    return iter(()) if context.now is None else claims.passed_days(text.close, context.now)


def wrong_sums(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Sums said to be paid or refunded that are not this order's."""
    return iter(()) if context.order is None else claims.wrong_sums(text.close, context.order)


def wrong_carriers(text: TextViews, context: OutgoingContext) -> Iterator[tuple[int, int]]:
    """Carriers that carry nothing of this order."""
    return iter(()) if context.order is None else claims.wrong_carriers(text.close, context.order)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _bare(number: str) -> str:
    return "".join(char for char in number.lower() if char.isalnum())


def _passes_luhn(number: str) -> bool:
    doubled = [int(char) * (2 if place % 2 else 1) for place, char in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
