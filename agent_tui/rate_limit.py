"""Rate limits: so many at once, then so many a second, for each key; the algorithm is GCRA, a token bucket.

`RateRule` counts with a number the caller keeps, such as in a row that several processes share; `RateLimit`
keeps the numbers of one process itself.
"""

import math
import time
from collections.abc import Callable

from pyrate_limiter import GCRA, Rate


class RateRule:
    """How many may come at once (`burst`) and how many a second after that."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._gcra = GCRA()
        # A rate is a whole number in an interval: a thousand seconds keep three places behind the point.
        self._rates = [Rate(max(1, round(per_second * 1000)), 1_000_000, burst)]

    def spend(self, used: int, at: float) -> tuple[int, float]:
        """One more at the moment `at` (seconds): what is used afterwards, and how many seconds to wait.

        A wait of 0 is a yes; otherwise nothing was spent. `used` is 0 for who never came, and whoever's
        number, microseconds, lies before `at` has nothing left to work off.
        """
        state, decision = self._gcra.step(self._rates, (used,), int(at * 1000), 1)
        return int(state[0]), (decision.retry_after_ms or 0) / 1000


class RateLimit:
    """One process's limit by key; only keys that have something left to work off are kept."""

    def __init__(
        self,
        per_second: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        most_keys: int = 10_000,
    ) -> None:
        self._rule = RateRule(per_second, burst)
        self._clock = clock
        self._most = most_keys
        self._used: dict[str, int] = {}

    def take(self, key: str) -> float:
        """Take one; how many seconds to wait when there is none, 0 when it was there."""
        used, wait = self._rule.spend(self._used.get(key, 0), self._clock())
        if not wait:
            self._keep(key, used)
        return wait

    def wait(self, key: str) -> float:
        """How many seconds until there is one to take, which is not taken."""
        return self._rule.spend(self._used.get(key, 0), self._clock())[1]

    def _keep(self, key: str, used: int) -> None:
        if key not in self._used and len(self._used) >= self._most:
            self._forget()
        self._used[key] = used

    def _forget(self) -> None:
        at = self._clock() * 1_000_000
        busy = {key: used for key, used in self._used.items() if used > at}
        # Under an attack from ever new addresses the busiest stay counted.
        kept = sorted(busy, key=busy.__getitem__)[-self._most // 2 :]
        self._used = {key: busy[key] for key in kept}


def retry_after(wait: float) -> str:
    """The `Retry-After` header for a wait: whole seconds, never too early."""
    return str(max(1, math.ceil(wait)))
