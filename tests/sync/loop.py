"""An event loop whose time jumps to the next timer as soon as nothing else is to be done."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from agent_tui.errors import AgentTuiError

T = TypeVar("T")

START = 1_700_000_000.0


class _Jumping(selectors.DefaultSelector):
    """Never waits for time to pass: it says how much would have."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout > 0:
            self.passed += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop on its own time."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed

    def clock(self) -> float:
        """Epoch seconds; kept apart from the loop's time, which needs the small digits."""
        return START + self._jumping.passed

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """Work for a thread is done at once: the same steps lead to the same state."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except (AgentTuiError, OSError) as error:
            done.set_exception(error)
        return done

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.run_until_complete(work)
