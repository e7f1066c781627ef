"""TF-IDF vectors of usages, and compressed sparse columns (CSC) with the few products learning needs.

The space says which features count, how rare each is, and how the groups weigh.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from agent_tui.knowledge.recommend.features import GROUP_SHIFT, GROUPS, Features

Array = Any

_ENOUGH_TO_PRUNE = 60
_DENSE_COLUMNS = 4096


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


def gram(rows: Array, cols: Array, values: Array, height: int, width: int) -> Array:
    """All products of documents with each other: the frequent features densely, the rare ones sparsely.

    Entries must be ordered by row.
    """
    import numpy as np

    frequent = np.zeros(width, dtype=bool)
    counts = np.bincount(cols, minlength=width)
    frequent[np.argsort(-counts, kind="stable")[:_DENSE_COLUMNS]] = True
    place = np.cumsum(frequent) - 1
    is_frequent = frequent[cols]
    dense = np.zeros((height, min(width, _DENSE_COLUMNS)), dtype=np.float32)
    dense[rows[is_frequent], place[cols[is_frequent]]] = values[is_frequent]
    result = dense @ dense.T
    rare = ~is_frequent
    _add_rare(result, rows[rare], cols[rare], values[rare], width)
    return result


def _add_rare(result: Array, rows: Array, cols: Array, values: Array, width: int) -> None:
    import numpy as np

    height = len(result)
    matrix = sparse(rows, cols, values, height, width)
    ends = np.searchsorted(rows, np.arange(height + 1))
    for row in range(height):
        part = slice(ends[row], ends[row + 1])
        result[row] += times_row(matrix, cols[part], values[part]).astype(np.float32)


class FeatureCells(NamedTuple):
    """Documents as cells (row, column, value), ordered by row, each group of a row at length 1."""

    rows: Array
    cols: Array
    values: Array
    height: int


class FeatureSpace:
    """Known features (ascending), their rarity weights, and the weight of each group."""

    def __init__(self, ids: Array, rarity: Array, weights: Array) -> None:
        self.ids = ids
        self.rarity = rarity
        self.weights = weights
        self.groups = (ids >> GROUP_SHIFT).astype("int64")

    @classmethod
    def spanned_by(cls, documents: Sequence[Features], weights: Array) -> "FeatureSpace":
        """The space of all features that at least two documents share (one, while there are few)."""
        import numpy as np

        ids, counts = np.unique(
            np.concatenate([np.empty(0, np.uint32), *(document.ids for document in documents)]),
            return_counts=True,
        )
        keep = counts >= (2 if len(documents) >= _ENOUGH_TO_PRUNE else 1)
        rarity = np.log((1 + len(documents)) / (1 + counts[keep])) + 1
        return cls(ids[keep], rarity, np.asarray(weights, dtype=float))

    def cells(self, documents: Sequence[Features]) -> FeatureCells:
        """`documents` in this space, before groups are weighed."""
        import numpy as np

        rows = np.repeat(np.arange(len(documents)), [len(document.ids) for document in documents])
        ids = np.concatenate([np.empty(0, np.uint32), *(document.ids for document in documents)])
        counts = np.concatenate([np.empty(0), *(document.counts for document in documents)])
        cols = np.searchsorted(self.ids, ids)
        cols[cols == len(self.ids)] = 0
        known = self.ids[cols] == ids if len(self.ids) else np.zeros(len(ids), bool)
        rows, cols, counts = rows[known], cols[known], counts[known]
        values = counts * self.rarity[cols]
        part = rows * GROUPS + self.groups[cols]
        lengths = np.sqrt(np.bincount(part, weights=values**2, minlength=len(documents) * GROUPS))
        return FeatureCells(rows, cols, values / lengths[part], len(documents))

    def weighed(self, cells: FeatureCells) -> FeatureCells:
        """`cells` with the groups' weights, so that a full document has length 1."""
        import numpy as np

        scale = np.sqrt(self.weights / self.weights.sum())
        return cells._replace(values=cells.values * scale[self.groups[cells.cols]])

    def encode(self, document: Features) -> tuple[Array, Array]:
        """Columns and weighed values of one document."""
        cells = self.weighed(self.cells([document]))
        return cells.cols, cells.values

    def matrix(self, cells: FeatureCells) -> Sparse:
        """`cells` by column."""
        return sparse(cells.rows, cells.cols, cells.values, cells.height, len(self.ids))

    def gram(self, cells: FeatureCells) -> Array:
        """The products of all documents with each other."""
        return gram(*cells, len(self.ids))

    def group_grams(self, cells: FeatureCells) -> list[Array]:
        """The same for each group apart, unweighed."""
        found = []
        for group in range(GROUPS):
            inside = self.groups[cells.cols] == group
            found.append(
                gram(
                    cells.rows[inside], cells.cols[inside], cells.values[inside], cells.height, len(self.ids)
                )
            )
        return found


def some(cells: FeatureCells, chosen: Array) -> FeatureCells:
    """The cells of the `chosen` rows (ascending), renumbered."""
    import numpy as np

    place = np.full(cells.height, -1)
    place[chosen] = np.arange(len(chosen))
    inside = place[cells.rows] >= 0
    return FeatureCells(place[cells.rows[inside]], cells.cols[inside], cells.values[inside], len(chosen))
