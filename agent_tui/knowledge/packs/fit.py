"""How large the letters of a printed pack may be: heights reckoned in points from what has to be said.

The reckoning follows the print style (`pack_style`); it errs on the safe side by a tenth, because a line that
is cut off in print is worse than letters that are a little smaller.
"""

import math
from collections.abc import Iterable, Sequence

from agent_tui.knowledge.packs.format import EmergencyCard, Pack, Procedure, Step
from agent_tui.knowledge.packs.lint import wide

FRONT_SIZE = 9.6
_ANSWER_HEIGHT = 62.0
_ANSWER_WIDTH = 230.0
_COLUMN_HEIGHT = 716.0
_STEP_WIDTH = 228.0
_CARD_WIDTH = 244.0
_SIZES = tuple(size / 10 for size in range(96, 39, -2))
_FULL = 0.93


def gist_room(when: str, title: str) -> int:
    """How many wide characters of an answer's text fit below its when-line and its title."""
    width = _ANSWER_WIDTH / _FULL
    used = lines(when, width, 1.12 * FRONT_SIZE) * 1.12 * 1.3 * FRONT_SIZE
    used += lines(title, width, 0.92 * FRONT_SIZE) * 0.92 * 1.42 * FRONT_SIZE
    free = max(0, int((_ANSWER_HEIGHT - used) / (0.88 * 1.36 * FRONT_SIZE)))
    return int(free * _per_line(_ANSWER_WIDTH, 0.88 * FRONT_SIZE))


def columns(pack: Pack) -> tuple[tuple[Procedure, ...], tuple[Procedure, ...]]:
    """The procedures of the back's left column, and those that stand above the cards in its right one."""
    left = math.ceil(len(pack.procedures) / 2)
    return pack.procedures[:left], pack.procedures[left:]


def back_size(pack: Pack, seen: Sequence[str]) -> float:
    """The largest letters, in points, with which both columns of the back fit; `seen` is each card's row."""
    left, right = columns(pack)
    return next(
        (
            size
            for size in _SIZES
            if _procedures(left, size) <= _COLUMN_HEIGHT
            and _procedures(right, size) + _cards(pack.emergency, seen, size) <= _COLUMN_HEIGHT
        ),
        _SIZES[-1],
    )


def lines(text: str, width: float, size: float) -> int:
    """How many lines `text` takes at `size` points in `width` points."""
    return max(1, math.ceil(wide(text) / _per_line(width, size)))


def _per_line(width: float, size: float) -> float:
    return width / size * _FULL


def _procedures(procedures: Iterable[Procedure], size: float) -> float:
    return sum(14.0 + 1.1 * 1.42 * size + sum(_step(step, size) for step in one.steps) for one in procedures)


def _step(step: Step, size: float) -> float:
    small = 0.92 * size
    rows = lines(step.do, _STEP_WIDTH, size) * size
    rows += sum(lines(f"□□□□{text}", _STEP_WIDTH, small) * small for text in (step.check, step.if_fails))
    return 1.34 * rows + 3.2


def _cards(cards: Sequence[EmergencyCard], seen: Sequence[str], size: float) -> float:
    width = _CARD_WIDTH - 3 * size
    total = 20.0
    for card, row in zip(cards, seen, strict=True):
        rows = 1 + sum(lines(text, width, size) for text in (row, card.stop, card.say))
        total += 1.12 * 1.42 * size + 1.34 * size * rows + 14.0
    return total
