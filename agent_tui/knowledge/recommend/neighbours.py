"""Nearest neighbours (distance-weighted, Dudani 1976): usages held for comparison."""

from typing import Any

from agent_tui.knowledge.recommend.features import Features
from agent_tui.knowledge.recommend.vectors import START_WEIGHTS, FeatureSpace, Sparse, times_row

Array = Any

NEAREST = 30
SHARPNESS = 2.0
_SMALL = 64
_GROWTH = 1.25


def votes(similar: Array, labels: Array, importance: Array, classes: int) -> Array:
    """The sum of the nearest usages' cosines for every class, the near ones counting more."""
    import numpy as np

    chosen = np.argpartition(-similar, min(NEAREST, len(similar) - 1))[:NEAREST]
    pull = np.clip(similar[chosen], 0, None) ** SHARPNESS * importance[chosen]
    return np.bincount(labels[chosen], weights=pull, minlength=classes)


class UsageNeighbours:
    """Conversations that can be compared with a new one; adding one costs little, whatever is there."""

    def __init__(self, space: FeatureSpace | None = None) -> None:
        self._documents: list[Features] = []
        self._given = space
        self._recent: Sparse | None = None
        self._settle()

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, document: Features) -> None:
        """Remember `document`; the space is spanned anew when many came since."""
        self._documents.append(document)
        self._recent = None
        if len(self._documents) <= _SMALL or len(self._documents) > _GROWTH * self._settled:
            self._settle()

    def similar(self, document: Features) -> Array:
        """The cosine of `document` with everything remembered, in order."""
        import numpy as np

        recent = self._recent
        if recent is None:
            recent = self._recent = self._matrix(self._documents[self._settled :])
        cols, values = self._space.encode(document)
        return np.concatenate([times_row(part, cols, values) for part in (self._base, recent)])

    def _settle(self) -> None:
        self._space = self._given or FeatureSpace.spanned_by(self._documents, START_WEIGHTS)
        self._settled = len(self._documents)
        self._base = self._matrix(self._documents)
        self._recent = None

    def _matrix(self, documents: list[Features]) -> Sparse:
        return self._space.matrix(self._space.weighed(self._space.cells(documents)))
