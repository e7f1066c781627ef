"""Shares as the benches state them: the Wilson interval, precision and recall."""

import math
from collections.abc import Iterable

_Z = 1.96


def wilson(right: int, of: int) -> list[float]:
    """The 95 % interval of a share (Wilson 1927), least and most."""
    if not of:
        return [0.0, 1.0]
    share, width = right / of, _Z**2 / of
    middle = (share + width / 2) / (1 + width)
    reach = _Z * math.sqrt(share * (1 - share) / of + width / (4 * of)) / (1 + width)
    return [round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)]


def precision_and_recall(pairs: Iterable[tuple[bool, bool]]) -> dict[str, list[object]]:
    """Both over pairs of what is so and what was called so: right, of how many, and the interval."""
    every = list(pairs)
    right = sum(so and called for so, called in every)
    called, so = sum(called for _, called in every), sum(so for so, _ in every)
    return {
        "precision": [right, called, wilson(right, called)],
        "recall": [right, so, wilson(right, so)],
    }
