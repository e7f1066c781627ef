"""What became of a customer at a helper's screen, decided by the facts they came for, and the sums of it."""

import statistics
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from agent_tui.sim.cast import Case
from agent_tui.sim.heard import asked_for

_ALWAYS_KNOWN = frozenset({"order", "name", "phone", "address"})

Result = Literal["right", "wrong", "asks-back", "asked", "card"]


class Outcome(Struct, frozen=True, kw_only=True):
    """One customer: `way` is how the answer was found, `keys` what was pressed until it went out."""

    opening: str
    is_routed: bool
    result: Result
    way: str = ""
    entry: str = ""
    keys: int = 0
    blanks: int = 0
    seconds: float = 0.0


class Figures(Struct, frozen=True, kw_only=True):
    """Shares of all customers who came, and the keys of an answer that went out."""

    customers: int
    openings: int
    right: float
    asked: float
    wrong: float
    asks_back: float
    cards: float
    recommended: float
    keys_median: float
    keys_mean: float
    blanks_mean: float


def judged(case: Case, reply: str) -> Result:
    """Whether `reply` states a fact the customer came for.

    One that does not may ask for what the bank says the question needs; what every customer knows, such as an
    order number, is no excuse.
    """
    if case.opening.is_settled_by(reply, case.values):
        return "right"
    return "asks-back" if asked_for(reply) & (set(case.opening.supplies) - _ALWAYS_KNOWN) else "wrong"


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """The sums of a run."""
    count = max(1, len(outcomes))
    sent = [one for one in outcomes if one.result in ("right", "wrong", "asks-back")]

    def share(result: Result) -> float:
        return round(sum(one.result == result for one in outcomes) / count, 4)

    keys = [one.keys for one in sent] or [0]
    return Figures(
        customers=len(outcomes),
        openings=len({one.opening for one in outcomes}),
        right=share("right"),
        asked=share("asked"),
        wrong=share("wrong"),
        asks_back=share("asks-back"),
        cards=share("card"),
        recommended=round(sum(one.way == "recommended" for one in sent) / max(1, len(sent)), 4),
        keys_median=statistics.median(keys),
        keys_mean=round(statistics.mean(keys), 2),
        blanks_mean=round(statistics.mean([one.blanks for one in sent] or [0]), 2),
    )
