"""What the parts of the helper's screen need of the screen."""

from typing import Protocol


class HelperFloor(Protocol):
    """What errands need of the screen."""

    def say(self, words: str, *, trouble: bool = False) -> None:
        """A short word in the corner; one that reports trouble stays longer."""

    def sent(self) -> None:
        """A reply is on its way: what was typed to find it, or was it, has served."""

    def finish(self) -> None:
        """The shift is over."""
