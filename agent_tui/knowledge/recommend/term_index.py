"""An inverted index over short documents: Okapi BM25 as a coverage, and TF-IDF cosine.

BM25 (Robertson & Zaragoza 2009) is given as the share of what the best possible document would have: 1 means
that every rare term is there. The cosine is that of Salton & Buckley (1988).
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from agent_tui.knowledge.recommend.vectors import sparse, times_row

Array = Any
Bag = Mapping[Any, float]

_K1, _B = 1.2, 0.4
_MOST_COUNTED = 2.0


class Match(NamedTuple):
    """For every document: its coverage of the question, and its cosine with it."""

    coverage: Array
    cosine: Array


class TermIndex:
    """Documents as bags of terms; `kinds` names those whose lengths are compared with each other."""

    def __init__(self, bags: Sequence[Bag], kinds: Array) -> None:
        import numpy as np

        self._place: dict[Hashable, int] = {}
        place = self._place
        for bag in bags:
            for term in bag:
                place.setdefault(term, len(place))
        rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        cols = np.array([place[term] for bag in bags for term in bag], dtype=np.int64)
        counts = np.array([count for bag in bags for count in bag.values()], dtype=float)
        self._weigh(rows, cols, counts, kinds)

    def _weigh(self, rows: Array, cols: Array, counts: Array, kinds: Array) -> None:
        import numpy as np

        width, height = len(self._place), len(kinds)
        seen = np.bincount(cols, minlength=width)
        self._rarity = np.log(1 + (height - seen + 0.5) / (seen + 0.5))
        self._rarest = float(np.log(1 + (height + 0.5) / 0.5))
        lengths = np.bincount(rows, weights=counts, minlength=height)
        relative = lengths / np.maximum(_usual(lengths, kinds), 1e-9)
        strength = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * relative[rows]))
        self._bm25 = sparse(rows, cols, strength * self._rarity[cols], height, width)
        values = (1 + np.log(np.maximum(counts, 0.4))) * self._rarity[cols]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=height))
        self._tfidf = sparse(rows, cols, values / np.maximum(norms[rows], 1e-9), height, width)

    def match(self, asked: Bag) -> Match:
        """How well every document fits a bag of terms."""
        import numpy as np

        known = [(self._place[term], weight) for term, weight in asked.items() if term in self._place]
        cols = np.array([place for place, _ in known], dtype=np.int64)
        weights = np.minimum(np.array([weight for _, weight in known], dtype=float), _MOST_COUNTED)
        strange = [weight * self._rarest for term, weight in asked.items() if term not in self._place]
        values = weights * self._rarity[cols]
        full = (_K1 + 1) * (float(values.sum()) + sum(strange))
        length = float(np.sqrt((values**2).sum() + sum(value**2 for value in strange)))
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
