"""A sparse matrix of documents and features in plain numpy arrays, with the few products learning needs."""

from typing import Any, NamedTuple

Array = Any

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
