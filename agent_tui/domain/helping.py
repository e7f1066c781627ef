"""Which tickets a helper can settle alone."""

from agent_tui.domain.models import Category, Ticket
from agent_tui.domain.policy import Policy

NEVER_HELPERS = frozenset({Category.COMPLAINT, Category.RISK})


def why_unfit(
    ticket: Ticket,
    categories: frozenset[str],
    processes: frozenset[str],
    policy: Policy,
    language: str = "",
) -> tuple[str, ...]:
    """Why `ticket` is not one a helper can settle alone, in stable words; nothing when it is.

    `categories` are those of the pack, `processes` those for which it has a procedure, `language` is what its
    answers are in. Danger, complaints, risk, a second contact, and
    tiers and moods beyond the policy never fit.
    """
    rules = policy.helpers
    skills = {"query": categories, "process": processes}.get(ticket.class_.value, frozenset())
    reasons = {
        "core-only": ticket.core_only,
        "danger": ticket.danger is not None,
        "second-contact": ticket.contacts > 1,
        "mood": ticket.mood.value not in rules.moods,
        "tier": ticket.customer.tier.value not in rules.tiers,
        "high-value": ticket.high_value,
        "category": ticket.category in NEVER_HELPERS or ticket.category.value not in skills,
        "language": bool(language and ticket.language and language != ticket.language),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
