"""The line over the text that asks and tells: what it says goes when what it speaks of has gone."""

from collections.abc import Callable

from textual.widgets import Static

from agent_tui.tui.composer.field import ComposerField


class ComposerNotice(Static):
    """Speaks of what is in `field` as it stands: another text takes it away, unless it still `holds`."""

    def __init__(self, field: ComposerField) -> None:
        super().__init__("", classes="composer--notice", markup=False)
        self._field = field
        self._over = ""
        self._holds: Callable[[], bool] | None = None

    def say(self, words: str, holds: Callable[[], bool] | None = None) -> None:
        """Say `words`, or nothing."""
        self._over, self._holds = self._field.text, holds
        self.update(words)
        self.set_class(bool(words), "-shown")

    def tell(self, words: str, holds: Callable[[], bool]) -> None:
        """Say `words` as long as it `holds`; without words, look whether what is said still does."""
        self.say(words, holds) if words else self.look_again()

    def look_again(self) -> None:
        """The text, or what was found in it, may have changed."""
        stays = self._holds() if self._holds is not None else self._field.text == self._over
        if not stays:
            self.say("")
