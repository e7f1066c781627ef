"""The four waves of a promotion day: when customers arrive, and what they come with in each."""

import random
from itertools import accumulate

from msgspec import Struct


class Wave(Struct, frozen=True, kw_only=True):
    """A stretch of the day: `minutes` long on a full day, `start` to `end` times the usual rate.

    The opening minute lasts five, with its echo.

    `more` weighs the categories this wave brings; what is not named weighs 1.
    """

    name: str
    minutes: float
    start: float
    end: float
    more: dict[str, float]


class ArrivalTime(Struct, frozen=True):
    """A customer comes `at` seconds after the start, in the wave of this name."""

    at: float
    wave: str


def waves(peak: float) -> tuple[Wave, ...]:
    """A promotion day with `peak` times the usual rate at its height (3 to 8)."""
    return (
        Wave(
            name="warm-up",
            minutes=120,
            start=1.0,
            end=max(1.5, peak / 2),
            more={"presale": 6, "promotion": 6, "coupon": 6, "price": 2, "live": 4, "stock": 3},
        ),
        Wave(
            name="opening",
            minutes=5,
            start=peak,
            end=peak,
            more={"stock": 6, "coupon": 6, "promotion": 4, "live": 6, "payment": 3, "order": 2},
        ),
        Wave(
            name="payment",
            minutes=60,
            start=peak,
            end=peak * 0.6,
            more={"payment": 8, "order": 5, "price": 5, "coupon": 3, "live": 3, "account": 2, "risk": 2},
        ),
        Wave(
            name="shipping",
            minutes=180,
            start=2.0,
            end=1.0,
            more={
                "logistics": 8,
                "return": 4,
                "exchange": 3,
                "refund": 4,
                "quality": 3,
                "complaint": 2,
                "invoice": 2,
                "price": 2,
                "live": 2,
            },
        ),
    )


def arrivals(rng: random.Random, customers: int, minutes: float, peak: float) -> list[ArrivalTime]:
    """When `customers` arrive over `minutes`, first to last, by the waves' rates."""
    day = waves(peak)
    scale = minutes * 60 / sum(wave.minutes for wave in day)
    starts = [0.0, *accumulate(wave.minutes * scale for wave in day)]
    shares = [wave.minutes * (wave.start + wave.end) for wave in day]
    picked = rng.choices(range(len(day)), shares, k=customers)
    moments = [(starts[which] + _within(rng, day[which]) * scale, day[which].name) for which in picked]
    return [ArrivalTime(at, name) for at, name in sorted(moments)]


def _within(rng: random.Random, wave: Wave) -> float:
    """Minutes into the wave, more often where its rate is higher."""
    while True:
        share = rng.random()
        rate = wave.start + (wave.end - wave.start) * share
        if rng.random() * max(wave.start, wave.end) <= rate:
            return share * wave.minutes
