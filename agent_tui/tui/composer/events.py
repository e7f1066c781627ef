"""What the composer tells the screen it stands on: what was asked for by keys in it."""

from textual.message import Message as UiMessage


class ActionAsked(UiMessage):
    """A row of the table was asked for by a key that the text field answers itself.

    `typed` is the character as it came, for a Backspace that wants it back.
    """

    def __init__(self, id: str, numbers: tuple[int, ...] = (), typed: str = "") -> None:
        super().__init__()
        self.id = id
        self.numbers = numbers
        self.typed = typed


class ComposerLeft(UiMessage):
    """Esc: back to the queue."""


class ReplyLeft(UiMessage):
    """Another ticket came before the question whether to send was answered: the words stay unsent."""

    def __init__(self, ticket: str) -> None:
        super().__init__()
        self.ticket = ticket


class ApprovalAsked(UiMessage):
    """Enter in the empty field while a helper's reply awaits approval."""
