"""What sentences mean, by the encoder: a question against titles, known questions and texts of entries.

Beside an entry's own questions stand its prototypes: vectors of many more ways in which customers put it,
shipped with the encoder (nearest prototypes, Snell et al. 2017). A team's own entries have their questions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.vectors import reciprocal_ranks
from agent_tui.knowledge.text.encoder import encoder

Array = Any

NAMES = (
    "meant_nearest", "meant_title", "meant_often", "meant_mean", "meant_text",
    "meant_nearest_place", "meant_mean_place", "meant_often_place", "meant_behind",
)  # fmt: skip
_SENTENCE = 200
_SEVERAL = 3
_NONE = -2.0
_ALIKE = 0.57


class MeaningIndex:
    """Vectors of entries; made of the `arrays` of `built`, which the index file keeps."""

    def __init__(self, entries: Sequence[Entry], arrays: Mapping[str, Array]) -> None:
        import numpy as np

        self._count, width = len(entries), encoder().width
        self._titles = _rows(arrays["titles"], width)
        self._texts = _rows(arrays["texts"], width)
        owners, vectors = _prototypes(entries)
        asked = np.array([number for number, one in enumerate(entries) for _ in one.similar], dtype=np.int64)
        whose = np.concatenate([np.arange(self._count), asked, owners])
        order = np.argsort(whose, kind="stable")
        self._owners = whose[order]
        self._vectors = np.concatenate([self._titles, _rows(arrays["asked"], width), vectors])[order]
        self._starts = np.searchsorted(self._owners, np.arange(self._count))
        self._means: Array = _unit(np.add.reduceat(self._vectors, self._starts)) if entries else None

    @classmethod
    def built(cls, entries: Sequence[Entry]) -> dict[str, Array]:
        """The vectors of titles, questions and texts, as they are kept."""
        import numpy as np

        encode = encoder().encode_all
        texts = {
            "titles": [one.title for one in entries],
            "asked": [asked for one in entries for asked in one.similar],
            "texts": [one.text[:_SENTENCE] for one in entries],
        }
        return {name: encode(each).astype(np.float16) for name, each in texts.items()}

    def read(self, words: str) -> dict[str, Array]:
        """For every entry how near the words are to what it is asked by."""
        import numpy as np

        if not self._count:
            return {name: np.zeros(0) for name in NAMES}
        vector = encoder().encode(words)
        nearest, often = self._nearest(_dots(self._vectors, vector))
        mean = _dots(self._means, vector)
        return {
            "meant_nearest": nearest, "meant_title": _dots(self._titles, vector), "meant_often": often,
            "meant_mean": mean, "meant_text": _dots(self._texts, vector),
            "meant_nearest_place": reciprocal_ranks(nearest), "meant_mean_place": reciprocal_ranks(mean),
            "meant_often_place": reciprocal_ranks(often), "meant_behind": mean.max() - mean,
        }  # fmt: skip

    def are_alike(self, one: int, other: int) -> bool:
        """Whether two entries are asked by so nearly the same words that one answer stands for the other."""
        return bool(self._means[one] @ self._means[other] >= _ALIKE)

    def _nearest(self, closeness: Array) -> tuple[Array, Array]:
        """Each entry's nearest, and the mean of its nearest few."""
        import numpy as np

        sums, counts, best = np.zeros(self._count), np.zeros(self._count), None
        for _ in range(_SEVERAL):
            top = np.maximum.reduceat(closeness, self._starts)
            best = top if best is None else best
            is_left = top > _NONE
            sums += np.where(is_left, top, 0)
            counts += is_left
            closeness = np.where(closeness >= top[self._owners], _NONE, closeness)
        return best, sums / counts


def _prototypes(entries: Sequence[Entry]) -> tuple[Array, Array]:
    """The shipped vectors of the entries that are here: whose each is, and the vectors."""
    import numpy as np

    ids, vectors = encoder().prototypes
    place = {entry.id: number for number, entry in enumerate(entries)}
    owners = np.array([place.get(one, -1) for one in ids], dtype=np.int64)
    return owners[owners >= 0], vectors[owners >= 0]


def _dots(rows: Array, vector: Array) -> Array:
    """Each row times the vector. Not by BLAS, whose threads spin for longer than the sum takes."""
    import numpy as np

    return np.einsum("ij,j->i", rows, vector)


def _rows(kept: Array, width: int) -> Array:
    import numpy as np

    return kept.reshape(-1, width).astype(np.float32)


def _unit(rows: Array) -> Array:
    import numpy as np

    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
