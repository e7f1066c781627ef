"""What a floor has to know of a knowledge pack to lend people with it: words, skills, what calls a card."""

from collections.abc import Callable

from msgspec import Struct

from agent_tui.domain.helping import why_unfit
from agent_tui.domain.models import Ticket
from agent_tui.domain.policy import Policy


def _no_card(_: str) -> tuple[str, str] | None:
    return None


class PackRules(Struct, frozen=True, kw_only=True):
    """A pack in force, as the rules see it.

    `entries` are the ids its replies may name, cards included, and `cards` the cards' words; `answers` and
    `procedures` are the categories it has answers or a procedure for, in `language`; `calls` is the id and
    title of the card that a customer's words call for, if any do.
    """

    id: str
    title: str = ""
    entries: frozenset[str] = frozenset()
    cards: dict[str, str] = {}
    answers: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    language: str = ""
    calls: Callable[[str], tuple[str, str] | None] = _no_card

    def against(self, ticket: Ticket, policy: Policy) -> tuple[str, ...]:
        """Why a helper with this pack cannot settle `ticket` alone."""
        return why_unfit(ticket, self.answers, self.procedures, policy, self.language)
