"""What the composer tells the screen it stands on: what was asked for by keys in it, and what was sent."""

from textual.message import Message as UiMessage


class Sent(UiMessage, namespace="composer"):
    """A reply is on disk and on its way, or a note kept."""

    def __init__(self, ticket: str, command: str) -> None:
        super().__init__()
        self.ticket = ticket
        self.command = command


class PaletteAsked(UiMessage, namespace="composer"):
    """`/` in the empty field."""

    def __init__(self, typed: str) -> None:
        super().__init__()
        self.typed = typed


class HelpAsked(UiMessage, namespace="composer"):
    """`?` in the empty field."""

    def __init__(self, typed: str) -> None:
        super().__init__()
        self.typed = typed


class RecommendationAsked(UiMessage, namespace="composer"):
    """`1`, `2` or `3` in the empty field."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class LeaveAsked(UiMessage, namespace="composer"):
    """Esc: back to the queue."""


class ConversationAsked(UiMessage, namespace="composer"):
    """Up: into the conversation."""


class ApprovalAsked(UiMessage, namespace="composer"):
    """Enter in the empty field while a helper's reply awaits approval."""
