"""Stacked generalization (Wolpert 1992): opinions of usages to one probability.

The weights are chosen by rank on conversations no opinion had seen. Likelihood would lean on popularity and
rank worse, so it decides only how sure the whole sounds.
"""

from typing import Any

from agent_tui.knowledge.recommend.ridge import reciprocal_rank

Array = Any

OPINIONS = ("learned", "usages", "popular", "similar")
DEFAULTS = (9.0, 6.0, 0.5, 12.0)
_BY_USAGES = (9.0, 16.0, 0.3, 6.0)
_HALFWAY = 60
_START = (1.0, 0.25, 0.0, 0.05)
_TRIED = (
    (1.0,),
    (0.0, 0.1, 0.25, 0.5, 1.0, 2.0),
    (0.0, 0.003, 0.01, 0.03),
    (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
)
_GAIN = 0.001
SURE_USAGE = 0.35
FEW_VOTES = 0.2
_SURENESS = tuple(2.0**power for power in range(-1, 8))


def unlearned(usages: int) -> Array:
    """The weights while nothing is learned: from the entries' words to the usages, as these gather."""
    import numpy as np

    share = usages / (usages + _HALFWAY)
    return (1 - share) * np.array(DEFAULTS) + share * np.array(_BY_USAGES)


def probabilities(opinions: Array, weights: Array) -> Array:
    """Softmax over classes; `opinions` is (…, classes, opinions)."""
    import numpy as np

    logits = opinions @ weights
    logits -= logits.max(axis=-1, keepdims=True)
    raised = np.exp(logits)
    return raised / raised.sum(axis=-1, keepdims=True)


def learn_weights(opinions: Array, labels: Array) -> Array:
    """The weights that rank the right classes best, scaled to honest probabilities.

    `opinions` is (documents, classes, opinions) from models that had not seen the document.
    """
    import numpy as np

    weights = np.array(_START)
    best = reciprocal_rank(opinions @ weights, labels)
    for _ in range(2):
        for place, values in enumerate(_TRIED):
            for value in values:
                tried = weights.copy()
                tried[place] = value
                if (score := reciprocal_rank(opinions @ tried, labels)) > best + _GAIN:
                    best, weights = score, tried
    return weights * max(_SURENESS, key=lambda sure: _likelihood(opinions, labels, weights * sure))


def _likelihood(opinions: Array, labels: Array, weights: Array) -> float:
    import numpy as np

    chances = probabilities(opinions, weights)[np.arange(len(labels)), labels]
    return float(np.log(np.maximum(chances, 1e-6)).mean())


def dampened(votes: Array, least: float) -> Array:
    """Votes as shares of one, so that a lively neighbourhood does not outvote a quiet one.

    Below `least` in all they count less: what was sent after quite other words says little.
    """
    import numpy as np

    return votes / np.maximum(votes.sum(axis=-1, keepdims=True), least)


def popularity(counts: Array) -> Array:
    """The logarithm of each entry's share of all sends, 0 for an entry used as often as the mean."""
    import numpy as np

    share = (counts + 0.5) / (counts.sum() + 0.5 * len(counts))
    return np.log(share * len(counts))
