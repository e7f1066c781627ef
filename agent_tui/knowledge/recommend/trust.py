"""Trust: how far a usage counts that somebody's client has reported, by what was really sent and by whom.

A reply that holds next to nothing of an entry's own words was not that entry, whatever its sender says; and
nobody teaches more than a share of the whole, so that one client cannot change what everyone is recommended.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.usage_log import Usage
from agent_tui.knowledge.text.tokens import normalize

LEAST_SHARE = 0.1
_FAIR = 2.0
_LEAST_HELD = 0.3
_ROUNDS = 60
_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{\d+(?::[^}]*)?\}|\$\d+", re.DOTALL)
_BETWEEN = re.compile(r"\W+")


class Lesson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A usage as a client reported it, beside what the server knows: the words sent, and whose they were."""

    usage: Usage
    sent: str = ""
    person: str = ""


def trusted(entries: Iterable[Entry], lessons: Sequence[Lesson]) -> list[Usage]:
    """The usages of `lessons`, without what was not sent, everyone's within their share."""
    own = {entry.id: _pairs(entry.text) for entry in entries if entry.text}
    sent = [one for one in lessons if holds(own.get(one.usage.entry, frozenset()), one.sent)]
    counts: dict[str, float] = {}
    for one in sent:
        counts[one.person] = counts.get(one.person, 0.0) + one.usage.weight
    shares = fair_shares(counts)
    return [replace(one.usage, share=one.usage.share * shares[one.person]) for one in sent]


def holds(own: frozenset[str], sent: str) -> bool:
    """Whether `sent` has enough of an entry's own pairs of characters; an entry without any is believed."""
    return not own or not sent or len(own & _pairs(sent)) >= _LEAST_HELD * len(own)


def fair_shares(counts: Mapping[str, float]) -> dict[str, float]:
    """By how much each person's usages are scaled, so that nobody has more than a tenth of the whole.

    Of few people each has up to twice an equal part; one or two alone teach freely.
    """
    most = max(LEAST_SHARE, _FAIR / max(len(counts), 1))
    if most >= 1:
        return dict.fromkeys(counts, 1.0)
    limit = most * sum(counts.values())
    for _ in range(_ROUNDS):
        limit = most * sum(min(count, limit) for count in counts.values())
    return {person: min(1.0, limit / count) if count > 0 else 1.0 for person, count in counts.items()}


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters outside blanks and values."""
    pieces = (_BETWEEN.sub("", normalize(piece)) for piece in _FILLED.split(text))
    return frozenset(one + other for piece in pieces for one, other in pairwise(piece))
