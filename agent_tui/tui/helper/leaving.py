"""Leaving: a break, coming back from it, the end of the shift."""

from agent_tui.desk import Desk, new_id
from agent_tui.domain.commands import Command, Finish, SetAvailability
from agent_tui.domain.models import Availability
from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import Choice
from agent_tui.tui.helper.cover import Chooser
from agent_tui.tui.helper.covers import Covers
from agent_tui.tui.helper.floor import HelperFloor
from agent_tui.tui.submitting import submit

BREAK, FINISH = "break", "finish"


class Leaving:
    """Asks whether it is a break or the end, and wishes it of the desk."""

    def __init__(self, desk: Desk, screen: HelperFloor, covers: Covers) -> None:
        self._desk = desk
        self._screen = screen
        self._covers = covers

    def ask(self, ticket: str | None) -> None:
        """Break or finish; the server gives a customer who is here back to the queue, with a note."""
        if self._desk.team.me.availability is Availability.BREAK:
            self.come_back()
            return
        words = texts().helper
        choices = [Choice(value=value, label=words.leaving[value]) for value in (BREAK, FINISH)]

        def then(answer: str | None) -> None:
            if answer == BREAK:
                self._be(Availability.BREAK)
            elif answer == FINISH:
                self._finish()

        title = words.leave_with if ticket else words.leave
        self._covers.put(Chooser(None, title, choices), then)

    def _finish(self) -> None:
        # The token ends with the shift: what is still on its way has to arrive before.
        if self._desk.outbox.unsent():
            self._screen.say(texts().helper.leaving["unsent"], trouble=True)
        elif self._submit(Finish(id=new_id())):
            self._screen.finish()

    def come_back(self) -> None:
        """Back from a break; from a shift that is over, whoever ended it, no key leads back."""
        if self._desk.team.me.availability not in (Availability.ONLINE, Availability.OFFLINE):
            self._be(Availability.ONLINE)

    def _be(self, availability: Availability) -> None:
        self._submit(SetAvailability(id=new_id(), availability=availability))

    def _submit(self, command: Command) -> bool:
        return submit(self._desk, command, lambda words: self._screen.say(words, trouble=True))
