"""Why an answer is or isn't true of an order, in the words of whoever works with it."""

from agent_tui.domain.conditions import Fit, Term
from agent_tui.i18n import texts


def reason_of(fit: Fit) -> str:
    """What makes a condition untrue, or what has to be known first; empty where it holds."""
    return texts().fit.between.join(dict.fromkeys(term_in_words(term) for term in fit.because))


def term_in_words(term: Term) -> str:
    """One fact as it was found, with what is asked of it where it is a number."""
    words = texts().fit
    if term.found is None:
        return words.unknown.format(fact=words.facts[term.fact])
    if not term.compare:
        return (words.so if term.found else words.not_so)[term.fact]
    found = number_in_words(term.fact, float(term.found))
    wanted = term.compare if term.is_wanted else _OPPOSITE[term.compare]
    return words.asked.format(found=found, compare=words.compare[wanted], bound=_number(term.bound))


def number_in_words(fact: str, value: float) -> str:
    """A fact that is a number, as it is said."""
    return texts().fit.numbers[fact].format(n=_number(value))


_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _number(value: float) -> str:
    """A number as it is said: whole from ten on, else with one place where it has one."""
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
