"""What a helper's pack lets them settle, as words that the database can look for."""

from itertools import product

from agent_tui.domain.helping import NEVER_HELPERS
from agent_tui.domain.lending import PackRules
from agent_tui.domain.models import Ticket
from agent_tui.domain.policy import Policy

_NEVER = {category.value for category in NEVER_HELPERS}


def kinds_for(pack: PackRules, policy: Policy, team: str | None = None) -> list[str]:
    """The kinds of tickets that can fit a helper of `team`: those of no team, and their own team's."""
    rules, teams, languages = policy.helpers, {"", team or ""}, {"", pack.language}
    skills = [("query", one) for one in pack.answers] + [("process", one) for one in pack.procedures]
    rows = product(skills, rules.tiers, rules.moods, teams, languages)
    return sorted(
        _kind(class_, category, tier, mood, of, spoken)
        for (class_, category), tier, mood, of, spoken in rows
        if category not in _NEVER
    )


def kind_of(ticket: Ticket) -> str:
    """All that decides whether `ticket` is for a helper, in one word; empty when it is for none.

    An index over it finds the one ticket that fits among thousands that do not.
    """
    if ticket.core_only or ticket.danger or ticket.high_value or ticket.contacts > 1:
        return ""
    if ticket.category in NEVER_HELPERS:
        return ""
    class_, category, tier = ticket.class_.value, ticket.category.value, ticket.customer.tier.value
    return _kind(class_, category, tier, ticket.mood.value, ticket.team or "", ticket.language)


def _kind(*words: str) -> str:
    return "/".join(words).rstrip("/")
