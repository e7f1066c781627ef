"""When an emergency card comes by itself: for the customer's words, or for the floor's level."""

from collections.abc import Sequence

from msgspec import Struct

from agent_tui.desk import Shown
from agent_tui.domain.models import MessageKind
from agent_tui.knowledge.packs.resolved import EmergencyCard
from agent_tui.tui.helper.handbook import Handbook
from agent_tui.tui.widgets.message_lines import plain


class Alert(Struct, frozen=True):
    """A card that has come up; `by_words` says that a customer said something that called for it."""

    card: EmergencyCard
    by_words: bool


class Alarm:
    """Calls each card once: for a customer once in their conversation, for a level once until it falls."""

    def __init__(self, handbook: Handbook) -> None:
        self._handbook = handbook
        self._called: set[tuple[str, str]] = set()
        self._level = 0

    def look(self, ticket: str | None, shown: Sequence[Shown], level: int) -> Alert | None:
        """The card that has to come up now."""
        pack = self._handbook.pack
        if pack is None:
            return None
        for words in _since_answer(shown) if ticket else ():
            card = pack.card_for(words)
            if card is not None and ticket and (ticket, card.id) not in self._called:
                self._called.add((ticket, card.id))
                return Alert(card, by_words=True)
        rose, self._level = level > self._level, level
        card = pack.card_for("", level) if rose else None
        return Alert(card, by_words=False) if card is not None else None


def _since_answer(shown: Sequence[Shown]) -> list[str]:
    said: list[str] = []
    for message in (one.message for one in shown):
        if message.kind is MessageKind.CUSTOMER:
            said.append(plain(message))
        elif message.kind is MessageKind.REPLY:
            said.clear()
    return said
