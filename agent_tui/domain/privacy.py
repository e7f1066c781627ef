"""What a helper is shown of personal data: 王*, 138****5678, an address down to the district."""

import re

from msgspec.structs import replace

from agent_tui.domain.models import (
    Author,
    Customer,
    CustomerDetail,
    CustomerRef,
    Message,
    Ticket,
    TicketDetail,
)

# Full-width digits too: Chinese input methods write them, and `\d` knows them.
_PHONE = re.compile(
    r"(?<!\d)([+＋]?[8８][6６][-－ 　]?)?([1１][3-9３-９]\d)[-－ 　]?(\d{4})[-－ 　]?(\d{4})(?!\d)"
)
_DISTRICT = re.compile(r"^(.{0,40}?(?:区|县|旗|市辖区)|.{0,30}?市)")


def mask_name(name: str) -> str:
    """`王小明` becomes `王*`; an empty name stays empty."""
    return f"{name[0]}*" if name else name


def mask_phone(text: str) -> str:
    """`text` with every mobile number in it as `138****5678`."""
    return _PHONE.sub(lambda m: f"{m.group(2)}****{m.group(4)}", text)


def mask_number(phone: str) -> str:
    """A telephone number of any kind: a mobile as in texts, of another only its ends."""
    masked = mask_phone(phone)
    if masked != phone or not phone:
        return masked
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 9 else "****"


def mask_text(text: str, name: str = "") -> str:
    """`text` without mobile numbers, and with the customer's `name` as `王*` wherever it stands."""
    text = mask_phone(text)
    return text.replace(name, mask_name(name)) if len(name) > 1 else text


def mask_address(address: str) -> str:
    """`address` down to its district; nothing of one that has none."""
    match = _DISTRICT.match(address)
    return f"{match.group(1)}***" if match else "***"


def mask_ref(customer: CustomerRef) -> CustomerRef:
    """A customer as a helper's ticket names them."""
    return replace(customer, name=mask_name(customer.name))


def mask_customer(customer: Customer) -> Customer:
    """A customer as a helper may read them."""
    return replace(
        customer,
        name=mask_name(customer.name),
        phone=None if customer.phone is None else mask_number(customer.phone),
        address=None if customer.address is None else mask_address(customer.address),
    )


def mask_ticket(ticket: Ticket) -> Ticket:
    """A ticket as a helper may read it, in detail or as a row."""
    last = ticket.last_message
    if last is not None:
        last = replace(last, text=mask_text(last.text, ticket.customer.name), author=_author(last.author))
    masked = replace(ticket, customer=mask_ref(ticket.customer), last_message=last)
    if isinstance(masked, TicketDetail) and masked.customer_detail is not None:
        masked = replace(masked, customer_detail=_detail(masked.customer_detail))
    return masked


def mask_message(message: Message, customer: str = "") -> Message:
    """A message as a helper may read it; `customer` is the name that colleagues' words may hold too."""
    name = customer or (message.author.name if message.author.kind == "customer" else "")
    parts = tuple(replace(p, text=mask_text(p.text, name)) for p in message.parts)
    return replace(message, parts=parts, author=_author(message.author))


def _author(author: Author) -> Author:
    return replace(author, name=mask_name(author.name)) if author.kind == "customer" else author


def _detail(detail: CustomerDetail) -> CustomerDetail:
    return replace(
        detail,
        name=mask_name(detail.name),
        phone=None if detail.phone is None else mask_number(detail.phone),
        address=None if detail.address is None else mask_address(detail.address),
        spend="",
    )
