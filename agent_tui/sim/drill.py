"""Practice for helpers: customers from a pack's field whose right answers are known, and what came of each.

Pure: no server, no screen, no clock. A front end shows `customers`, tells `Drill.take` what the helper did
and in how many seconds, and shows the `Verdict` and, at the end, the `Outcome`.
"""

import statistics
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from agent_tui.domain.text import fold
from agent_tui.knowledge.packs import Pack, ResolvedPack

DrillStage = Literal["skills", "scenes", "live"]
Deed = Literal["answer", "card", "hand-over", "ask"]
Situation = Literal[
    "none", "unpaid", "unshipped", "overdue", "just-shipped", "moving", "stuck", "signed", "returning",
    "refunding",
]  # fmt: skip

STAGES: tuple[DrillStage, ...] = ("skills", "scenes", "live")
CUSTOMERS = 15
RUDE = ("不知道", "没办法", "你自己", "不归我", "爱买不买", "看不懂", "急什么", "not my problem", "calm down")


class DrillCustomer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One customer of a drill: what they say, in which situation, and what is right.

    `right` are the entries that answer them, best first; `wrong` those that look right and are not;
    `procedure` is the one to work through first; `kind` are words of which a good answer has one.
    """

    id: str
    stage: DrillStage
    situation: Situation
    says: tuple[str, ...]
    tone: str
    deed: Deed = "answer"
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    card: str = ""
    procedure: str = ""
    kind: tuple[str, ...] = ()


class DrillSet(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"customers": "customer"}
):
    """The customers to practise one pack with, easiest first."""

    pack: str
    customers: tuple[DrillCustomer, ...]

    def stage(self, stage: DrillStage) -> tuple[DrillCustomer, ...]:
        """The customers of one part of the training plan: skills, scenes, then live."""
        return tuple(one for one in self.customers if one.stage == stage)


class Done(Struct, frozen=True, kw_only=True):
    """What the helper did for a customer: `text` was sent, `seconds` after the customer had spoken."""

    customer: str
    deed: Deed
    seconds: float
    entry: str = ""
    card: str = ""
    text: str = ""
    ticked: tuple[str, ...] = ()


class Verdict(Struct, frozen=True, kw_only=True):
    """How one customer went. `is_safe` says that nothing wrong went out: asking is safe, though not right.

    `should` is the title of the right answer or card and `say` its text; `tone` is the hint for this customer
    and `rude` what was said that should not be; `skipped` is the procedure that was not worked through.
    """

    customer: str
    deed: Deed
    is_right: bool
    is_safe: bool
    seconds: float
    should: str
    say: str
    tone: str
    is_kind: bool
    rude: tuple[str, ...] = ()
    skipped: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """A whole drill: counts, the median of the seconds, and the entries to reread, most missed first."""

    pack: str
    version: int
    customers: int
    right: int
    asked: int
    unsafe: int
    seconds: float
    reread: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


class Drill:
    """One run through the customers of a set with a pack; each customer counts once, the last time."""

    def __init__(self, pack: ResolvedPack, customers: Iterable[DrillCustomer]) -> None:
        self._pack = pack
        self.customers = tuple(customers)
        self._known = {one.id: one for one in self.customers}
        self._verdicts: dict[str, Verdict] = {}

    @property
    def left(self) -> tuple[DrillCustomer, ...]:
        """The customers that nothing was done for yet."""
        return tuple(one for one in self.customers if one.id not in self._verdicts)

    def take(self, done: Done) -> Verdict:
        """Judge what was done. Raises KeyError for a customer who is not in the drill."""
        verdict = judge(self._known[done.customer], done, self._pack)
        self._verdicts[done.customer] = verdict
        return verdict

    def outcome(self) -> Outcome:
        """What came of the customers so far."""
        verdicts = tuple(self._verdicts[one.id] for one in self.customers if one.id in self._verdicts)
        return Outcome(
            pack=self._pack.pack.id,
            version=self._pack.pack.version,
            customers=len(verdicts),
            right=sum(one.is_right for one in verdicts),
            asked=sum(one.deed == "ask" for one in verdicts),
            unsafe=sum(not one.is_safe for one in verdicts),
            seconds=statistics.median([one.seconds for one in verdicts]) if verdicts else 0.0,
            reread=self._reread(verdicts),
            verdicts=verdicts,
        )

    def _reread(self, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
        missed = [self._known[one.customer] for one in verdicts if not one.is_right]
        entries = [entry for one in missed for entry in (*one.right[:1], *one.wrong)]
        return tuple(sorted(dict.fromkeys(entries), key=lambda entry: -entries.count(entry)))


def judge(customer: DrillCustomer, done: Done, pack: ResolvedPack) -> Verdict:
    """Whether `done` was right for `customer`, and what should have been said."""
    is_right = _is_right(customer, done)
    should, say = _should(customer, pack)
    said = fold(done.text)
    return Verdict(
        customer=customer.id,
        deed=done.deed,
        is_right=is_right,
        is_safe=is_right or done.deed in ("ask", "hand-over"),
        seconds=done.seconds,
        should=should,
        say=say,
        tone=customer.tone,
        is_kind=not customer.kind or any(fold(word) in said for word in customer.kind),
        rude=tuple(word for word in RUDE if word in said),
        skipped="" if customer.procedure in ("", *done.ticked) else customer.procedure,
    )


def _is_right(customer: DrillCustomer, done: Done) -> bool:
    if customer.deed != done.deed:
        return False
    if customer.deed == "answer":
        return done.entry in customer.right
    return customer.deed != "card" or done.card == customer.card


def _should(customer: DrillCustomer, pack: ResolvedPack) -> tuple[str, str]:
    """Title and text of what is right; both empty where it is to hand over or to ask."""
    card = pack.pack.card(customer.card)
    if card is not None:
        return card.title, card.say
    found = (pack.get(entry) for entry in customer.right)
    answer = next((one for one in found if one is not None), None)
    return (answer.title, answer.entry.text) if answer is not None else ("", "")


def values_of(situation: Situation, day: date) -> dict[str, str]:
    """The values that fill an answer's placeholders in a situation, with dates around `day`."""
    return {path: _value(value, day) for path, value in _situations()[situation].items()}


def drill_set(pack: Pack | str) -> DrillSet:
    """The built-in customers for a pack. Raises FileNotFoundError when there are none."""
    id = pack if isinstance(pack, str) else pack.id
    data = files(__package__).joinpath("drills", f"{id}.toml").read_bytes()
    return msgspec.toml.decode(data, type=DrillSet)


class _Days(Struct, frozen=True, forbid_unknown_fields=True):
    ago: int = 0
    ahead: int = 0


def _situations() -> Mapping[str, dict[str, str | _Days]]:
    data = files(__package__).joinpath("drills", "situations.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, dict[str, str | _Days]])


def _value(value: str | _Days, day: date) -> str:
    if isinstance(value, str):
        return value
    then = day + timedelta(days=value.ahead - value.ago)
    return f"{then.month} 月 {then.day} 日"
