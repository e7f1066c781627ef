"""How a day went: one fate a customer, and the table a person reads at the end."""

import unicodedata
from collections.abc import Iterable, Sequence
from statistics import quantiles

import msgspec
from msgspec import Struct

from agent_tui.sim.customer import SimulatedCustomer
from agent_tui.sim.texts import say

_COLUMNS = ("customers", "helped", "left", "waiting", "angry", "p50", "p90", "sent", "received")


class Fate(Struct, frozen=True, kw_only=True):
    """What became of one customer; `first_response` and `helped_after` in the customer's seconds or null."""

    customer: str
    opening: str
    category: str
    field: str
    language: str
    channel: str
    tier: str
    held_out: bool
    outcome: str
    angry: bool
    first_response: float | None
    helped_after: float | None
    sent: int
    received: int


class Figures(Struct, frozen=True, kw_only=True):
    """The figures of a group of customers; times in their seconds, null when nobody was answered."""

    customers: int
    helped: int
    left: int
    waiting: int
    angry: int
    p50: float | None
    p90: float | None
    sent: int
    received: int


class Summary(Struct, frozen=True, kw_only=True):
    """A whole day: `seconds` of the customers' time, messages refused by the server, every fate."""

    seed: int
    seconds: float
    refused: int
    total: Figures
    categories: dict[str, Figures]
    fates: tuple[Fate, ...]

    def to_json(self) -> bytes:
        """The summary as indented JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2)

    def table(self, language: str = "zh") -> str:
        """The figures as a table in terminal cells, one row a category, the total last."""
        head = [say("group", language), *(say(name, language) for name in _COLUMNS)]
        rows = [_row(name, figures, language) for name, figures in self.categories.items()]
        rows.append(_row(say("total", language), self.total, language))
        lines = [say("title", language, seconds=round(self.seconds)), *_aligned([head, *rows])]
        if self.refused:
            lines.append(say("refused", language, count=self.refused))
        return "\n".join(lines)


def fate(customer: SimulatedCustomer) -> Fate:
    """What became of `customer` so far."""
    case = customer.case
    asked, first, ended = customer.asked_at, customer.first_reply_at, customer.ended_at
    helped = customer.stage == "helped"
    return Fate(
        customer=case.person.id,
        opening=case.opening.id,
        category=case.opening.category,
        field=case.opening.field,
        language=case.opening.language,
        channel=case.channel,
        tier=case.person.tier,
        held_out=case.opening.held_out,
        outcome=customer.stage.value,
        angry=customer.is_angry,
        first_response=None if asked is None or first is None else round(max(first - asked, 0.0), 2),
        helped_after=round(max(ended - asked, 0.0), 2)
        if helped and ended is not None and asked is not None
        else None,
        sent=customer.sent,
        received=customer.received,
    )


def summarise(customers: Iterable[SimulatedCustomer], seed: int, seconds: float, refused: int = 0) -> Summary:
    """The summary over the customers who came; those whose time had not come are left out."""
    fates = tuple(fate(customer) for customer in customers if customer.sent)
    names = sorted({one.category for one in fates})
    return Summary(
        seed=seed,
        seconds=round(seconds, 2),
        refused=refused,
        total=_figures(fates),
        categories={name: _figures([one for one in fates if one.category == name]) for name in names},
        fates=fates,
    )


def _figures(fates: Sequence[Fate]) -> Figures:
    firsts = [one.first_response for one in fates if one.first_response is not None]
    return Figures(
        customers=len(fates),
        helped=sum(one.outcome == "helped" for one in fates),
        left=sum(one.outcome == "left" for one in fates),
        waiting=sum(one.outcome == "waiting" for one in fates),
        angry=sum(one.angry for one in fates),
        p50=_percentile(firsts, 50),
        p90=_percentile(firsts, 90),
        sent=sum(one.sent for one in fates),
        received=sum(one.received for one in fates),
    )


def _percentile(numbers: list[float], percent: int) -> float | None:
    if len(numbers) < 2:
        return numbers[0] if numbers else None
    return round(quantiles(numbers, n=100, method="inclusive")[percent - 1], 2)


def _row(name: str, figures: Figures, language: str) -> list[str]:
    def shown(value: float | None) -> str:
        if value is None:
            return say("none", language)
        return f"{value:.1f}" if isinstance(value, float) else str(value)

    return [name, *(shown(getattr(figures, column)) for column in _COLUMNS)]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(_cells(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join([_padded(row[0], widths[0]), *map(_right, row[1:], widths[1:])]) for row in rows]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _cells(text)) + text


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
