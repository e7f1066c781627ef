"""Hashed TF-IDF vectors of usages, and compressed sparse columns (CSC) with the one product searching needs.

The space says how rare a feature is, and how the groups weigh. Features are hashed with signs into a fixed
number of dimensions (Weinberger et al. 2009), which costs a hundredth of R@1 and needs no list of features.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from agent_tui.knowledge.recommend.features import GROUP_SHIFT, GROUPS, Features

Array = Any

DIMENSIONS = 6_144
SLOTS = 1 << 18
START_WEIGHTS = (0.7, 0.3, 1.0, 0.7, 0.25, 0.1)
_ENOUGH_TO_PRUNE = 60
_STEPS = 16.0


class Sparse(NamedTuple):
    """Documents by features, held by column: the rows and values of column c are at `ptr[c]:ptr[c+1]`."""

    ptr: Array
    rows: Array
    values: Array
    height: int

    @property
    def width(self) -> int:
        """How many features there are."""
        return len(self.ptr) - 1


def reciprocal_ranks(values: Array) -> Array:
    """One over the place of each value, the greatest first."""
    import numpy as np

    places = np.empty(len(values))
    places[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return 1 / places


def sparse(rows: Array, cols: Array, values: Array, height: int, width: int) -> Sparse:
    """A matrix from its entries in any order."""
    import numpy as np

    order = np.argsort(cols, kind="stable")
    ptr = np.zeros(width + 1, dtype=np.int64)
    np.cumsum(np.bincount(cols, minlength=width), out=ptr[1:])
    return Sparse(ptr, rows[order].astype(np.int32), values[order].astype(np.float32), height)


def times_row(matrix: Sparse, cols: Array, values: Array) -> Array:
    """The product of every document with one sparse document (`cols` unique)."""
    import numpy as np

    starts, sizes = matrix.ptr[cols], matrix.ptr[cols + 1] - matrix.ptr[cols]
    total = int(sizes.sum())
    if total == 0:
        return np.zeros(matrix.height)
    shift = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    at = np.arange(total) + shift
    weights = np.repeat(values, sizes) * matrix.values[at]
    return np.bincount(matrix.rows[at], weights=weights, minlength=matrix.height)


class FeatureCells(NamedTuple):
    """Documents as cells (row, dimension, value, group), ordered by row, each group of a row at length 1."""

    rows: Array
    cols: Array
    values: Array
    groups: Array
    height: int

    def dense(self, start: int = 0, end: int | None = None) -> Array:
        """The rows from `start` to `end` as a full matrix."""
        import numpy as np

        last = self.height if end is None else min(end, self.height)
        part = slice(*np.searchsorted(self.rows, (start, last)))
        at = (self.rows[part].astype(np.int64) - start) * DIMENSIONS + self.cols[part]
        summed = np.bincount(at, weights=self.values[part], minlength=(last - start) * DIMENSIONS)
        return summed.astype(np.float32).reshape(last - start, DIMENSIONS)

    def some(self, chosen: Array) -> "FeatureCells":
        """The cells of the `chosen` rows (ascending), renumbered."""
        import numpy as np

        place = np.full(self.height, -1, dtype=np.int32)
        place[chosen] = np.arange(len(chosen))
        inside = place[self.rows] >= 0
        rows = place[self.rows[inside]]
        return FeatureCells(rows, self.cols[inside], self.values[inside], self.groups[inside], len(chosen))

    def of_group(self, group: int) -> "FeatureCells":
        """The cells of one group alone."""
        inside = self.groups == group
        return FeatureCells(
            self.rows[inside], self.cols[inside], self.values[inside], self.groups[inside], self.height
        )


class FeatureSpace:
    """How rare each feature is (a byte for every slot that features are hashed to, 0 for one that is not
    known), and the weight of each group."""

    def __init__(self, rarity: Array, weights: Array) -> None:
        self.rarity = rarity
        self.weights = weights

    @classmethod
    def spanned_by(cls, documents: Iterable[Features], weights: Array) -> "FeatureSpace":
        """The space of all features that at least two documents share (one, while there are few)."""
        import numpy as np

        seen, count = np.zeros(SLOTS, dtype=np.int64), 0
        for document in documents:
            np.add.at(seen, _slots(document.ids), 1)
            count += 1
        rarity = np.log((1 + count) / (1 + seen)) + 1
        rarity[seen < (2 if count >= _ENOUGH_TO_PRUNE else 1)] = 0.0
        return cls(np.rint(rarity * _STEPS).astype(np.uint8), np.asarray(weights, dtype=float))

    def weighing(self, weights: Sequence[float]) -> "FeatureSpace":
        """The same features with other weights of the groups."""
        import numpy as np

        return FeatureSpace(self.rarity, np.asarray(weights, dtype=float))

    def cells(self, documents: Sequence[Features]) -> FeatureCells:
        """`documents` in this space, before groups are weighed."""
        import numpy as np

        rows = np.repeat(np.arange(len(documents), dtype=np.int32), [len(one.ids) for one in documents])
        ids = np.concatenate([np.empty(0, np.uint32), *(one.ids for one in documents)])
        counts = np.concatenate([np.empty(0, np.float32), *(one.counts for one in documents)])
        rarity = self.rarity[_slots(ids)]
        known = rarity > 0
        rows, ids = rows[known], ids[known]
        values = counts[known] * (rarity[known].astype(np.float32) / np.float32(_STEPS))
        groups = (ids >> np.uint32(GROUP_SHIFT)).astype(np.int8)
        part = rows.astype(np.int64) * GROUPS + groups
        lengths = np.sqrt(np.bincount(part, weights=values**2, minlength=len(documents) * GROUPS))
        cols, signs = _dimensions(ids)
        values = (values / lengths[part] * signs).astype(np.float32)
        return FeatureCells(rows, cols, values, groups, len(documents))

    def weighed(self, cells: FeatureCells) -> FeatureCells:
        """`cells` with the groups' weights, so that a full document has length 1."""
        import numpy as np

        scale = np.sqrt(self.weights / self.weights.sum()).astype(np.float32)
        return cells._replace(values=cells.values * scale[cells.groups])

    def encode(self, document: Features) -> tuple[Array, Array]:
        """Dimensions (some more than once) and weighed values of one document."""
        cells = self.weighed(self.cells([document]))
        return cells.cols, cells.values

    def matrix(self, cells: FeatureCells) -> Sparse:
        """`cells` by column."""
        return sparse(cells.rows, cells.cols, cells.values, cells.height, DIMENSIONS)


def _slots(ids: Array) -> Array:
    """Where the rarity of each feature stands: other bits of the hash than its dimension."""
    import numpy as np

    return (_mixed(ids) & np.uint64(SLOTS - 1)).astype(np.int64)


def _dimensions(ids: Array) -> tuple[Array, Array]:
    """The dimension of each feature, and the sign it has there."""
    import numpy as np

    mixed = _mixed(ids)
    signs = np.where(mixed >> np.uint64(20) & np.uint64(1), 1.0, -1.0)
    return ((mixed >> np.uint64(32)) * np.uint64(DIMENSIONS) >> np.uint64(32)).astype(np.int32), signs


def _mixed(ids: Array) -> Array:
    """64 well mixed bits of each feature (the finalizer of SplitMix64, Steele et al. 2014)."""
    import numpy as np

    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
