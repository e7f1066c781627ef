"""An emergency card: it covers everything and says three things: stop, say this, call that person."""

import time
from collections.abc import Iterable
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from agent_tui.i18n import texts
from agent_tui.knowledge.packs.resolved import EmergencyCard
from agent_tui.settings import Contact
from agent_tui.tui.helper.cover import Cover
from agent_tui.tui.helper.prose import Prose
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.widgets.message_lines import fill

SAY = "say"


class CardWords(Prose):
    """The three things, each under its own word."""

    def show(self, card: EmergencyCard, contact: Contact, *, is_told: bool) -> None:
        """Write them down."""
        words = texts().helper
        whom = " ".join(filter(None, (contact.name, contact.phone))) or words.card_lead
        runs = []
        for label, said in (
            (words.card_stop, card.stop),
            (words.card_say, card.say),
            (words.card_call, whom),
        ):
            runs += [(f"{label}\n", "late"), (f"{said}\n\n", "strong")]
        self.tell([*runs, (words.card_told if is_told else "", "calm")])


class CardPage(Cover[str]):
    """Answers `say` when the card's words shall be sent to the customer.

    A card that comes by itself may meet a hand in the middle of a word: keys count after `guard` seconds.
    """

    PLACES: ClassVar[tuple[Place, ...]] = (Place.PAGE, Place.CALL, Place.CARD)

    def __init__(
        self, ticket: str | None, card: EmergencyCard, contact: Contact, *, guard: float, can_say: bool
    ) -> None:
        super().__init__(ticket, fill(texts().helper.card, {"title": card.title}))
        self.card = card
        self._contact = contact
        self._guard = guard
        self._can_say = can_say
        self._opened = 0.0
        self._words = CardWords(classes="cover--words")

    def body(self) -> Iterable[Widget]:
        """The three things."""
        scroll = VerticalScroll(self._words, classes="cover--scroll")
        scroll.can_focus = False
        yield scroll

    def on_mount(self) -> None:
        """Loud, once."""
        self._opened = time.monotonic()
        self._words.show(self.card, self._contact, is_told=self._can_say)
        do = texts().helper.do
        say = [("card-say", do["card_say"])] if self._can_say else []
        self.keys.tell([*say, ("leave", do["card_close"])])

    def _is_early(self) -> bool:
        return time.monotonic() - self._opened < self._guard

    def action_say(self) -> None:
        """See the card's words as they would go to the customer."""
        if self._can_say and not self._is_early():
            self.dismiss(SAY)

    def action_leave(self) -> None:
        """Read and understood."""
        if not self._is_early():
            self.dismiss(None)
