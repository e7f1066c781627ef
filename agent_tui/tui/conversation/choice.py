"""Which message a person chose, what Enter would do with it, and what is copied of it; without a screen."""

from textual.message import Message as UiMessage

from agent_tui.desk import SendState, Shown
from agent_tui.domain.models import MessageKind
from agent_tui.i18n import texts
from agent_tui.tui.conversation.events import ConversationLeft, MendAsked, OpenAsked
from agent_tui.tui.widgets.message_lines import Target, fill, human_size, plain

_MENDABLE = (SendState.REFUSED, SendState.UNSURE, SendState.UNDELIVERED)


class ChosenMessage:
    """The chosen message, the link or file that was asked about, and the hint that tells of either."""

    def __init__(self) -> None:
        self.id = ""
        self.asked: Target | None = None
        self._leads_to = ""

    def choose(self, id: str) -> None:
        """Choose a message, or none for an empty `id`."""
        self.id = id
        self.forget_asked()

    def hint(self, shown: tuple[Shown, ...]) -> str:
        """What Enter would do: open what was asked about, or mend a reply, as long as it has failed."""
        if self.asked is not None:
            return self._leads_to
        return texts().conversation.retry_hint if self.failed(shown) is not None else ""

    def ask(self, target: Target, files_host: str) -> None:
        """Tell where `target` leads before it is opened."""
        self.asked = target
        self._leads_to = _where(target, files_host)

    def forget_asked(self) -> None:
        """Nothing is asked about any more."""
        self.asked = None

    def failed(self, shown: tuple[Shown, ...]) -> Shown | None:
        """The chosen message when it is a reply that failed."""
        return next((s for s in shown if s.message.id == self.id and s.state in _MENDABLE), None)

    def confirmed(self, shown: tuple[Shown, ...]) -> UiMessage:
        """What Enter means: open what was asked about, send the failed reply again, or back to writing."""
        if self.asked is not None:
            opened = OpenAsked(self.asked)
            self.forget_asked()
            return opened
        return MendAsked(self.id, again=True) if self.failed(shown) else ConversationLeft()

    def words(self, shown: tuple[Shown, ...]) -> str:
        """The words of the chosen message, or of the newest one."""
        wanted = [s.message for s in shown if s.message.id == self.id]
        newest = [s.message for s in shown if s.message.kind is not MessageKind.EVENT]
        return plain((wanted or newest)[-1]) if wanted or newest else ""

    def after(self, by: int, ids: list[str]) -> int:
        """The place in `ids` that is `by` further; the newest when none was chosen."""
        return ids.index(self.id) + by if self.id in ids else len(ids) - 1


def _where(target: Target, files_host: str) -> str:
    words = texts().conversation
    if target.file is None:
        return fill(words.open_link, {"host": target.host})
    size = human_size(target.file.size)
    return fill(words.open_file, {"name": target.file.name, "size": size, "host": files_host})
