"""Template values: a ticket, its order and its people, in words for a customer."""

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from msgspec import Struct

from agent_tui.domain.models import Coupon, Item, Order, Parcel, Refund, TicketDetail
from agent_tui.domain.order_facts import relevant_parcel
from agent_tui.settings import Contact, Shop

Values = dict[str, str]

# What a customer reads instead of a code; a word that stands here in neither table is a channel's own.
_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "unpaid": "待付款", "paid": "已付款待发货", "shipped": "已发货", "delivered": "已签收",
        "returning": "退货处理中", "returned": "已退回", "refunded": "已退款", "cancelled": "已取消",
        "created": "待揽收", "in_transit": "运输中", "stuck": "运输途中暂未更新", "delivering": "派送中",
        "pending": "待处理", "processing": "处理中", "done": "已完成", "failed": "未成功",
        "regular": "顾客", "member": "会员", "vip": "VIP会员",
    },
    "en": {
        "unpaid": "awaiting payment", "paid": "paid, not shipped yet", "shipped": "shipped",
        "delivered": "delivered", "returning": "being returned", "returned": "returned",
        "refunded": "refunded", "cancelled": "cancelled", "created": "waiting for pickup",
        "in_transit": "in transit", "stuck": "in transit without a recent update",
        "delivering": "out for delivery", "pending": "pending", "processing": "being processed",
        "done": "completed", "failed": "failed", "regular": "customer", "member": "member",
        "vip": "VIP member",
    },
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PERSONAL = ("customer.name", "order.number", "parcel.number", "refund.amount", "coupon.name", "agent.name")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}\S*)?\Z")


class Speaker(Struct, frozen=True, kw_only=True):
    """Who speaks to the customer, and for which shop."""

    agent: str = ""
    shop: Shop = Shop()
    contacts: Mapping[str, Contact] = {}
    policy: Mapping[str, str] = {}


def values_of(
    detail: TicketDetail | None, speaker: Speaker, language: str = "zh", zone: tzinfo | None = None
) -> Values:
    """Everything known for a template about `detail`, by dotted name; what is unknown is left out.

    Times are written for people, in `zone` (this machine's when None); `language` is the template's.
    """
    found = {**_of_speaker(speaker), **_of_ticket(detail, language, zone)}
    return {name: value for name, value in found.items() if value.strip()}


def as_template(text: str, values: Mapping[str, str]) -> str:
    """A written reply as a template: what belongs to this customer alone becomes its name again.

    What looks like a tab stop or a placeholder in `text` is taken as text.
    """
    made = text.replace("$", "\\$").replace("{{", "{ {").replace("{%", "{ %")
    known = {values[path]: path for path in reversed(_PERSONAL) if len(values.get(path, "")) > 1}
    if not known:
        return made
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(value) for value in longest_first))
    return pattern.sub(lambda found: f"{{{{ {known[found[0]]} }}}}", made)


def _of_speaker(speaker: Speaker) -> Values:
    found = {
        "agent.name": speaker.agent,
        "shop.name": speaker.shop.name,
        "shop.hours": speaker.shop.hours,
        "shop.return_address": speaker.shop.return_address,
    }
    for role, contact in speaker.contacts.items():
        found[f"contact.{role}.name"] = contact.name
        found[f"contact.{role}.phone"] = contact.phone
    return found | {f"policy.{name}": value for name, value in speaker.policy.items()}


def _of_ticket(detail: TicketDetail | None, language: str, zone: tzinfo | None) -> Values:
    if detail is None:
        return {}
    customer = detail.customer_detail or detail.customer
    found = {
        "customer.name": customer.name or detail.customer.name,
        "customer.tier": in_words(detail.customer.tier, language),
        "order.number": detail.order or "",
    }
    if detail.order_detail is not None:
        found.update(_of_order(detail.order_detail, language, zone))
    return found


def _of_order(order: Order, language: str, zone: tzinfo | None) -> Values:
    return {
        "order.number": order.number,
        "order.status": in_words(order.status, language),
        "order.total": order.total,
        "order.paid_at": moment(order.paid_at, language, zone),
        "order.ship_by": moment(order.ship_by, language, zone),
        "order.items": items(order.items, language),
        **_of_parcel(relevant_parcel(order.parcels), language, zone),
        **_of_refund(order.refund, language),
        **_of_coupon(order.coupons, language, zone),
    }


def _of_parcel(parcel: Parcel | None, language: str, zone: tzinfo | None) -> Values:
    if parcel is None:
        return {}
    return {
        "parcel.number": parcel.number,
        "parcel.carrier": parcel.carrier,
        "parcel.status": in_words(parcel.status, language),
        "parcel.last_event": parcel.last_event or "",
        "parcel.eta": said_moment(parcel.eta, language, zone),
    }


def _of_refund(refund: Refund | None, language: str) -> Values:
    if refund is None:
        return {}
    return {
        "refund.amount": refund.amount,
        "refund.status": in_words(refund.status, language),
        "refund.by": refund.by,
    }


def _of_coupon(coupons: tuple[Coupon, ...], language: str, zone: tzinfo | None) -> Values:
    if not coupons:
        return {}
    return {"coupon.name": coupons[0].name, "coupon.until": said_moment(coupons[0].until, language, zone)}


def in_words(code: str, language: str) -> str:
    """A status or tier as a customer reads it; a channel's own word is kept, as it was written for people."""
    return _WORDS["en" if language == "en" else "zh"].get(code, code.replace("_", " "))


def items(lines: tuple[Item, ...], language: str) -> str:
    """The goods of an order in one phrase: `云朵羽绒服 2 件、羊毛围巾`."""
    if language == "en":
        return ", ".join(f"{line.count} x {line.name}" if line.count > 1 else line.name for line in lines)
    return "、".join(f"{line.name} {line.count} 件" if line.count > 1 else line.name for line in lines)


def moment(at: datetime | None, language: str, zone: tzinfo | None = None) -> str:
    """A moment as it is said to a customer: `11月13日 18:00`, `13 Nov, 18:00`."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day(local, language)}{', ' if language == 'en' else ' '}{local:%H:%M}"


def day(on: date, language: str) -> str:
    """A day as it is said to a customer: `11月13日`, `13 Nov`."""
    return f"{on.day} {_MONTHS[on.month - 1]}" if language == "en" else f"{on.month}月{on.day}日"


def said_moment(written: str | None, language: str, zone: tzinfo | None = None) -> str:
    """A channel's own word for a moment: an ISO date or time is put into words, anything else is kept."""
    text = (written or "").strip()
    if not _MOMENT.match(text):
        return text
    try:
        if len(text) == 10:
            return day(date.fromisoformat(text), language)
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    # A time without a zone is the channel's wall clock: moving it to another zone would be a guess.
    if at.tzinfo is None:
        return f"{day(at, language)}{', ' if language == 'en' else ' '}{at:%H:%M}"
    return moment(at, language, zone)
