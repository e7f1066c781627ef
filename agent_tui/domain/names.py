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
# A contact's role and the name of a policy value are the team's own words.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")

PATHS = frozenset(f"{noun}.{field}" for noun, fields in NAMES.items() for field in fields)

KNOWN = ", ".join([*sorted(PATHS), "contact.ROLE.name", "contact.ROLE.phone", "policy.NAME"])


def is_known(path: str) -> bool:
    """Whether a template may use `path`, such as `order.number`, `contact.director.phone` or
    `policy.return_days`."""
    if path in PATHS:
        return True
    parts = path.split(".")
    if len(parts) < 2 or _WORD.match(parts[1]) is None:
        return False
    if parts[0] == "policy":
        return len(parts) == 2
    return len(parts) == 3 and parts[0] == "contact" and parts[2] in CONTACT_FIELDS
