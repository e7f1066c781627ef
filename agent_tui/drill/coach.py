"""The seam to a drill: who leads it sends the customers and knows what was right; screens only show it."""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from msgspec import Struct

from agent_tui.i18n import texts

Grade = Literal["right", "passed-on", "wrong"]


class Step(Struct, frozen=True, kw_only=True):
    """One turn of a customer: what they said, what was done, and what should have been.

    `say` is the text of the right answer as it would have gone out, `find` what finds it when typed.
    """

    said: str
    done: str
    grade: Grade
    seconds: float
    should: str
    say: str
    find: str
    tone: str
    remarks: tuple[str, ...] = ()


class Judged(Struct, frozen=True, kw_only=True):
    """One customer of a drill, turn by turn."""

    grade: Grade
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """What their turns took together."""
        return sum(step.seconds for step in self.steps)


class PartSum(Struct, frozen=True):
    """Of the customers of a skill or scene, how many went right."""

    name: str
    right: int
    of: int


class Result(Struct, frozen=True, kw_only=True):
    """A drill that is over; `reread` are the titles worth reading again.

    `verdict` says whether it is passed and what comes next, `go_on` names what the key to go on begins.
    """

    title: str
    right: int
    passed_on: int
    unsafe: int
    is_passed: bool
    seconds: float
    reread: tuple[str, ...]
    verdict: str
    go_on: str
    parts: tuple[PartSum, ...]
    customers: tuple[Judged, ...]

    def summary(self) -> str:
        """The counts in one line."""
        return texts().drill.sum.format(
            total=len(self.customers), right=self.right, passed_on=self.passed_on, unsafe=self.unsafe,
            seconds=f"{self.seconds:.0f}",
        )  # fmt: skip


class Progress(Struct, frozen=True):
    """How far a drill has come, in which part of it.

    On a shift `here` is the seconds the customer on the screen has waited; `behind` wait, the first of them
    for `longest` seconds.
    """

    done: int
    total: int
    part: str = ""
    here: float | None = None
    behind: int = 0
    longest: float = 0.0


class Briefing(Struct, frozen=True, kw_only=True):
    """What is told before a skill, a scene or a shift begins: which it is, and how many customers come."""

    kind: str
    name: str
    told: str
    customers: str


class Reported(Struct, frozen=True, kw_only=True):
    """What came of telling the lead, in words; what is not told can be tried again."""

    words: str
    is_told: bool


class Coach(Protocol):
    """Leads a drill below the screen."""

    # Tells the lead; null when there is nobody to tell.
    send: Callable[[], Awaitable[Reported]] | None
    # Whether the person wishes to practise on, once the result has been read.
    goes_on: bool

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        ...

    @property
    def briefing(self) -> Briefing | None:
        """What is to be read before the next customer comes; `begin` lets them come."""
        ...

    def start(self) -> None:
        """Let the first customer come."""
        ...

    def begin(self) -> None:
        """The briefing has been read."""
        ...

    def result(self) -> Result | None:
        """What came of it, once it is over."""
        ...

    @property
    def goes_on_by(self) -> str:
        """The command that goes on once all who were only tried have gone; empty before that."""
        ...
