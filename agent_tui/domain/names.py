"""The names that templates, rules and content may use, and nothing else: one list for all its readers."""

import re

NAMES: dict[str, tuple[str, ...]] = {
    "customer": ("name", "tier"),
    "order": ("number", "status", "total", "paid_at", "ship_by", "items"),
    "parcel": ("number", "carrier", "status", "last_event", "eta"),
    "refund": ("amount", "status", "by"),
    "coupon": ("name", "until"),
    "agent": ("name",),
    "shop": ("name", "hours", "return_address"),
}

CONTACT_FIELDS = ("name", "phone")
_ROLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")

PATHS = frozenset(f"{noun}.{field}" for noun, fields in NAMES.items() for field in fields)


def is_known(path: str) -> bool:
    """Whether a template may use `path`, such as `order.number` or `contact.director.phone`."""
    if path in PATHS:
        return True
    parts = path.split(".")
    return (
        len(parts) == 3
        and parts[0] == "contact"
        and _ROLE.match(parts[1]) is not None
        and parts[2] in CONTACT_FIELDS
    )
