"""What a helper's pack lets them settle, as words that the database can look for."""

from itertools import product

from msgspec import Struct

from agent_tui.domain.helping import NEVER_HELPERS, fits_helper, why_unfit
from agent_tui.domain.models import Ticket
from agent_tui.domain.policy import Policy
from agent_tui.knowledge.packs.format import Pack

_NEVER = {category.value for category in NEVER_HELPERS}


class Skills(Struct, frozen=True):
    """The categories of a pack's answers, those it has a procedure for, and the language of both."""

    answers: frozenset[str]
    procedures: frozenset[str]
    language: str = ""

    def fit(self, ticket: Ticket, policy: Policy) -> bool:
        """Whether a helper with this pack can settle `ticket` alone."""
        return fits_helper(ticket, self.answers, self.procedures, policy, self.language)

    def against(self, ticket: Ticket, policy: Policy) -> tuple[str, ...]:
        """Why a helper with this pack cannot settle `ticket` alone."""
        return why_unfit(ticket, self.answers, self.procedures, policy, self.language)

    def kinds(self, policy: Policy, team: str | None = None) -> list[str]:
        """The kinds of tickets that can fit a helper of `team`: those of no team, and their own team's."""
        rules, teams, languages = policy.helpers, {"", team or ""}, {"", self.language}
        skills = [("query", one) for one in self.answers] + [("process", one) for one in self.procedures]
        rows = product(skills, rules.tiers, rules.moods, teams, languages)
        return sorted(
            _kind(class_, category, tier, mood, of, spoken)
            for (class_, category), tier, mood, of, spoken in rows
            if category not in _NEVER
        )


def skills_of(pack: Pack) -> Skills:
    """What helpers with `pack` can settle."""
    named = {category.value for procedure in pack.procedures for category in procedure.categories}
    return Skills(frozenset(category.value for category in pack.categories), frozenset(named), pack.language)


def kind_of(ticket: Ticket) -> str:
    """All that decides whether `ticket` is for a helper, in one word; empty when it is for none.

    An index over it finds the one ticket that fits among thousands that do not.
    """
    if ticket.core_only or ticket.high_value or ticket.contacts > 1 or ticket.category in NEVER_HELPERS:
        return ""
    class_, category, tier = ticket.class_.value, ticket.category.value, ticket.customer.tier.value
    return _kind(class_, category, tier, ticket.mood.value, ticket.team or "", ticket.language)


def _kind(*words: str) -> str:
    return "/".join(words).rstrip("/")
