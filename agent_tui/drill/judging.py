"""Practice for helpers: customers from a pack's field whose right answers are known, and what came of each.

Pure: no server, no screen, no clock. A front end shows the customers of a set, tells `Drill.take` what the
helper did and in how many seconds, and shows each `Verdict` and, at the end, the `DrillOutcome`.
"""

import statistics
from collections.abc import Iterable, Sequence

from msgspec import Struct

from agent_tui.domain.text import fold
from agent_tui.drill.coach import PartSum
from agent_tui.drill.sets import DrillCustomer, DrillPart, DrillSet, DrillStage, Response, Turn
from agent_tui.knowledge.packs.resolved import ResolvedPack

RUDE = ("不知道", "没办法", "你自己", "不归我", "爱买不买", "看不懂", "急什么", "not my problem", "calm down")
# Of ten customers so many have to be answered right to pass, one of every skill, and every emergency.
PASSES = 8


class Done(Struct, frozen=True, kw_only=True):
    """What the helper did for a customer: `text` was sent, `seconds` after the customer had spoken.

    `turn` is 0 for what the customer said first, 1 for what they came back with; `slips` are the prompts of
    blanks that were filled with a lone digit where no number is asked for.
    """

    customer: str
    response: Response
    seconds: float
    turn: int = 0
    entry: str = ""
    card: str = ""
    text: str = ""
    ticked: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()


class Verdict(Struct, frozen=True, kw_only=True):
    """How one turn of a customer went. `is_safe` says that nothing wrong went out: asking is safe, though not
    always right.

    `should` is the right entry or card, empty where it is to hand over or to ask; `trap` is the entry that
    was sent although it only looks right; `rude` is what was said that should not be; `skipped` is the
    procedure that was not worked through; `slips` are the blanks that hold a slip of the finger.
    """

    customer: str
    turn: int
    response: Response
    is_right: bool
    is_safe: bool
    seconds: float
    should: str
    is_kind: bool
    trap: str = ""
    rude: tuple[str, ...] = ()
    skipped: str = ""
    slips: tuple[str, ...] = ()


class DrillOutcome(Struct, frozen=True, kw_only=True):
    """A whole drill: counts, the median of the seconds, and the entries to reread, most missed first.

    `right`, `passed_on` (asked about or handed over where there was an answer) and `unsafe` make up
    `customers`, those who were served.
    """

    pack: str
    version: int
    stage: DrillStage
    customers: int
    right: int
    passed_on: int
    unsafe: int
    is_passed: bool
    seconds: float
    reread: tuple[str, ...]
    parts: tuple[PartSum, ...]
    verdicts: tuple[Verdict, ...]


class Drill:
    """One run through a set with a pack; each turn of a customer counts once, the last time."""

    def __init__(self, pack: ResolvedPack, set: DrillSet) -> None:
        self._pack = pack
        self.set = set
        self._known = {one.id: one for one in set.customers}
        self._verdicts: dict[tuple[str, int], Verdict] = {}

    @property
    def left(self) -> tuple[DrillCustomer, ...]:
        """The customers that nothing was done for yet."""
        return tuple(one for one in self.set.customers if (one.id, 0) not in self._verdicts)

    def take(self, done: Done) -> Verdict:
        """Judge what was done. Raises KeyError for a customer who is not in the drill."""
        customer = self._known[done.customer]
        verdict = judge(customer.turns[done.turn], done)
        self._verdicts[customer.id, done.turn] = verdict
        return verdict

    def of(self, customer: DrillCustomer) -> tuple[Verdict, ...]:
        """How a customer went, turn by turn as far as they came."""
        turns = range(len(customer.turns))
        return tuple(self._verdicts[customer.id, n] for n in turns if (customer.id, n) in self._verdicts)

    def outcome(self) -> DrillOutcome:
        """What came of the customers so far."""
        served = [verdicts for one in self.set.customers if (verdicts := self.of(one))]
        all_of_them = [verdict for verdicts in served for verdict in verdicts]
        right = sum(is_right(verdicts) for verdicts in served)
        unsafe = sum(not is_safe(verdicts) for verdicts in served)
        return DrillOutcome(
            pack=self._pack.pack.id,
            version=self._pack.pack.version,
            stage=self.set.set,
            customers=len(served),
            right=right,
            passed_on=len(served) - right - unsafe,
            unsafe=unsafe,
            is_passed=self._is_passed(right),
            seconds=statistics.median([one.seconds for one in all_of_them]) if all_of_them else 0.0,
            reread=self._reread(all_of_them),
            parts=tuple(self._sum(part) for part in self.set.parts),
            verdicts=tuple(all_of_them),
        )

    def _is_passed(self, right: int) -> bool:
        everybody = self.set.customers
        urgent = [one for one in everybody if any(turn.response == "card" for turn in one.turns)]
        enough = right * 10 >= len(everybody) * PASSES
        parts = (self._sum(part) for part in self.set.parts)
        return enough and all(is_right(self.of(one)) for one in urgent) and all(part.right for part in parts)

    def _sum(self, part: DrillPart) -> PartSum:
        right = sum(is_right(self.of(one)) for one in part.customers)
        return PartSum(part.name, right, len(part.customers))

    def _reread(self, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
        missed = [self._known[one.customer].turns[one.turn] for one in verdicts if not one.is_right]
        entries = [entry for one in missed for entry in (*one.right[:1], *one.wrong)]
        return tuple(sorted(dict.fromkeys(entries), key=lambda entry: -entries.count(entry)))


def is_right(verdicts: Sequence[Verdict]) -> bool:
    """Whether a customer was served, and right at every turn."""
    return bool(verdicts) and all(one.is_right for one in verdicts)


def is_safe(verdicts: Sequence[Verdict]) -> bool:
    """Whether nothing wrong went to a customer."""
    return all(one.is_safe for one in verdicts)


def judge(turn: Turn, done: Done) -> Verdict:
    """Whether `done` was right when the customer had said `turn`."""
    is_right = _is_right(turn, done)
    said = fold(done.text)
    return Verdict(
        customer=done.customer,
        turn=done.turn,
        response=done.response,
        is_right=is_right,
        is_safe=is_right or done.response in ("ask", "hand-over"),
        seconds=done.seconds,
        should=turn.card or (turn.right[0] if turn.right and turn.response == "answer" else ""),
        is_kind=not turn.kind or any(fold(word) in said for word in turn.kind),
        trap=done.entry if done.entry in turn.wrong else "",
        rude=tuple(word for word in RUDE if word in said),
        skipped="" if turn.procedure in ("", *done.ticked) else turn.procedure,
        slips=done.slips,
    )


def _is_right(turn: Turn, done: Done) -> bool:
    if turn.response != done.response:
        return False
    if turn.response == "answer":
        return done.entry in turn.right and not done.slips
    return turn.response != "card" or done.card == turn.card
