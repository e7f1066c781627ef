"""Conditions over an order's facts: the small language in which an entry says when it is true.

    true_when: paid and not overdue
    true_when: shipped and scan_hours >= 48
    true_when: refunding and (refund_hours < 72 or not refund_approved)

Words are the names of `order_facts.OrderFacts`, combined with `and`, `or`, `not` and brackets; numbers are
compared with `<`, `<=`, `>`, `>=`. What is not known makes a condition unknown, not false (three-valued
logic, Kleene 1952): without an order `paid` is neither. Python's own `ast` parses it; nothing else of Python
is let in.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import get_args, get_type_hints

from msgspec import Struct

from agent_tui.domain.order_facts import OrderFacts
from agent_tui.errors import AgentTuiError

LONGEST = 300
_COMPARE: Mapping[type[ast.cmpop], tuple[str, Callable[[float, float], bool]]] = {
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}


class BadCondition(AgentTuiError):
    """A condition that cannot be read.

    Codes: `condition-syntax`, `condition-word`, `condition-number` (it has to be compared),
    `condition-not-a-number` (it cannot be); `detail` is the piece that is wrong.
    """


class Term(Struct, frozen=True, kw_only=True):
    """One fact that a condition asks for, and what was found: `is_wanted` false stands for `not`.

    `compare` and `bound` are empty for a plain word; `found` is None where nobody can know.
    """

    fact: str
    is_wanted: bool = True
    compare: str = ""
    bound: float = 0
    found: bool | float | None = None


class Fit(Struct, frozen=True, kw_only=True):
    """Whether something is true of an order: `holds` is None where it depends on what is not known.

    `because` are the terms that decided: those not met when it is false, those not known when it is open.
    """

    holds: bool | None = True
    because: tuple[Term, ...] = ()


ALWAYS = Fit()


class Condition:
    """A condition that was read; `text` is how it was written."""

    def __init__(self, text: str, tree: ast.expr) -> None:
        self.text = text
        self._tree = tree

    def check(self, facts: OrderFacts) -> Fit:
        """Whether it holds for these facts, and what decided."""
        return _check(self._tree, facts, is_wanted=True)

    @property
    def words(self) -> frozenset[str]:
        """The facts it asks for."""
        return frozenset(node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name))

    def bounds(self, word: str) -> frozenset[float]:
        """The numbers that a word is compared with."""
        compared = (node for node in ast.walk(self._tree) if isinstance(node, ast.Compare))
        return frozenset(
            node.comparators[0].value  # type: ignore[attr-defined]  # see _admit
            for node in compared
            if node.left.id == word  # type: ignore[attr-defined]  # see _admit
        )


@lru_cache(maxsize=2_000)
def parse(text: str) -> Condition:
    """The condition that `text` says. Raises BadCondition, which names the place."""
    try:
        tree = ast.parse(text[: LONGEST + 1].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadCondition("condition-syntax", text=text[:80], detail=str(error)) from error
    if len(text) > LONGEST:
        raise BadCondition("condition-syntax", text=text[:80], detail=f"> {LONGEST}")
    _admit(tree, text)
    return Condition(text, tree)


def fit_of(text: str, facts: OrderFacts) -> Fit:
    """Whether `text`, a condition or nothing, holds; one that cannot be read is unknown."""
    if not text:
        return ALWAYS
    try:
        return parse(text).check(facts)
    except BadCondition:
        return Fit(holds=None)


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, str]:
    """The words of the language: `word` for what is so or not, `number` for what is compared."""
    hints = get_type_hints(OrderFacts)
    return {name: "word" if bool in (hint, *get_args(hint)) else "number" for name, hint in hints.items()}


def _admit(node: ast.expr, text: str) -> None:
    match node:
        case ast.BoolOp():
            for value in node.values:
                _admit(value, text)
        case ast.UnaryOp(op=ast.Not()):
            _admit(node.operand, text)
        case ast.Name():
            _known(node.id, "word", text)
        case ast.Compare(left=ast.Name(), ops=[op], comparators=[ast.Constant(value=int() | float())]) if (
            type(op) in _COMPARE
        ):
            _known(node.left.id, "number", text)  # type: ignore[attr-defined]  # the pattern says it is a Name
        case _:
            piece = ast.unparse(node)[:80]
            raise BadCondition("condition-syntax", text=text[:80], detail=piece)


def _known(name: str, kind: str, text: str) -> None:
    found = vocabulary().get(name)
    if found is None:
        raise BadCondition("condition-word", text=text[:80], detail=name, known=", ".join(vocabulary()))
    if found != kind:
        code = "condition-number" if found == "number" else "condition-not-a-number"
        raise BadCondition(code, text=text[:80], detail=name)


def _check(node: ast.expr, facts: OrderFacts, *, is_wanted: bool) -> Fit:
    """The truth of `node`, or of its opposite where it is not wanted (De Morgan)."""
    if isinstance(node, ast.UnaryOp):
        return _check(node.operand, facts, is_wanted=not is_wanted)
    if isinstance(node, ast.BoolOp):
        parts = [_check(value, facts, is_wanted=is_wanted) for value in node.values]
        return _all(parts) if isinstance(node.op, ast.And) is is_wanted else _any(parts)
    return _term(node, facts, is_wanted=is_wanted)


def _term(node: ast.expr, facts: OrderFacts, *, is_wanted: bool) -> Fit:
    if isinstance(node, ast.Compare):
        sign, compare = _COMPARE[type(node.ops[0])]
        fact, bound = node.left.id, node.comparators[0].value  # type: ignore[attr-defined]  # see _admit
        found = getattr(facts, fact)
        holds = None if found is None else compare(found, bound) is is_wanted
        term = Term(fact=fact, is_wanted=is_wanted, compare=sign, bound=bound, found=found)
    else:
        fact = node.id  # type: ignore[attr-defined]  # see _admit
        found = getattr(facts, fact)
        holds = None if found is None else found is is_wanted
        term = Term(fact=fact, is_wanted=is_wanted, found=found)
    return Fit(holds=holds, because=() if holds else (term,))


def _all(parts: list[Fit]) -> Fit:
    for holds in (False, None):
        deciding = [part for part in parts if part.holds is holds]
        if deciding:
            return Fit(holds=holds, because=tuple(term for part in deciding for term in part.because))
    return ALWAYS


def _any(parts: list[Fit]) -> Fit:
    if any(part.holds for part in parts):
        return ALWAYS
    deciding = [part for part in parts if part.holds is None] or parts
    return Fit(holds=deciding[0].holds, because=tuple(term for part in deciding for term in part.because))
