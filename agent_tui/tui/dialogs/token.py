"""A new token, typed unseen."""

from agent_tui.i18n import texts
from agent_tui.tui.dialogs.dialog import LineDialog


class TokenDialog(LineDialog):
    """Asked when the old one is no longer good."""

    def __init__(self) -> None:
        words = texts().dialog
        super().__init__(words.token_title, words.token_hint, secret=True)

    def wrong(self, value: str) -> str:
        """Anything but nothing; the server judges the rest."""
        return "" if value else texts().dialog.token_wrong
