"""The cast of a day: who comes when, with what question and which order, all from one seed."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from msgspec import Struct

from agent_tui.sim.match import Values
from agent_tui.sim.openings import AFTER_SALES, CHANNELS, Opening, select
from agent_tui.sim.settings import DaySettings
from agent_tui.sim.voices import varied
from agent_tui.sim.waves import ArrivalTime, Wave, arrivals, waves
from agent_tui.sim.world import InventedOrder, InventedPerson, invent_order, invent_person, values

ENGLISH = 0.1
_PICTURES = 0.1
_PAST_ORDERS = 0.35


class Case(Struct, frozen=True, kw_only=True):
    """Everything about one customer before the first word: question, person, order, channel, moment.

    `arrival` is in seconds after the start of the day; `values` are what facts and supplies may name.
    """

    index: int
    opening: Opening
    messages: tuple[str, ...]
    person: InventedPerson
    order: InventedOrder | None
    past: tuple[InventedOrder, ...]
    channel: str
    arrival: float
    wave: str
    has_picture: bool
    seed: str
    values: Values


class _Deck:
    """Openings drawn without repeating one before all of its category and language were used.

    However many openings the bank has in English, one customer in ten writes it.
    """

    def __init__(self, openings: Sequence[Opening], rng: random.Random) -> None:
        self._rng = rng
        self._all: dict[str, dict[str, list[Opening]]] = defaultdict(lambda: defaultdict(list))
        for opening in openings:
            self._all[opening.category][opening.language].append(opening)
        self._left: dict[tuple[str, str], list[Opening]] = defaultdict(list)
        self._rounds: dict[tuple[str, str], int] = defaultdict(int)

    def draw(self, wave: Wave) -> tuple[Opening, bool]:
        """The next opening of a category this wave brings, and whether it was heard before."""
        sizes = {category: sum(map(len, known.values())) for category, known in self._all.items()}
        weights = [wave.more.get(category, 1.0) * size**0.5 for category, size in sizes.items()]
        category = self._rng.choices(list(sizes), weights)[0]
        pile = category, self._language(category)
        if not self._left[pile]:
            known = self._all[category][pile[1]]
            self._left[pile] = self._rng.sample(known, len(known))
            self._rounds[pile] += 1
        return self._left[pile].pop(), self._rounds[pile] > 1

    def _language(self, category: str) -> str:
        known = self._all[category]
        wanted = "en" if self._rng.random() < ENGLISH else "zh"
        return wanted if wanted in known else next(iter(known))


def make_cast(settings: DaySettings, channels: Sequence[str], now: datetime) -> list[Case]:
    """The day of `settings` on these channels, in order of arrival; orders are dated around `now`."""
    rng = random.Random(f"{settings.seed}:day")
    deck = _Deck(select(settings.held_out, settings.field), rng)
    by_name = {wave.name: wave for wave in waves(settings.peak)}
    day = _from_begin(arrivals(rng, settings.customers, settings.minutes, settings.peak), settings)
    cases = []
    for index, arrival in enumerate(day):
        opening, again = deck.draw(by_name[arrival.wave])
        cases.append(_case(settings.seed, index, opening, again, channels, now, arrival.at, arrival.wave))
    return cases


def _from_begin(day: list[ArrivalTime], settings: DaySettings) -> list[ArrivalTime]:
    """The arrivals of a day that is joined at `begin`, with `waiting` customers there already."""
    came = max(settings.waiting, sum(arrival.at < settings.begin * 60 for arrival in day))
    since = max(settings.begin * 60, day[came - 1].at) if came else 0.0
    there = [ArrivalTime(0.0, arrival.wave) for arrival in day[came - settings.waiting : came]]
    return there + [ArrivalTime(arrival.at - since, arrival.wave) for arrival in day[came:]]


def make_case(opening: Opening, seed: int, now: datetime, index: int = 0, reworded: bool = False) -> Case:
    """One case by itself, for drills and benches; `reworded` varies the words of its opening."""
    return _case(seed, index, opening, reworded, CHANNELS, now, 0.0, "")


def _case(
    seed: int,
    index: int,
    opening: Opening,
    again: bool,
    channels: Sequence[str],
    now: datetime,
    arrival: float,
    wave: str,
) -> Case:
    rng = random.Random(f"{seed}:{index}:{opening.id}")
    person = invent_person(rng, f"c{seed}-{index:05d}", opening.language)
    number = _number(seed, index, now)
    order = invent_order(rng, number, person.id, opening.state, now)
    return Case(
        index=index,
        opening=opening,
        messages=varied(opening, rng) if again else opening.messages,
        person=person,
        order=order,
        past=_past(rng, number, person.id, now),
        channel=_channel(rng, opening, channels),
        arrival=arrival,
        wave=wave,
        has_picture=opening.category in AFTER_SALES and rng.random() < _PICTURES,
        seed=f"{seed}:{index}",
        values=values(person, order),
    )


def _channel(rng: random.Random, opening: Opening, channels: Sequence[str]) -> str:
    heard_on: tuple[str, ...] = opening.channels
    fitting = [name for name in channels if name in heard_on]
    spoken = fitting or [name for name in channels if name != "live"] or list(channels)
    return rng.choice(spoken)


def _number(seed: int, index: int, now: datetime) -> str:
    """An order number as shops print them: the day, then digits that differ by seed and customer."""
    return f"{now:%Y%m%d}{crc32(str(seed).encode()) % 10_000:04d}{index:06d}"


def _past(rng: random.Random, number: str, customer_id: str, now: datetime) -> tuple[InventedOrder, ...]:
    if rng.random() >= _PAST_ORDERS:
        return ()
    state = rng.choices(("delivered", "refunded"), (85, 15))[0]
    order = invent_order(
        rng, f"{number}9", customer_id, "delivered" if state == "delivered" else "refunded", now
    )
    return () if order is None else (order,)
