"""What waits until the person's hand rests: a new order of the queue, and the ticket where it stopped."""

import asyncio
from collections.abc import Callable

from agent_tui.tui.settling import Settling

HAND_SECONDS = 0.8
REST_SECONDS = 0.08
_SOONEST = 0.02
_COSTS = 20


class MovingHand:
    """When the hand last moved, and the timers that wait for it.

    `clock` gives seconds that only grow. `reorder` is called once no key has come for a while, `rest` as soon
    as the cursor stays where it is.
    """

    def __init__(
        self, clock: Callable[[], float], reorder: Callable[[], None], rest: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._reorder = reorder
        self._rest = rest
        self._moved_at = float("-inf")
        self._settling = Settling(clock)
        self._order_cost = 0.0
        self._ordering: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None

    def moved(self) -> None:
        """A key or the pointer came."""
        self._moved_at = self._clock()

    def switched(self) -> None:
        """The ticket under the cursor became another one by itself."""
        self._settling.changed()

    def settled(self) -> None:
        """The person chose what is under the cursor now."""
        self._settling.chosen()

    @property
    def knows(self) -> bool:
        """Whether the person can have seen what is under the cursor."""
        return self._settling.is_settled

    def order_soon(self) -> None:
        """Put all in order when the hand rests; the more seldom, the more an ordering costs."""
        if self._ordering is None:
            left = self._moved_at + HAND_SECONDS - self._clock()
            wait = max(left, _COSTS * self._order_cost, _SOONEST)
            self._ordering = asyncio.get_running_loop().call_later(wait, self._order_if_rests)

    def rest_soon(self) -> None:
        """Tell where the cursor is when it has stayed there for an instant."""
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(REST_SECONDS, self._rests)

    def ordered(self, cost: float) -> None:
        """All is in order, which took `cost` seconds: no need to wait for it."""
        self._order_cost = cost
        self._cancel_ordering()

    def stop(self) -> None:
        """Let go of what was to come."""
        self._cancel_ordering()
        if self._resting is not None:
            self._resting.cancel()

    def _cancel_ordering(self) -> None:
        if self._ordering is not None:
            self._ordering.cancel()
            self._ordering = None

    def _order_if_rests(self) -> None:
        self._ordering = None
        if self._clock() - self._moved_at < HAND_SECONDS:
            self.order_soon()
        else:
            self._reorder()

    def _rests(self) -> None:
        self._resting = None
        self._rest()
