"""What differs between the recording and a play, and which differences are wanted."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.replay.steps import Lines, Stream

KNOWN = Path(__file__).with_name("known.jsonl")
# Fault 6: the helpdesk in memory told of a customer only when the shop did; now with every message, as the
# server always has. What it tells is compared there.
_UNTOLD = {"memory": "customer "}


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step that brings other lines than it did: those that are `gone` and those that `came`.

    `why` is the fault of the old rules that the difference mends, or the decision it follows from.
    """

    why: str = ""
    stream: str
    where: str
    step: int
    gone: tuple[str, ...] = ()
    came: tuple[str, ...] = ()

    @property
    def bare(self) -> "Difference":
        """The same without its reason."""
        return msgspec.structs.replace(self, why="")


def known() -> list[Difference]:
    """The differences that are wanted."""
    return [msgspec.json.decode(line, type=Difference) for line in KNOWN.read_bytes().splitlines()]


def expected(stream: Stream, where: str, recorded: list[Lines]) -> list[Lines]:
    """What is to follow each step now: the recording with the differences that are wanted."""
    steps = [Counter(lines) for lines in recorded]
    for one in known():
        if (one.stream, one.where) == (stream.name, where):
            steps[one.step] = steps[one.step] - Counter(one.gone) + Counter(one.came)
    return [list(lines.elements()) for lines in steps]


def differences(stream: Stream, where: str, before: list[Lines], after: list[Lines]) -> Iterator[Difference]:
    """Where `after` is not as `before` was."""
    for step, pair in enumerate(zip(before, after, strict=True)):
        old, new = (_told(where, lines) for lines in pair)
        if old != new:
            gone, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
            yield Difference(
                stream=stream.name,
                where=where,
                step=step,
                gone=tuple(gone.elements()),
                came=tuple(came.elements()),
            )


def _told(where: str, lines: Lines) -> Lines:
    """The lines that are compared."""
    untold = _UNTOLD.get(where)
    return [line for line in lines if untold is None or not line.startswith(untold)]


def told(stream: Stream, difference: Difference) -> str:
    """A difference for a person: what was asked, what followed then and what follows now."""
    step = msgspec.json.encode(stream.steps[difference.step]).decode()
    lines = [f"{stream.name} ({difference.where}), step {difference.step}: {step}"]
    lines += [f"  - {line}" for line in difference.gone] + [f"  + {line}" for line in difference.came]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  the same lines in another order"])
