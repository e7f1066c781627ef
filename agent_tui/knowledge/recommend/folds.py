"""Folds for held-out scores: sends of one conversation stay together, lest memory pass for skill."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from agent_tui.knowledge.recommend.usage_log import Usage

Array = Any

FOLDS = 10
_NEIGHBOURS = 12
_TELLING = 6
_SHARED = 2


def folds_of(usages: Sequence[Usage]) -> Array:
    """The fold of every usage.

    Usages belong to one conversation when they begin with the same words, or when they stand close together
    in the file and share two telling messages of the customer, as windows over one conversation do. What the
    agent says is not telling: canned texts recur everywhere.
    """
    import numpy as np

    groups: dict[str, int] = {}
    recent: deque[tuple[frozenset[str], int]] = deque(maxlen=_NEIGHBOURS)
    folds = np.zeros(len(usages), dtype=np.int64)
    count = 0
    for number, usage in enumerate(usages):
        said = frozenset(
            message.text
            for message in usage.messages
            if message.side == "customer" and len(message.text) >= _TELLING
        )
        opening = "\n".join(message.text for message in usage.messages[:2])
        near = next((group for other, group in reversed(recent) if len(said & other) >= _SHARED), None)
        group = near if near is not None else groups.get(opening, count)
        count = max(count, group + 1)
        if len(opening) >= _TELLING:
            groups[opening] = group
        recent.append((said, group))
        folds[number] = group % FOLDS
    return folds
