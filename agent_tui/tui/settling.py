"""The instant after something changed by itself, in which a key was meant for what stood there before."""

from collections.abc import Callable

SETTLE_SECONDS = 0.3


class Settling:
    """Whether a person can have seen what is under the hand; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed_at = float("-inf")

    def changed(self) -> None:
        """It became another one by itself."""
        self._changed_at = self._clock()

    def chosen(self) -> None:
        """The person chose it."""
        self._changed_at = float("-inf")

    @property
    def is_settled(self) -> bool:
        """Whether it has stood long enough to be seen."""
        return self._clock() - self._changed_at >= SETTLE_SECONDS
