"""An inverted index over short documents: Okapi BM25 as a coverage, and TF-IDF cosine.

BM25 (Robertson & Zaragoza 2009) is given as the share of what the best possible document would have: 1 means
that every rare term is there. The cosine is that of Salton & Buckley (1988). Terms are hashes, so that an
index is arrays alone and can be kept on disk.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agent_tui.knowledge.recommend.vectors import Sparse, sparse, times_row

Array = Any
Bag = Mapping[int, float]

_K1, _B = 1.2, 0.4
_MOST_COUNTED = 2.0


class Match(NamedTuple):
    """For every document: its coverage of the question, and its cosine with it."""

    coverage: Array
    cosine: Array


class TermIndex:
    """Documents as bags of hashed terms; made by `built`, or of the `parts` of another one."""

    def __init__(self, parts: Mapping[str, Array]) -> None:
        self._parts = dict(parts)
        self._ids, self._rarity = parts["ids"], parts["rarity"]
        self._rarest = float(parts["rarest"][0])
        height = int(parts["height"][0])
        self._bm25 = Sparse(parts["ends"], parts["rows"], parts["bm25"], height)
        self._tfidf = Sparse(parts["ends"], parts["rows"], parts["tfidf"], height)

    @classmethod
    def built(cls, bags: Sequence[Bag], kinds: Array) -> "TermIndex":
        """The index of `bags`; `kinds` names those whose lengths are compared with each other."""
        import numpy as np

        rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        terms = np.array([term for bag in bags for term in bag], dtype=np.uint32)
        counts = np.array([count for bag in bags for count in bag.values()], dtype=float)
        ids, cols = np.unique(terms, return_inverse=True)
        width, height = len(ids), len(bags)
        seen = np.bincount(cols, minlength=width)
        rarity = np.log(1 + (height - seen + 0.5) / (seen + 0.5))
        lengths = np.bincount(rows, weights=counts, minlength=height)
        relative = lengths / np.maximum(_usual(lengths, kinds), 1e-9)
        strength = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * relative[rows])) * rarity[cols]
        values = (1 + np.log(np.maximum(counts, 0.4))) * rarity[cols]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=height))
        bm25 = sparse(rows, cols, strength, height, width)
        tfidf = sparse(rows, cols, values / np.maximum(norms[rows], 1e-9), height, width)
        rarest = np.log(1 + (height + 0.5) / 0.5)
        return cls({
            "ids": ids, "rarity": rarity, "rarest": np.array([rarest]), "height": np.array([height]),
            "ends": bm25.ptr, "rows": bm25.rows, "bm25": bm25.values, "tfidf": tfidf.values,
        })  # fmt: skip

    @property
    def parts(self) -> Mapping[str, Array]:
        """The arrays that it consists of."""
        return self._parts

    def match(self, asked: Bag) -> Match:
        """How well every document fits a bag of terms."""
        import numpy as np

        terms = np.array(list(asked), dtype=np.uint32)
        weights = np.minimum(np.array(list(asked.values()), dtype=float), _MOST_COUNTED)
        cols = np.searchsorted(self._ids, terms)
        cols[cols == len(self._ids)] = 0
        known = self._ids[cols] == terms if len(self._ids) else np.zeros(len(terms), bool)
        strange = weights[~known] * self._rarest
        cols, weights = cols[known], weights[known]
        values = weights * self._rarity[cols]
        full = (_K1 + 1) * float(values.sum() + strange.sum())
        length = float(np.sqrt((values**2).sum() + (strange**2).sum()))
        return Match(
            times_row(self._bm25, cols, weights) / max(full, 1e-9),
            times_row(self._tfidf, cols, values) / max(length, 1e-9),
        )


def _usual(lengths: Array, kinds: Array) -> Array:
    """The mean length of documents of the same kind."""
    import numpy as np

    usual = np.zeros(len(lengths))
    for kind in np.unique(kinds):
        same = kinds == kind
        usual[same] = lengths[same].mean()
    return usual
