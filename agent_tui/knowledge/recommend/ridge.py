"""Ridge regression, in the dual (Saunders, Gammerman & Vovk 1998) or the primal, whichever is smaller.

Held-out predictions come with the one inverse (PRESS, Allen 1974; whole folds by An, Liu & Venkatesh 2007).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from agent_tui.knowledge.recommend.vectors import DIMENSIONS, FeatureCells

Array = Any

DUAL_UP_TO = 4_096
_CHUNK = 2_000


class Classes(NamedTuple):
    """What each document is to be told as: its class, the share of each class, how much it counts."""

    labels: Array
    centre: Array
    importance: Array

    @classmethod
    def of(cls, labels: Array, classes: int, importance: Array) -> "Classes":
        """The classes around their shares."""
        import numpy as np

        centre = np.bincount(labels, weights=importance, minlength=classes) / max(importance.sum(), 1e-9)
        return cls(labels, centre.astype(np.float32), np.maximum(importance, 0.05).astype(np.float32))

    def targets(self, start: int = 0, end: int | None = None) -> Array:
        """One column a class: 1 for a document's own, around the class's share."""
        import numpy as np

        labels = self.labels[start:end]
        ones = np.zeros((len(labels), len(self.centre)), dtype=np.float32)
        ones[np.arange(len(labels)), labels] = 1
        return ones - self.centre

    def some(self, chosen: Array) -> "Classes":
        """Those of the `chosen` documents."""
        return Classes(self.labels[chosen], self.centre, self.importance[chosen])


class Fitted(NamedTuple):
    """The pull of every dimension on every class, and what models would say of some rows that had not seen
    the rows of their fold among them."""

    pull: Array
    unseen: Array


def fit(
    cells: FeatureCells, classes: Classes, strengths: Sequence[float], rows: Array, folds: Array
) -> Fitted:
    """The fit of the strength that ranks `rows` best, each unseen; `folds` are theirs."""
    solve = dual if cells.height <= DUAL_UP_TO else primal
    own = classes.some(rows)
    found = solve(cells, classes, strengths, rows, folds)
    return max(found, key=lambda one: reciprocal_rank(one.unseen + own.centre, own.labels))


def dual(
    cells: FeatureCells, classes: Classes, strengths: Sequence[float], rows: Array, folds: Array
) -> Iterator[Fitted]:
    """The fit of each strength, by as many equations as there are documents."""
    matrix, targets = cells.dense(), classes.targets()
    kernel = matrix @ matrix.T
    for strength in strengths:
        inverse = _inverse(kernel, strength, classes.importance)
        weights = inverse @ targets
        yield Fitted(matrix.T @ weights, _unseen(inverse, weights, targets, rows, folds))


def primal(
    cells: FeatureCells, classes: Classes, strengths: Sequence[float], rows: Array, folds: Array
) -> Iterator[Fitted]:
    """The fit of each strength, by as many equations as there are dimensions."""
    import numpy as np

    gram, wanted = _sums(cells, classes)
    chosen, own, before = cells.some(rows).dense(), classes.some(rows), 0.0
    sides = np.hstack([wanted, chosen.T])
    for strength in strengths:
        gram[np.diag_indices(DIMENSIONS)] += strength - before
        solved, before = np.linalg.solve(gram, sides), strength
        pull, carried = solved[:, : wanted.shape[1]].copy(), solved[:, wanted.shape[1] :]
        yield Fitted(pull, _without_own(chosen @ pull, (chosen @ carried) * own.importance, own, folds))


def _sums(cells: FeatureCells, classes: Classes) -> tuple[Array, Array]:
    """The products of dimensions with each other and with the targets, over all documents."""
    import numpy as np

    gram = np.zeros((DIMENSIONS, DIMENSIONS), dtype=np.float32)
    wanted = np.zeros((DIMENSIONS, len(classes.centre)), dtype=np.float32)
    for start in range(0, cells.height, _CHUNK):
        root = np.sqrt(classes.importance[start : start + _CHUNK, None])
        part = cells.dense(start, start + _CHUNK) * root
        gram += part.T @ part
        wanted += part.T @ (classes.targets(start, start + _CHUNK) * root)
    return gram, wanted


def _without_own(seen: Array, leverage: Array, own: Classes, folds: Array) -> Array:
    """Predictions without what the fold itself gave to them: its errors are (I - leverage)⁻¹ times these."""
    import numpy as np

    targets = own.targets()
    for inside in fold_rows(folds):
        left = np.eye(len(inside), dtype=np.float32) - leverage[np.ix_(inside, inside)]
        seen[inside] = targets[inside] - np.linalg.solve(left, targets[inside] - seen[inside])
    return seen


def held_out(kernel: Array, targets: Array, strength: float, importance: Array, folds: Array) -> Array:
    """What each document would get from a model that never saw its fold."""
    import numpy as np

    inverse = _inverse(kernel, strength, importance)
    return _unseen(inverse, inverse @ targets, targets, np.arange(len(kernel)), folds)


def _unseen(inverse: Array, weights: Array, targets: Array, rows: Array, folds: Array) -> Array:
    """With G the inverse of the held-back kernel and a = G·y, the error within a fold F is G_FF⁻¹·a_F."""
    import numpy as np

    predicted = targets[rows]
    for inside in fold_rows(folds):
        at = rows[inside]
        predicted[inside] -= np.linalg.solve(inverse[np.ix_(at, at)], weights[at])
    return predicted


def _inverse(kernel: Array, strength: float, importance: Array) -> Array:
    import numpy as np

    held = kernel.astype(np.float32, copy=True)
    held[np.diag_indices(len(held))] += (strength / importance).astype(np.float32)
    return np.linalg.inv(held)


def fold_rows(folds: Array) -> Sequence[Array]:
    """The rows of each fold."""
    import numpy as np

    return [np.flatnonzero(folds == fold) for fold in np.unique(folds)]


def reciprocal_rank(scores: Array, labels: Array) -> float:
    """The mean of 1 / (rank of the right class)."""
    import numpy as np

    own = scores[np.arange(len(labels)), labels][:, None]
    return float(np.mean(1.0 / (scores >= own).sum(axis=1)))
