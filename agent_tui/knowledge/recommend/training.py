"""Training: a ridge classifier over usages, tuned by cross-validation, small enough to be shipped.

Folds keep the sends of one conversation together, lest memory pass for skill.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from agent_tui.knowledge.recommend.features import Features, features
from agent_tui.knowledge.recommend.ridge import held_out, reciprocal_rank, solve
from agent_tui.knowledge.recommend.usage_log import Usage
from agent_tui.knowledge.recommend.vectors import FeatureCells, FeatureSpace, Sparse, some, times_row

Array = Any

NEAREST = 30
SHARPNESS = 2.0
START_WEIGHTS = (0.7, 0.3, 1.0, 0.7, 0.25, 0.1)
_STRENGTHS = (0.3, 1.0, 3.0, 9.0)
_TUNING_ROWS = 1_200
_BLEND_ROWS = 2_000
_FEWEST_TO_TUNE = 120
FOLDS = 10
_NEIGHBOURS = 12
_TELLING = 6
_SHARED = 2


class Tuned(Struct, frozen=True):
    """What tuning chose: the weights of the feature groups and the ridge's strength."""

    weights: tuple[float, ...] = START_WEIGHTS
    strength: float = 0.5


class Trained(Struct, frozen=True):
    """A learner in the dual: the usages in their space, and each usage's pull on every class."""

    space: FeatureSpace
    cells: FeatureCells
    matrix: Sparse
    dual: Array
    labels: Array
    importance: Array
    centre: Array
    strength: float

    def similar(self, document: Features) -> Array:
        """The cosine of `document` with every usage."""
        cols, values = self.space.encode(document)
        return times_row(self.matrix, cols, values)

    def scores(self, similar: Array) -> Array:
        """What the ridge says of every class, given the cosines."""
        return similar.astype(self.dual.dtype) @ self.dual + self.centre


class HeldOutScores(Struct, frozen=True):
    """Scores of usages from models that had not seen their fold, for learning how to blend."""

    rows: Array
    learned: Array
    nearest: Array


def documents_of(usages: Sequence[Usage]) -> list[Features]:
    """The features of every usage's conversation."""
    return [features(usage.messages, usage.category) for usage in usages]


def train(
    usages: Sequence[Usage], documents: Sequence[Features], labels: Array, classes: int
) -> tuple[Trained, HeldOutScores]:
    """Learn from `usages`, whose entries are `labels` (numbers below `classes`).

    Deterministic; 5,000 usages of 160 entries take about 10 s on two cores.
    """
    import numpy as np

    space = FeatureSpace.spanned_by(documents, START_WEIGHTS)
    cells = space.cells(documents)
    importance = np.array([usage.weight for usage in usages])
    folds = folds_of(usages)
    tuned = _tune(space, cells, labels, classes, importance, folds)
    space = FeatureSpace(space.ids, space.rarity, np.array(tuned.weights))
    weighed = space.weighed(cells)
    kernel = space.gram(weighed)
    trained = _fit(space, weighed, kernel, labels, classes, importance, tuned.strength)
    return trained, _held_out(kernel, labels, classes, importance, folds, tuned.strength)


def _fit(
    space: FeatureSpace,
    weighed: FeatureCells,
    kernel: Array,
    labels: Array,
    classes: int,
    importance: Array,
    strength: float,
) -> Trained:
    targets, centre = _targets(labels, classes, importance)
    dual = solve(kernel, targets, strength, importance)
    matrix = space.matrix(weighed)
    return Trained(space, weighed, matrix, dual, labels, importance, centre, strength)


def narrowed(trained: Trained, documents: Sequence[Features], columns: Array) -> Trained:
    """The same learner trained again on a part of the features, so that what is shipped fits itself."""
    space = FeatureSpace(trained.space.ids[columns], trained.space.rarity[columns], trained.space.weights)
    weighed = space.weighed(space.cells(documents))
    classes = trained.dual.shape[1]
    kernel = space.gram(weighed)
    return _fit(space, weighed, kernel, trained.labels, classes, trained.importance, trained.strength)


def _targets(labels: Array, classes: int, importance: Array) -> tuple[Array, Array]:
    """One column a class, around the class's share, and that share."""
    import numpy as np

    ones = np.zeros((len(labels), classes), dtype=np.float32)
    ones[np.arange(len(labels)), labels] = 1
    centre = np.bincount(labels, weights=importance, minlength=classes) / max(importance.sum(), 1e-9)
    return ones - centre.astype(np.float32), centre.astype(np.float32)


def spread(count: int, most: int) -> Array:
    """At most `most` of `count` rows, evenly spread."""
    import numpy as np

    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def _tune(
    space: FeatureSpace, cells: FeatureCells, labels: Array, classes: int, importance: Array, folds: Array
) -> Tuned:
    """Group weights and strength by coordinate search over held-out ranks on a part of the usages."""
    import numpy as np

    rows = spread(cells.height, _TUNING_ROWS)
    if len(rows) < _FEWEST_TO_TUNE or len(np.unique(folds[rows])) < 2:
        return Tuned()
    kernels = space.group_grams(some(cells, rows))
    targets, centre = _targets(labels[rows], classes, importance[rows])

    def rank(weights: Sequence[float], strength: float) -> float:
        kernel = sum(part * (weight / sum(weights)) for part, weight in zip(kernels, weights, strict=True))
        scores = held_out(kernel, targets, strength, importance[rows], folds[rows]) + centre
        return reciprocal_rank(scores, labels[rows])

    return _search(rank)


def _search(rank: Any) -> Tuned:
    weights, strength = list(START_WEIGHTS), 0.3
    best, strength = max((rank(weights, strength), strength) for strength in _STRENGTHS)
    for group in range(len(weights)):
        for factor in (3.0, 1 / 3):
            tried = [weight * (factor if at == group else 1) for at, weight in enumerate(weights)]
            if (score := rank(tried, strength)) > best + 1e-4:
                best, weights = score, tried
                break
    best, strength = max((rank(weights, strength * factor), strength * factor) for factor in (0.6, 1.0, 1.7))
    return Tuned(tuple(weights), strength)


def _held_out(
    kernel: Array, labels: Array, classes: int, importance: Array, folds: Array, strength: float
) -> HeldOutScores:
    import numpy as np

    rows = spread(len(kernel), _BLEND_ROWS)
    part = kernel[np.ix_(rows, rows)]
    targets, centre = _targets(labels[rows], classes, importance[rows])
    learned = held_out(part, targets, strength, importance[rows], folds[rows]) + centre
    apart = np.where(folds[rows][:, None] == folds[rows][None, :], 0.0, part)
    votes = [nearest(row, labels[rows], importance[rows], classes) for row in apart]
    return HeldOutScores(rows, learned, np.array(votes))


def nearest(similar: Array, labels: Array, importance: Array, classes: int) -> Array:
    """The sum of the nearest usages' cosines for every class, the near ones counting more."""
    import numpy as np

    chosen = np.argpartition(-similar, min(NEAREST, len(similar) - 1))[:NEAREST]
    pull = np.clip(similar[chosen], 0, None) ** SHARPNESS * importance[chosen]
    return np.bincount(labels[chosen], weights=pull, minlength=classes)


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
