"""Tab stops of a template and the labels shown where a value is missing."""

import re
from collections.abc import Iterable

from msgspec import Struct

STOP = re.compile(r"\\\$|\$\{([1-9]\d?)(?::([^{}\n]*))?\}|\$([1-9])(?![\d.,]*\d)")
BROKEN_STOP = re.compile(r"\$\{\d+:?")

_ZH = {
    "customer.name": "客户称呼",
    "customer.tier": "会员等级",
    "order.number": "订单号",
    "order.status": "订单状态",
    "order.total": "订单金额",
    "order.paid_at": "付款时间",
    "order.ship_by": "承诺发货时间",
    "order.items": "商品名称",
    "parcel.number": "快递单号",
    "parcel.carrier": "快递公司",
    "parcel.status": "物流状态",
    "parcel.last_event": "最新物流信息",
    "parcel.eta": "预计送达时间",
    "refund.amount": "退款金额",
    "refund.status": "退款状态",
    "refund.by": "退款方式",
    "coupon.name": "优惠券名称",
    "coupon.until": "优惠券有效期",
    "agent.name": "客服称呼",
    "shop.name": "店铺名称",
    "shop.hours": "服务时间",
    "shop.return_address": "退货地址",
}
_EN = {
    "customer.name": "customer's name",
    "customer.tier": "membership tier",
    "order.number": "order number",
    "order.status": "order status",
    "order.total": "order total",
    "order.paid_at": "payment time",
    "order.ship_by": "promised ship date",
    "order.items": "items",
    "parcel.number": "tracking number",
    "parcel.carrier": "carrier",
    "parcel.status": "parcel status",
    "parcel.last_event": "latest tracking event",
    "parcel.eta": "expected delivery",
    "refund.amount": "refund amount",
    "refund.status": "refund status",
    "refund.by": "refund method",
    "coupon.name": "coupon name",
    "coupon.until": "coupon expiry",
    "agent.name": "agent's name",
    "shop.name": "shop name",
    "shop.hours": "service hours",
    "shop.return_address": "return address",
}
_ROLES_ZH = {
    "director": "负责人",
    "lead": "组长",
    "warehouse": "仓库",
    "finance": "财务",
    "logistics": "物流",
    "quality": "质检",
    "service": "客服",
    "support": "技术支持",
    "invoice": "发票",
    "live": "直播间",
    "legal": "法务",
}
_CONTACT = {"zh": {"name": "联系人", "phone": "电话"}, "en": {"name": "contact name", "phone": "phone"}}
# Prompts that ask for a number, which one digit may be.
_COUNTS = re.compile(
    r"[几\d数]|分钟|小时|名次|公斤|厘米|金额|容量|尺码|款式|规格|余量|门槛"
    r"|\b(?:days?|hours?|minutes?|number|many|size|amount|count|steps?|quantity)\b"
)
_UNNAMED = {"zh": "请填写", "en": "fill in"}


class Blank(Struct, frozen=True):
    """A place the agent fills by hand: `text[start:end]` (code points) shows `prompt`.

    Blanks with the same `number` are linked: what is typed into one belongs into all of them.
    """

    start: int
    end: int
    prompt: str
    number: int


def is_slip(prompt: str, value: str) -> bool:
    """Whether `value` is a lone digit where no number is asked for: a key meant for something else."""
    said = value.strip()
    return len(said) == 1 and said.isdigit() and not _COUNTS.search(prompt.lower())


def put_in(template: str, blanks: Iterable[Blank], text: str) -> tuple[Blank, ...]:
    """What stands in `text` in the blanks of `template`; nothing where the words around them are others."""
    pattern, end, asked = "", 0, sorted(blanks, key=lambda one: one.start)
    for blank in asked:
        pattern += re.escape(template[end : blank.start]) + "(.*?)"
        end = blank.end
    found = re.search(f"{pattern}{re.escape(template[end:])}$", text, re.MULTILINE)
    if found is None:
        return ()
    spans = (found.span(n) for n in range(1, len(asked) + 1))
    return tuple(Blank(*span, one.prompt, one.number) for one, span in zip(asked, spans, strict=True))


class TabStop(Struct, frozen=True):
    """A tab stop as written in the template; an empty prompt means `$1` or `${1}`."""

    number: int
    prompt: str


def label(path: str, language: str = "zh") -> str:
    """What to call `path` to a person, such as 订单号 for `order.number`."""
    table = _EN if language == "en" else _ZH
    if path in table:
        return table[path]
    parts = path.split(".")
    if len(parts) == 3 and parts[0] == "contact":
        return _contact_label(parts[1], parts[2], language)
    if len(parts) == 2 and parts[0] == "policy":
        return parts[1].replace("_", " ")
    return path


def _contact_label(role: str, field: str, language: str) -> str:
    if language == "en":
        return f"{role.replace('_', ' ')} {_CONTACT['en'].get(field, field)}"
    return _ROLES_ZH.get(role, role) + _CONTACT["zh"].get(field, field)


def unnamed(language: str = "zh") -> str:
    """The prompt of a tab stop whose author gave it none."""
    return _UNNAMED["en" if language == "en" else "zh"]


def pieces(source: str) -> tuple[str | TabStop, ...]:
    r"""Template text cut into plain text and tab stops; `\$` stands for a plain `$`.

    A price such as `$20` or `$5.00` is text: a bare stop is one digit, and no figure follows it.
    """
    found: list[str | TabStop] = []
    at = 0
    for hit in STOP.finditer(source):
        found.append(source[at : hit.start()])
        at = hit.end()
        number = hit[1] or hit[3]
        found.append(TabStop(int(number), (hit[2] or "").strip()) if number else "$")
    found.append(source[at:])
    return tuple(piece for piece in found if piece)


def is_broken(source: str) -> bool:
    """Whether a tab stop was begun and not ended, as when Liquid stands inside its prompt."""
    return any(isinstance(piece, str) and BROKEN_STOP.search(piece) for piece in pieces(source))
