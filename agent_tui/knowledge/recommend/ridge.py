"""Kernel ridge regression in the dual (Saunders, Gammerman & Vovk 1998), and cross-validation for free.

Held-out predictions come from the one inverse (PRESS, Allen 1974; whole folds by An, Liu & Venkatesh 2007).
"""

from collections.abc import Sequence
from typing import Any

Array = Any


def solve(kernel: Array, targets: Array, strength: float, weights: Array) -> Array:
    """The dual weights; `weights` says how much each document counts."""
    import numpy as np

    return np.linalg.solve(_held_back(kernel, strength, weights), targets.astype(np.float32))


def held_out(kernel: Array, targets: Array, strength: float, weights: Array, folds: Array) -> Array:
    """What each document would get from a model that never saw its fold.

    With G the inverse of the held-back kernel and a = G·y, the error within a fold F is G_FF⁻¹·a_F, so
    one inverse serves every fold.
    """
    import numpy as np

    inverse = np.linalg.inv(_held_back(kernel, strength, weights))
    dual = inverse @ targets.astype(np.float32)
    predicted = np.empty_like(dual)
    for inside in fold_rows(folds):
        error = np.linalg.solve(inverse[np.ix_(inside, inside)], dual[inside])
        predicted[inside] = targets[inside] - error
    return predicted


def fold_rows(folds: Array) -> Sequence[Array]:
    """The rows of each fold."""
    import numpy as np

    return [np.flatnonzero(folds == fold) for fold in np.unique(folds)]


def _held_back(kernel: Array, strength: float, weights: Array) -> Array:
    import numpy as np

    held = kernel.astype(np.float32, copy=True)
    held[np.diag_indices(len(held))] += (strength / np.maximum(weights, 0.05)).astype(np.float32)
    return held


def reciprocal_rank(scores: Array, labels: Array) -> float:
    """The mean of 1 / (rank of the right class)."""
    import numpy as np

    own = scores[np.arange(len(labels)), labels][:, None]
    return float(np.mean(1.0 / (scores >= own).sum(axis=1)))
