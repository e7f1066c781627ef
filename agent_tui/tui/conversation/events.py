"""What the conversation tells the screen it stands on: what a person wants done with a message in it."""

from textual.message import Message as UiMessage

from agent_tui.tui.widgets.message_lines import Target


class ConversationLeft(UiMessage):
    """The person wants back to where they write."""


class CopyAsked(UiMessage):
    """The person wants `text` on the clipboard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class OpenAsked(UiMessage):
    """The person has seen where `target` leads and wants it open."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target


class MendAsked(UiMessage):
    """The person wants a failed reply sent again, or its text back."""

    def __init__(self, command: str, *, again: bool) -> None:
        super().__init__()
        self.command = command
        self.again = again
