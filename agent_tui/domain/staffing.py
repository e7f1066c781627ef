"""Helpers and packs as a lead sees them in lists."""

from datetime import datetime

from msgspec import Struct

from agent_tui.domain.models import Availability, Person

PUBLISHED, BUILT_IN = "published", "built-in"


class PackName(Struct, frozen=True, kw_only=True):
    """A knowledge pack as a list of them names it."""

    id: str
    title: str = ""


class PackInfo(PackName, frozen=True, kw_only=True):
    """A pack in force: `version` grows with every publish, `origin` is published or built-in, `by` a name."""

    version: int
    field: str = ""
    language: str = ""
    origin: str = PUBLISHED
    by: str = ""
    at: datetime | None = None


class PackList(Struct, frozen=True, kw_only=True):
    """The packs that helpers can be given."""

    packs: tuple[PackInfo, ...]


class HelperRow(Struct, frozen=True, kw_only=True):
    """A helper as leads see them; without `expires_at` no token of theirs holds."""

    id: str
    name: str
    availability: Availability
    connected: bool
    load: int
    pack: str | None = None
    buddy: Person | None = None
    team: str | None = None
    replies: int = 0
    free_text: bool = False
    expires_at: datetime | None = None


class HelperList(Struct, frozen=True, kw_only=True):
    """All helpers."""

    helpers: tuple[HelperRow, ...]
