"""Conditions: a small language over facts, three-valued, with what decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_tui.domain.conditions import BadCondition, fit_of, parse, vocabulary
from agent_tui.domain.order_facts import OrderFacts, facts_of
from tests.domain.make import NOON

PAID_LATE = OrderFacts(
    no_order=False, paid=True, shipped=False, overdue=True, overdue_days=2.5, refunding=False
)
WORDS = sorted(name for name, kind in vocabulary().items() if kind == "word")
NUMBERS = sorted(name for name, kind in vocabulary().items() if kind == "number")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("paid", True),
        ("paid and not overdue", False),
        ("shipped or overdue_days >= 2", True),
        ("overdue and overdue_days < 2", False),
        ("not (paid and refunding)", True),
        ("scan_hours > 48", None),
        ("scan_hours > 48 and shipped", False),
        ("scan_hours > 48 or paid", True),
        ("not stuck", None),
    ],
)
def test_a_condition_holds_fails_or_stays_open(text: str, holds: bool | None) -> None:
    assert fit_of(text, PAID_LATE).holds is holds


def test_what_decided_is_named() -> None:
    failed = fit_of("paid and not overdue and not shipped", PAID_LATE)
    assert [(term.fact, term.is_wanted, term.found) for term in failed.because] == [("overdue", False, True)]
    open_ = fit_of("paid and scan_hours >= 48", PAID_LATE)
    assert [(term.fact, term.compare, term.bound) for term in open_.because] == [("scan_hours", ">=", 48)]
    assert fit_of("paid", PAID_LATE).because == ()


def test_without_an_order_only_what_asks_for_none_is_decided() -> None:
    facts = facts_of(None, NOON)
    assert fit_of("paid", facts).holds is None
    assert fit_of("no_order", facts).holds
    assert fit_of("not no_order", facts).holds is False


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("paid and", "condition-syntax", ""),
        ("__import__('os')", "condition-syntax", "__import__('os')"),
        ("total == 3", "condition-syntax", "total == 3"),
        ("1 < total < 3", "condition-syntax", "1 < total < 3"),
        ("total > paid_hours", "condition-syntax", "total > paid_hours"),
        ("paid + 1", "condition-syntax", "paid + 1"),
        ("payed", "condition-word", "payed"),
        ("total", "condition-number", "total"),
        ("paid > 3", "condition-not-a-number", "paid"),
        ("(" * 400, "condition-syntax", ""),
        ("not " * 200 + "paid", "condition-syntax", ""),
    ],
)
def test_what_is_not_the_language_is_refused_with_its_place(text: str, code: str, detail: str) -> None:
    with pytest.raises(BadCondition) as raised:
        parse(text)
    assert raised.value.code == code
    assert detail in raised.value.values["detail"]
    assert fit_of(text, PAID_LATE).holds is None


COMPARISONS = st.builds(
    "{} {} {}".format, st.sampled_from(NUMBERS), st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 99)
)
CONDITIONS = st.recursive(
    st.sampled_from(WORDS) | COMPARISONS,
    lambda inner: (
        st.builds("not ({})".format, inner)
        | st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=4,
)
FACTS = st.builds(
    OrderFacts,
    **{name: st.sampled_from([True, False, None]) for name in WORDS},
    **{name: st.none() | st.floats(0, 100) for name in NUMBERS},
)


@given(CONDITIONS, FACTS)
def test_the_opposite_of_a_condition_has_the_opposite_truth(text: str, facts: OrderFacts) -> None:
    holds, opposite = fit_of(text, facts).holds, fit_of(f"not ({text})", facts).holds
    assert opposite == (None if holds is None else not holds)


@given(CONDITIONS, FACTS)
def test_more_knowledge_never_turns_a_decided_condition(text: str, facts: OrderFacts) -> None:
    if (holds := fit_of(text, facts).holds) is not None:
        known = {name: value if value is not None else True for name, value in _fields(facts).items()}
        assert fit_of(text, OrderFacts(**known)).holds is holds


def _fields(facts: OrderFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in OrderFacts.__struct_fields__}
