"""Whether two conditions can be true of one order: tried out over the states that orders can be in."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, product

from agent_tui.domain.conditions import BadCondition, Condition, parse, vocabulary
from agent_tui.domain.order_facts import OrderFacts

Facts = dict[str, bool | float]

_STATES = ("unpaid", "paid", "shipped", "delivered", "returning", "returned", "refunded", "cancelled")
# Words that are so in some states only.
_STATES_OF: Mapping[str, tuple[str, ...]] = {
    "presale": ("unpaid", "paid"), "overdue": ("paid",), "uncollected": ("paid", "shipped"),
    "stuck": ("shipped",), "delivering": ("shipped",), "eta_passed": ("shipped",),
}  # fmt: skip
# A refund takes one step at a time.
_REFUND_WORDS = ("refunding", "refund_approved", "refund_paid", "refund_rejected")
_REFUND_STEPS = ((), ("refunding",), ("refunding", "refund_approved"), ("refund_paid",), ("refund_rejected",))
_MOST_TRIED = 5_000


@lru_cache(maxsize=4_096)
def can_both_hold(first: str, second: str) -> bool:
    """Whether some order may fit both; a condition that is empty or cannot be read excludes nothing."""
    try:
        conditions = [parse(text) for text in (first, second) if text]
    except BadCondition:
        return True
    return any(
        all(condition.check(OrderFacts(**facts)).holds for condition in conditions)  # type: ignore[arg-type]  # names and kinds are the vocabulary's
        for facts in _orders(conditions)
    )


def _orders(conditions: list[Condition]) -> Iterator[Facts]:
    """Facts that tell the conditions apart: every state, with and without each word, around each bound."""
    asked = set().union(*(condition.words for condition in conditions)) - {*_STATES, "no_order"}
    words = sorted(asked - {*_REFUND_WORDS})
    yield from _of_state("", words, [{}], conditions)
    steps: list[Facts] = [{word: word in step for word in _REFUND_WORDS} for step in _REFUND_STEPS]
    for state in _STATES:
        paid_back = [step for step in steps if step["refund_paid"]]
        yield from _of_state(state, words, paid_back if state == "refunded" else steps, conditions)


def _of_state(
    state: str, words: list[str], steps: list[Facts], conditions: list[Condition]
) -> Iterator[Facts]:
    known: Facts = {"no_order": not state}
    if state:
        known |= {name: name == state for name in _STATES}
    choices = [_choices(word, state, conditions) for word in words]
    for step, values in islice(product(steps, product(*choices)), _MOST_TRIED):
        yield known | step | dict(zip(words, values, strict=True))


def _choices(word: str, state: str, conditions: list[Condition]) -> list[bool | float]:
    """What a word may be in a state: so or not, or numbers around every bound it is compared with."""
    if vocabulary()[word] == "word":
        return [True, False] if state in _STATES_OF.get(word, (state,)) else [False]
    bounds = {bound for condition in conditions for bound in condition.bounds(word)}
    return sorted({max(0.0, bound + step) for bound in bounds for step in (-0.5, 0, 0.5)})
