"""The rules a team may change: promises, urgency, limits; one TOML file edits them all."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from agent_tui.toml_file import read_toml

Seconds = Annotated[int, Meta(ge=0)]


class FirstResponse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds until the first answer is due."""

    vip: Seconds = 60
    technical: Seconds = 180
    process: Seconds = 120
    query: Seconds = 60
    urgent_in_peak: Seconds = 10


class NextReply(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds until the next answer in a chat: when to warn, when it is broken."""

    warn: Seconds = 100
    breach: Seconds = 180


class Resolution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds until a ticket is settled; a complaint gets a written plan in that time."""

    vip: Seconds = 30 * 60
    return_or_exchange: Seconds = 48 * 3600
    complaint_plan: Seconds = 48 * 3600
    department_plan: Seconds = 2 * 3600


class Sooner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds by which a reason makes a ticket more urgent than its promise alone."""

    tier_vip: Seconds = 60
    tier_member: Seconds = 15
    high_value: Seconds = 60
    priority_urgent: Seconds = 90
    priority_high: Seconds = 30
    mood_angry: Seconds = 120
    mood_anxious: Seconds = 30
    emergency_per_level: Seconds = 20


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seats and money: `capacity` 0 is unlimited, `high_value` is in the shop's currency."""

    capacity: Annotated[int, Meta(ge=0)] = 0
    high_value: Annotated[int, Meta(ge=0)] = 1000
    seat_kept: Seconds = 180
    close_to_breach: Seconds = 60


class Helpers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What borrowed staff may do alone, and when a buddy looks first.

    `first_replies` of a day, the `held_categories`, words that give money away and, with `outside_pack`,
    whatever is not an answer of the pack await approval; an emergency card's words never wait. `free_text` is
    whether helpers may write words of their own where the lead has not decided it for one. `buddy_seconds`
    and `core_seconds` are how long a call for help waits at each stage.
    """

    first_replies: Annotated[int, Meta(ge=0)] = 5
    held_categories: tuple[str, ...] = ("refund",)
    outside_pack: bool = True
    free_text: bool = False
    buddy_seconds: Seconds = 60
    core_seconds: Seconds = 60
    helpers_per_buddy: Annotated[int, Meta(ge=1)] = 3
    moods: tuple[str, ...] = ("calm", "anxious")
    tiers: tuple[str, ...] = ("regular", "member")


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All rules with their defaults."""

    first_response: FirstResponse = FirstResponse()
    next_reply: NextReply = NextReply()
    resolution: Resolution = Resolution()
    sooner: Sooner = Sooner()
    limits: Limits = Limits()
    helpers: Helpers = Helpers()


def read_policy(data: bytes, name: str) -> Policy:
    """The policy in a TOML file's bytes; `name` is what an error calls the file.

    Raises BadSettings that names the place.
    """
    return read_toml(data, Policy, name)


def told_policy(told: Mapping[str, Any] | None) -> Policy | None:
    """The policy that a server tells of; None where it tells none, or in words this version does not know."""
    if told is None:
        return None
    try:
        return msgspec.convert(dict(told), Policy)
    except msgspec.ValidationError:
        return None
