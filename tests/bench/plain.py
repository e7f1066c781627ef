"""The plain classifier that learning is measured against: character 1- to 3-grams, TF-IDF, a linear SVM."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from agent_tui.knowledge.recommend.usage_log import Said, Usage

Array = Any

_COSTS = (0.1, 0.3, 1.0)
_READINGS = ("all", "customer", "last")


class PlainClassifier:
    """scikit-learn's own parts; what it reads and its cost are chosen on the last fifth of what teaches."""

    def __init__(self, usages: Sequence[Usage]) -> None:
        cut = len(usages) * 4 // 5
        tried = [(self._score(usages[:cut], usages[cut:], *one), one) for one in _ways()]
        self.reading, self.cost = max(tried)[1]
        self._fit(usages)

    def rank(self, messages: Sequence[Said]) -> list[str]:
        """The five best."""
        scores = self._model.decision_function(self._grams.transform([text_of(messages, self.reading)]))[0]
        return [str(self._model.classes_[at]) for at in np.argsort(-scores, kind="stable")[:5]]

    def _score(self, known: Sequence[Usage], later: Sequence[Usage], reading: str, cost: float) -> float:
        self.reading, self.cost = reading, cost
        self._fit(known)
        return float(np.mean([usage.entry in self.rank(usage.messages) for usage in later]))

    def _fit(self, usages: Sequence[Usage]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        self._grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        read = self._grams.fit_transform([text_of(usage.messages, self.reading) for usage in usages])
        self._model = LinearSVC(C=self.cost).fit(read, [usage.entry for usage in usages])


def _ways() -> list[tuple[str, float]]:
    return [(reading, 0.3) for reading in _READINGS] + [("all", cost) for cost in _COSTS if cost != 0.3]


def text_of(messages: Sequence[Said], reading: str) -> str:
    """The words of a conversation's last eight messages: all, the customer's, or the customer's last."""
    said = messages[-8:]
    if reading == "last":
        own = next((at for at, one in enumerate(reversed(said)) if one.side != "customer"), len(said))
        said = said[len(said) - own :] or said[-1:]
    elif reading == "customer":
        said = [one for one in said if one.side == "customer"]
    return " \n ".join(one.text for one in said)


def interval(ours: Array, theirs: Array, rounds: int = 2_000) -> tuple[float, float]:
    """The 95 % interval of the mean difference of pairs, by bootstrap."""
    random = np.random.default_rng(4)
    differences = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    drawn = random.integers(0, len(differences), (rounds, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), (2.5, 97.5))
    return round(float(low), 3), round(float(high), 3)
