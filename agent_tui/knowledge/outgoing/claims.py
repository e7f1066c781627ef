"""Contradiction detection: words of a reply that state as fact what the order denies.

A claim is a pattern within one clause with the condition under which it is true (`domain.conditions`). What
is asked, supposed, quoted or said of the usual course is no claim. Days that have passed, sums and carriers
are compared with the order itself. What is not known denies nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from agent_tui.domain.conditions import fit_of
from agent_tui.domain.order_facts import OrderFacts, facts_of, relevant_parcel
from agent_tui.domain.orders import Order
from agent_tui.knowledge.outgoing.obfuscation import PlainText, plain

Place = tuple[int, int]
_SENTENCE = re.compile(r"(?:[^。!?;\n.]|\.(?![\s\"”]|$))+[。!?;\n.]*")
_CLAUSE = re.compile(r"(?:[^,，、。!?;\n]|(?<=\d)[,.](?=\d))+")
_BARE = re.compile("[\u4e00-\u9fff]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class _Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """`data/claims.toml`: alternatives of regular expressions, and carriers by the ways they are written."""

    asks: tuple[str, ...]
    tag: tuple[str, ...]
    supposes: tuple[str, ...]
    then: tuple[str, ...]
    describes: tuple[str, ...]
    quotes: tuple[str, ...]
    carries: tuple[str, ...]
    promises: tuple[str, ...]
    due: tuple[str, ...]
    past: tuple[str, ...]
    day: tuple[str, ...]
    refund_sum: tuple[str, ...]
    paid_sum: tuple[str, ...]
    carriers: dict[str, tuple[str, ...]]


@cache
def _tables() -> _Tables:
    data = Path(__file__).parents[1] / "data" / "claims.toml"
    return msgspec.toml.decode(data.read_bytes(), type=_Tables)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    alternatives: tuple[str, ...] = getattr(_tables(), name)
    return re.compile("|".join(f"(?:{one})" for one in alternatives))


@cache
def _carriers() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Every way a carrier is written as one pattern, and whose it is."""
    written = {word: name for name, words in _tables().carriers.items() for word in words}
    return re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in written)), written


def may_be_wrong(text: str) -> bool:
    """Whether normalized words name a day, a sum or a carrier that an order could deny."""
    named = (_pattern("day"), _pattern("refund_sum"), _pattern("paid_sum"), _carriers()[0])
    return any(pattern.search(text) for pattern in named)


class Clause(Struct, frozen=True):
    """A clause that states something, and where it begins in the text it was taken from."""

    text: str
    start: int


@lru_cache(maxsize=64)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a normalized text that state something: nothing asked, supposed or quoted."""
    return tuple(_stated(text))


def _stated(text: str) -> Iterator[Clause]:
    for sentence in _SENTENCE.finditer(text):
        parts = list(_CLAUSE.finditer(sentence[0]))
        asked = _asked(parts, sentence[0])
        supposed = False
        for place, found in enumerate(parts):
            words = found[0]
            goes_on = supposed and _pattern("then").match(words) is not None
            supposed = goes_on or _pattern("supposes").search(words) is not None
            if place not in asked and not supposed and not _pattern("quotes").search(words):
                yield Clause(words, sentence.start() + found.start())


def _asked(parts: Sequence[re.Match[str]], sentence: str) -> set[int]:
    """The places of the clauses that ask: the last one before a question mark, and what a tag is asked of."""
    asked = {place for place, found in enumerate(parts) if _pattern("asks").search(found[0].strip())}
    last = len(parts) - 1
    if "?" in sentence:
        asked.add(last)
    if last > 0 and last in asked and _pattern("tag").fullmatch(parts[last][0].strip()):
        asked.add(last - 1)
    return asked


def denied(
    text: PlainText,
    patterns: tuple[re.Pattern[str], ...],
    true_when: str,
    facts: OrderFacts,
    order: Order | None = None,
) -> Iterator[Place]:
    """Where a claim is made that is false for these facts; the last scan of `order` excuses what it says."""
    if facts.no_order or fit_of(true_when, facts).holds is not False or _is_scanned(patterns, order):
        return
    for clause in clauses(text.text):
        stated = (found for pattern in patterns for found in pattern.finditer(clause.text))
        found = next((one for one in stated if not _is_described(one)), None)
        if found is not None:
            yield text.span(clause.start + found.start(), clause.start + found.end())


def _is_scanned(patterns: tuple[re.Pattern[str], ...], order: Order | None) -> bool:
    """Whether the carrier's own last words say so: a parcel's state may come later than its scans."""
    parcel = relevant_parcel(order.parcels) if order else None
    scanned = plain(parcel.last_event or "").text if parcel else ""
    return any(pattern.search(words) for pattern in patterns for words in (scanned, f"it is {scanned}"))


def _is_described(found: re.Match[str]) -> bool:
    """Whether the words describe what they are said of, or suppose it, instead of stating it."""
    after = found.string[found.end() :].lstrip()
    is_bare = found[0].startswith("未") and _BARE.match(after) is not None
    return is_bare or _pattern("describes").match(after) is not None


def facts_now(order: Order | None, now: datetime | None) -> OrderFacts:
    """The facts that claims are held against; none without an order or a clock."""
    return OrderFacts() if order is None or now is None else facts_of(order, now)


def passed_days(text: PlainText, now: datetime) -> Iterator[Place]:
    """Promises of a day that has passed."""
    for clause in clauses(text.text):
        promises = _pattern("promises").search(clause.text) and _pattern("due").search(clause.text)
        if not promises or _pattern("past").search(clause.text):
            continue
        for found in _pattern("day").finditer(clause.text):
            day = _day_of(found, now)
            if day is not None and day.date() < now.date():
                yield text.span(clause.start + found.start(), clause.start + found.end())


def wrong_sums(text: PlainText, order: Order) -> Iterator[Place]:
    """Sums said to be refunded or paid that are not this order's."""
    prices = {_sum(item.price) for item in order.items} | {_sum(order.total)}
    refunds = {_sum(order.refund.amount)} if order.refund else set()
    for clause in clauses(text.text):
        for name, known in (("refund_sum", refunds), ("paid_sum", prices)):
            for found in _pattern(name).finditer(clause.text):
                if known - {None} and _sum(found["sum"]) not in known:
                    yield text.span(clause.start + found.start("sum"), clause.start + found.end("sum"))


def wrong_carriers(text: PlainText, order: Order) -> Iterator[Place]:
    """Carriers said to carry a parcel of this order that do not."""
    carrier, written = _carriers()
    named = [carrier.search(parcel.carrier.lower()) for parcel in order.parcels if parcel.carrier]
    own = {written[found[0]] for found in named if found}
    if not own or None in named:  # a carrier nobody here knows may be the one that is meant
        return
    for clause in clauses(text.text):
        if not _pattern("carries").search(clause.text):
            continue
        for found in carrier.finditer(clause.text):
            if written[found[0]] not in own:
                yield text.span(clause.start + found.start(), clause.start + found.end())


def _day_of(found: re.Match[str], now: datetime) -> datetime | None:
    """The day that is meant: the nearest of its kind, this month where none is named."""
    month, day = now.month, found["day"] or found["only"] or found["named"]
    if found["month"]:
        month = int(found["month"])
    elif found["name"]:
        month = _MONTHS.index(found["name"][:3]) + 1
    try:
        at = now.replace(month=month, day=int(day))
    except ValueError:
        return None
    half = timedelta(days=180)
    if at - now > half:
        return at.replace(year=at.year - 1)
    return at.replace(year=at.year + 1) if now - at > half else at


def _sum(written: str) -> float | None:
    try:
        return float(written.replace(",", ""))
    except ValueError:
        return None
