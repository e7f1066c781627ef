"""What every group of texts is: a struct that takes no key it does not know."""

from msgspec import Struct


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of texts; `{name}` in a text is filled with `str.format`, `<id>` is the key of an action."""
