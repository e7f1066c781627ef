"""What stands against sending at this moment: the refusals, and the question that is asked once."""

from collections.abc import Callable

from msgspec import Struct

from agent_tui.desk import Desk
from agent_tui.domain.text import is_seen
from agent_tui.i18n import texts
from agent_tui.tui.composer.checks import LIMIT, first_blank, unseen
from agent_tui.tui.composer.field import ComposerField
from agent_tui.tui.composer.marks import Marking, questions, refusal
from agent_tui.tui.composer.mode import Mode
from agent_tui.tui.composer.question import question
from agent_tui.tui.conversation.widget import ConversationView
from agent_tui.tui.settling import Settling
from agent_tui.tui.widgets.message_lines import fill


class Objection(Struct, frozen=True):
    """Why the words do not go: a refusal, or a question that a second Enter answers."""

    words: str
    is_question: bool = False


class SendingGuard:
    """Checks what is in `field` before it goes to the ticket that `view` shows, at the time of `clock`."""

    def __init__(
        self,
        desk: Desk,
        view: ConversationView,
        field: ComposerField,
        marking: Marking,
        clock: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._view = view
        self._field = field
        self._marking = marking
        self._clock = clock
        self._ticket: str | None = None
        self._settling = Settling(clock)
        self._known: frozenset[str] = frozenset()
        self._asked: frozenset[str] = frozenset()

    def begin(self, ticket: str | None, *, by_itself: bool) -> None:
        """Guard another ticket; `by_itself` says that no key of the person's chose it."""
        self._ticket = ticket
        self._settling.changed() if by_itself else self._settling.chosen()
        self._asked = frozenset()

    def remember(self, before: float = float("inf")) -> None:
        """The draft begins: what a colleague said `before` was there to be read."""
        shown = self._desk.conversations.get(self._ticket).shown if self._ticket else ()
        self._known = frozenset(s.message.id for s in shown if s.message.at.timestamp() < before)

    def came_by_itself(self) -> None:
        """Text has come into the field that the hand was not in: an Enter behind it was not meant for it."""
        self._settling.changed()

    @property
    def is_asking(self) -> bool:
        """Whether a question stands."""
        return bool(self._asked)

    def take_back(self) -> None:
        """Ask anew next time."""
        self._asked = frozenset()

    def passed(self) -> None:
        """The words have gone: show them, whatever older ones were read, and ask anew of the next."""
        self.take_back()
        self._view.to_newest()

    def objection(self, mode: Mode, *, has_files: bool) -> Objection | None:
        """What stands against sending; a question only the first time. A blank that is left is selected."""
        refused = self._refusal(mode, has_files=has_files)
        if refused:
            return Objection(refused)
        asked = self._question() if mode.reaches_customer else ""
        return Objection(asked, is_question=True) if asked else None

    def _refusal(self, mode: Mode, *, has_files: bool) -> str:
        words, text = texts().composer, self._field.text
        if self._ticket is None:
            return words.no_ticket
        if not self._settling.is_settled:
            return words.changed_under
        if not is_seen(text) and not has_files:
            return words.empty
        if len(text) > LIMIT:
            return fill(words.too_long, {"limit": str(LIMIT)})
        blank = first_blank(text)
        if blank is not None:
            self._field.select_blank(blank.start())
            return fill(words.blank_left, {"prompt": blank.group(1)})
        return refusal(self._marking.checks(text)) if mode.reaches_customer else ""

    def _question(self) -> str:
        shown = self._desk.conversations.get(self._ticket or "").shown
        me, painted = self._desk.team.me.id, self._view.painted_at
        found = unseen(shown, me, self._known, painted, self._clock())
        marks = questions(self._marking.checks(self._field.text))
        asked = found.ids | {mark.key for mark in marks}
        if not asked - self._asked:
            return ""
        self._asked = self._asked | asked
        return question(found.shown, [mark.words for mark in marks])
