"""The seam to a drill: who leads it sends the customers and knows what was right; screens only show it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec import Struct

from agent_tui.i18n import texts
from agent_tui.tui.helper.strips import Progress


class Judged(Struct, frozen=True, kw_only=True):
    """One customer of a drill: what they said, what was done, and what should have been."""

    said: str
    done: str
    is_right: bool
    is_safe: bool
    seconds: float
    should: str
    say: str
    tone: str
    remarks: tuple[str, ...] = ()


class Result(Struct, frozen=True, kw_only=True):
    """A drill that is over; `reread` are the titles worth reading again."""

    title: str
    right: int
    asked: int
    unsafe: int
    seconds: float
    reread: tuple[str, ...]
    customers: tuple[Judged, ...]

    def summary(self) -> str:
        """The counts in one line."""
        return texts().drill.sum.format(
            total=len(self.customers), right=self.right, asked=self.asked, unsafe=self.unsafe,
            seconds=f"{self.seconds:.0f}",
        )  # fmt: skip


class Coach(Protocol):
    """Leads a drill below the screen."""

    # Tells the lead and answers what to say about it; null when there is nobody to tell.
    send: Callable[[], Awaitable[str]] | None

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        ...

    def start(self) -> None:
        """Let the first customer come."""
        ...

    def result(self) -> Result | None:
        """What came of it, once it is over."""
        ...
