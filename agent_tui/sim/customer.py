"""One customer: asks, waits, answers, thanks, asks again, gets angry, leaves. Pure: no clock, no network.

Times are seconds on whatever clock the caller keeps. Given a case and the same replies at the same moments, a
customer says the same things. Whatever the replies, a customer ends: each kind of patience is finite.
"""

import random
from enum import StrEnum

from msgspec import Struct

from agent_tui.sim.cast import Case
from agent_tui.sim.heard import Heard, hear
from agent_tui.sim.voices import voices

_NAGS = (0.3, 0.55, 0.8)
_HOLDS, _GREETINGS = 3, 2
_HOLD_BUYS, _GREETING_BUYS = 150.0, 60.0
_REMEMBERED = 3
_CHANNEL_PATIENCE = {"email": 12.0, "social": 3.0, "live": 0.8, "phone": 0.8}
_TIER_PATIENCE = {"vip": 0.85}
_ALWAYS_KNOWN = {
    "name": "customer.name",
    "phone": "customer.phone",
    "address": "customer.address",
    "order": "order.number",
}


class Stage(StrEnum):
    """Where a customer stands: `helped` and `left` are final."""

    WAITING = "waiting"
    HELPED = "helped"
    LEFT = "left"


class Says(Struct, frozen=True):
    """One message of a customer; with `picture` it carries a photo, and `text` may be empty."""

    text: str
    picture: bool = False


class CustomerPace(Struct, frozen=True):
    """How many seconds people take between two bubbles and before they react; `patience` scales theirs."""

    gap: tuple[float, float] = (1.5, 6.0)
    reaction: tuple[float, float] = (4.0, 15.0)
    patience: float = 1.0


AS_PEOPLE = CustomerPace()
AT_ONCE = CustomerPace(gap=(0.0, 0.0), reaction=(0.0, 0.0))


class SimulatedCustomer:
    """A customer who starts to ask at `start`: call `tick` at `next_at`, `receive` with every reply.

    Both return what the customer says now. `AT_ONCE` as pace makes every reaction immediate, for drills and
    benches without a clock.
    """

    def __init__(self, case: Case, start: float = 0.0, pace: CustomerPace = AS_PEOPLE) -> None:
        self.case = case
        self.stage = Stage.WAITING
        self.anger = 1 if case.opening.category == "complaint" else 0
        self.asked_at: float | None = None
        self.first_reply_at: float | None = None
        self.ended_at: float | None = None
        self.sent = self.received = self.strikes = 0
        self._pace = pace
        self._rng = random.Random(case.seed)
        self._voice = voices()[case.opening.language]
        self._patience = self._draw_patience()
        self._strikes_allowed = self._rng.randint(3, 5)
        self._holds = self._greetings = 0
        self._given: set[str] = set()
        self._recent: list[str] = []
        self._queue: list[tuple[float, Says]] = []
        self._plan_opening(start)

    @property
    def is_done(self) -> bool:
        """Whether nothing more will be said, whatever comes."""
        return self.stage is not Stage.WAITING and not self._queue

    @property
    def is_angry(self) -> bool:
        """Whether the customer lost their temper at some point."""
        return self.anger >= 2

    @property
    def next_at(self) -> float | None:
        """When to call `tick` next; None when nothing will happen by itself."""
        if self._queue:
            return self._queue[0][0]
        return self._next_nag() if self.stage is Stage.WAITING else None

    def tick(self, now: float) -> list[Says]:
        """What the customer says by `now` on their own: the opening, a due reaction, nagging, a farewell."""
        said = self._due(now)
        if self.stage is Stage.WAITING and not self._queue and now >= self._next_nag():
            said.append(self._nag(now))
        if said and self.asked_at is None:
            self.asked_at = now
        self.sent += len(said)
        return said

    def receive(self, reply: str, now: float) -> list[Says]:
        """Take a reply of the desk; a reaction comes from here when it is immediate, else from `tick`."""
        self.received += 1
        if self.first_reply_at is None:
            self.first_reply_at = now
        if self.stage is Stage.WAITING:
            self._recent = [*self._recent, reply][-_REMEMBERED:]
            if self.case.opening.is_settled_by("\n".join(self._recent), self.case.values):
                self._thank(now)
            else:
                self._take(hear(reply), now)
        return self.tick(now)

    def _plan_opening(self, start: float) -> None:
        at = start
        for text in self.case.messages:
            self._queue.append((at, Says(text)))
            at += self._rng.uniform(*self._pace.gap)
        if self.case.has_picture:
            self._queue.append((at, Says("", picture=True)))
        self._wait_from(at)

    def _draw_patience(self) -> float:
        """Seconds until this customer leaves; most wait longer than five minutes."""
        rng = self._rng
        seconds = rng.uniform(150, 300) if rng.random() < 0.15 else 300 + rng.expovariate(1 / 240)
        factor = _CHANNEL_PATIENCE.get(self.case.channel, 1.0) * _TIER_PATIENCE.get(
            self.case.person.tier, 1.0
        )
        return seconds * factor * self._pace.patience

    def _wait_from(self, now: float) -> None:
        """Start to wait anew, with less patience after every reply that did not help."""
        self._since = now
        self._allowed = self._patience * 0.8**self.strikes
        self._nagged = 0

    def _next_nag(self) -> float:
        shares = (*_NAGS, 1.0)
        return self._since + self._allowed * shares[min(self._nagged, len(_NAGS))]

    def _due(self, now: float) -> list[Says]:
        said = [says for due, says in self._queue if due <= now]
        self._queue = self._queue[len(said) :]
        return said

    def _nag(self, now: float) -> Says:
        while self._nagged < len(_NAGS) and now >= self._since + self._allowed * _NAGS[self._nagged]:
            self._nagged += 1
        if now >= self._since + self._allowed:
            self._end(Stage.LEFT, now)
            return Says(self._rng.choice(self._voice.leave))
        self.anger = max(self.anger, self._nagged - 1)
        words = (self._voice.nag, self._voice.nag_more, self._voice.nag_angry)[self._nagged - 1]
        return Says(self._rng.choice(words))

    def _react(self, text: str, now: float, picture: bool = False) -> None:
        last = self._queue[-1][0] if self._queue else now
        due = max(now, last) + self._rng.uniform(*self._pace.reaction)
        self._queue.append((due, Says(text, picture)))

    def _end(self, stage: Stage, now: float) -> None:
        self.stage = stage
        self.ended_at = now
        self._queue.clear()

    def _thank(self, now: float) -> None:
        words = self._voice.thanks_late if self.is_angry else self._voice.thanks
        if self.asked_at is None:
            self.asked_at = now
        self._end(Stage.HELPED, now)
        self._react(self._rng.choice(words), now)

    def _take(self, heard: Heard, now: float) -> None:
        if heard.asks:
            self._supply(sorted(heard.asks), now)
        elif heard.holds:
            self._hold(now)
        elif heard.greets and self._greetings < _GREETINGS:
            self._greet(heard, now)
        else:
            self._strike(self._asking_again(), now)

    def _supply(self, kinds: list[str], now: float) -> None:
        fresh = [kind for kind in kinds if kind not in self._given]
        if not fresh:
            self._strike(self._rng.choice(self._voice.given_already), now)
            return
        self._given.update(fresh)
        had = [(kind, value) for kind in fresh if (value := self._thing(kind))]
        for kind, value in had:
            words = self._rng.choice(self._voice.giving(kind)).replace("{value}", value)
            self._react(words, now, picture=kind == "photo")
        if not had:
            self._strike(self._rng.choice(self._voice.not_had), now)
        self._wait_from(now)

    def _thing(self, kind: str) -> str:
        """What the customer gives for `kind`; empty when they do not have it."""
        value = self.case.opening.supplies.get(kind) or f"{{{_ALWAYS_KNOWN.get(kind, '')}}}"
        slot = value.removeprefix("{").removesuffix("}")
        return value if slot == value else next(iter(self.case.values.get(slot, ())), "")

    def _hold(self, now: float) -> None:
        self._holds += 1
        if self._holds > _HOLDS:
            self._strike(self._rng.choice(self._voice.hold_enough), now)
            return
        self._allowed += _HOLD_BUYS * self._pace.patience
        if self._holds == 1 and self._rng.random() < 0.5:
            self._react(self._rng.choice(self._voice.patient), now)

    def _greet(self, heard: Heard, now: float) -> None:
        self._greetings += 1
        self._allowed += _GREETING_BUYS * self._pace.patience
        if heard.invites and self._greetings == 1:
            again = self.case.opening.reworded(self._rng)
            self._react(self._rng.choice(self._voice.restate).replace("{again}", again), now)

    def _asking_again(self) -> str:
        words = self._voice.again_angry if self.strikes >= 1 else self._voice.again
        return self._rng.choice(words).replace("{again}", self.case.opening.reworded(self._rng))

    def _strike(self, words: str, now: float) -> None:
        """A reply that did not help; a second bubble of the same reply, before a reaction, counts once."""
        if self._queue:
            return
        self.strikes += 1
        self.anger = max(self.anger, self.strikes)
        if self.strikes >= self._strikes_allowed:
            self._end(Stage.LEFT, now)
            words = self._rng.choice(self._voice.leave_strikes)
        self._wait_from(now)
        self._react(words, now)
