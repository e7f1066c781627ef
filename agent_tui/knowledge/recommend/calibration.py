"""Calibration: signals to the probability that an entry answers, by logistic regression (Cox 1958).

The weights stand in a file beside the other data, with how they were made. Stars are bands of the
probability; two lines on it say what is shown unasked, and what a helper may be shown.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct, convert

from agent_tui.knowledge.recommend.signals import NAMES

Array = Any


class ChanceLines(Struct, frozen=True, kw_only=True):
    """Probabilities from which something happens: an answer is shown, or beside one that is; a helper may
    trust it; it has stars."""

    shown: float
    beside: float
    certain: float
    stars: tuple[float, float, float]


class Calibration(Struct, frozen=True, kw_only=True):
    """A weight for each signal, in the order of `NAMES`; a signal the file doesn't name counts nothing.

    `slope` and `shift` (Platt 1999) take back what is promised too much: what ranks first is more often there
    by luck than its weights know.
    """

    bias: float
    slope: float
    shift: float
    weights: dict[str, float]
    lines: ChanceLines

    def logits(self, signals: Array) -> Array:
        """The log odds that each row's entry answers."""
        import numpy as np

        fit = signals @ np.array([self.weights.get(name, 0.0) for name in NAMES]) + self.bias
        return fit * self.slope + self.shift

    def stars(self, probability: float) -> int:
        """The band of a probability, 0 to 3."""
        return sum(probability >= line for line in self.lines.stars)


@cache
def calibration() -> Calibration:
    """The shipped weights."""
    text = (files("agent_tui.knowledge") / "data" / "advice.toml").read_text("utf-8")
    return convert(tomllib.loads(text), Calibration)


def probabilities(logits: Array) -> Array:
    """Log odds to probabilities."""
    import numpy as np

    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def fitted(
    signals: Array, labels: Sequence[float], weights: Array, strength: float, towards: Array | None = None
) -> Array:
    """Bias and weights that fit best (Newton's method), held to a guess by `strength`, the bias free.

    `signals` should be of a like scale; `weights` says how much each row counts.
    """
    import numpy as np

    rows = np.hstack([np.ones((len(signals), 1)), signals])
    wanted, found = np.asarray(labels, dtype=float), np.zeros(rows.shape[1])
    held = np.full(rows.shape[1], strength)
    held[0] = 1e-6
    guess = np.zeros(rows.shape[1]) if towards is None else np.concatenate([[0.0], towards])
    for _ in range(40):
        chances = probabilities(rows @ found)
        slope = rows.T @ (weights * (chances - wanted)) + held * (found - guess)
        bend = (rows * (weights * chances * (1 - chances))[:, None]).T @ rows + np.diag(held)
        step = np.linalg.solve(bend, slope)
        found -= step
        if float(np.abs(step).max()) < 1e-7:
            break
    return found
