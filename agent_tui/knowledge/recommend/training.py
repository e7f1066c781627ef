"""Training: usages to a model file; ridge regression over hashed features, tuned by cross-validation.

Folds keep the sends of one conversation together, lest memory pass for skill.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend import model_file, stacking
from agent_tui.knowledge.recommend.features import GROUPS, Features, features
from agent_tui.knowledge.recommend.neighbours import votes
from agent_tui.knowledge.recommend.retrieval import Retriever
from agent_tui.knowledge.recommend.ridge import Classes, fit, held_out, reciprocal_rank
from agent_tui.knowledge.recommend.usage_log import Usage
from agent_tui.knowledge.recommend.vectors import START_WEIGHTS, FeatureCells, FeatureSpace

Array = Any

FEWEST_TO_LEARN = 60
MOST_TO_LEARN = 50_000
FEWEST_TO_BLEND = 120
FOLDS = 10
# Long talks with a habit of answers, or one question in a message or two.
_STARTS = (START_WEIGHTS, (0.2, 0.1, 1.0, 0.2, 0.1, 0.02))
_STRENGTHS = (0.3, 0.5, 1.0, 3.0, 9.0)
# All usages bear more of it than the part that is tuned on.
_FULL = (1.0, 2.5)
_TUNING_ROWS = 1_600
_BLEND_ROWS = 2_000
_FEWEST_TO_TUNE = 120
_NEIGHBOURS = 12
_TELLING = 6
_SHARED = 2


class Tuned(Struct, frozen=True):
    """What tuning chose: the weights of the feature groups and the ridge's strength."""

    weights: tuple[float, ...] = START_WEIGHTS
    strength: float = 0.5


class Lessons(NamedTuple):
    """Usages made ready: their cells, classes, and conversations."""

    cells: FeatureCells
    classes: Classes
    conversations: Array


def train(entries: Sequence[Entry], usages: Sequence[Usage]) -> bytes:
    """The model file that `usages` teach, the newest last; empty while there are too few of `entries`.

    Deterministic. 50,000 usages of 600 entries take 80 s of CPU and 1.7 GB.
    """
    import numpy as np

    number = {entry.id: place for place, entry in enumerate(entries)}
    known = [one for one in usages if one.entry in number and one.weight > 0][-MOST_TO_LEARN:]
    if len(known) < FEWEST_TO_LEARN:
        return b""
    labels = np.array([number[one.entry] for one in known])
    used, labels = np.unique(labels, return_inverse=True)
    listed = [entries[place] for place in used]
    documents = documents_of(known)
    space = FeatureSpace.spanned_by(documents, START_WEIGHTS)
    importance = np.array([one.weight for one in known])
    lessons = Lessons(
        space.cells(documents), Classes.of(labels, len(used), importance), conversations_of(known)
    )
    del documents
    tuned = tune(lessons)
    space = space.weighing(tuned.weights)
    lessons = lessons._replace(cells=space.weighed(lessons.cells))
    return _fitted(listed, known, lessons, space, tuned.strength)


def documents_of(usages: Iterable[Usage]) -> list[Features]:
    """The features of every usage's conversation."""
    return [features(usage.messages, usage.category) for usage in usages]


def _fitted(
    entries: Sequence[Entry], usages: Sequence[Usage], lessons: Lessons, space: FeatureSpace, strength: float
) -> bytes:
    import numpy as np

    cells, classes, conversations = lessons
    rows = whole(conversations, _BLEND_ROWS)
    folds = conversations[rows] % FOLDS
    pull, learned = fit(cells, classes, [strength * factor for factor in _FULL], rows, folds)
    counts = np.bincount(classes.labels, classes.importance, minlength=len(entries))
    blend = stacking.unlearned(len(usages))
    if len(usages) >= FEWEST_TO_BLEND and len(np.unique(folds)) > 1:
        own = classes.some(rows)
        opinions = _opinions(entries, [usages[row] for row in rows], own, learned, counts)
        nearest = stacking.dampened(_nearest(cells.some(rows), own, folds), stacking.FEW_VOTES)
        blend = stacking.learn_weights(np.stack([opinions[0], nearest, *opinions[1:]], axis=-1), own.labels)
    return model_file.pack([entry.id for entry in entries], counts, blend, space, pull, classes.centre)


def _opinions(
    entries: Sequence[Entry], usages: Sequence[Usage], own: Classes, learned: Array, counts: Array
) -> list[Array]:
    """What the learner says, how often each entry is used, and how well its own words fit."""
    import numpy as np

    retriever = Retriever(entries)
    similar = np.array([retriever.find(usage.messages).scores for usage in usages])
    return [learned + own.centre, np.broadcast_to(stacking.popularity(counts), similar.shape), similar]


def _nearest(cells: FeatureCells, own: Classes, folds: Array) -> Array:
    """The votes of the nearest usages of other folds."""
    import numpy as np

    matrix = cells.dense()
    kernel = np.where(folds[:, None] == folds[None, :], 0.0, matrix @ matrix.T)
    return np.array([votes(row, own.labels, own.importance, len(own.centre)) for row in kernel])


def spread(count: int, most: int) -> Array:
    """At most `most` of `count` rows, evenly spread."""
    import numpy as np

    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def whole(conversations: Array, most: int) -> Array:
    """At most about `most` rows, of conversations evenly spread and each with all its rows."""
    import numpy as np

    kinds = np.unique(conversations)
    share = min(1.0, most / len(conversations))
    chosen = kinds[spread(len(kinds), max(1, round(len(kinds) * share)))]
    return np.flatnonzero(np.isin(conversations, chosen))


def tune(lessons: Lessons) -> Tuned:
    """Group weights and strength by coordinate search over held-out ranks on a part of the usages."""
    import numpy as np

    rows = spread(lessons.cells.height, _TUNING_ROWS)
    folds = lessons.conversations[rows] % FOLDS
    if len(rows) < _FEWEST_TO_TUNE or len(np.unique(folds)) < 2:
        return Tuned()
    cells, own = lessons.cells.some(rows), lessons.classes.some(rows)
    parts = [cells.of_group(group).dense() for group in range(GROUPS)]
    kernels = [part @ part.T for part in parts]
    return _search(partial(_rank, kernels, own, folds))


def _rank(
    kernels: Sequence[Array], own: Classes, folds: Array, weights: Sequence[float], strength: float
) -> float:
    kernel = sum(part * (weight / sum(weights)) for part, weight in zip(kernels, weights, strict=True))
    scores = held_out(kernel, own.targets(), strength, own.importance, folds) + own.centre
    return reciprocal_rank(scores, own.labels)


def _search(rank: Any) -> Tuned:
    tried_first = ((weights, strength) for weights in _STARTS for strength in _STRENGTHS)
    best, start, strength = max((rank(*one), *one) for one in tried_first)
    weights = list(start)
    for group in range(len(weights)):
        for factor in (3.0, 1 / 3):
            tried = [weight * (factor if at == group else 1) for at, weight in enumerate(weights)]
            if (score := rank(tried, strength)) > best + 1e-4:
                best, weights = score, tried
                break
    best, strength = max((rank(weights, strength * factor), strength * factor) for factor in (0.6, 1.0, 1.7))
    return Tuned(tuple(weights), strength)


def conversations_of(usages: Sequence[Usage]) -> Array:
    """A number for the conversation of every usage.

    Usages belong to one conversation when they begin with the same words, or when they stand close together
    in the file and share two telling messages of the customer, as windows over one conversation do. What the
    agent says is not telling: canned texts recur everywhere.
    """
    import numpy as np

    groups: dict[str, int] = {}
    recent: deque[tuple[frozenset[str], int]] = deque(maxlen=_NEIGHBOURS)
    found = np.zeros(len(usages), dtype=np.int64)
    count = 0
    for number, usage in enumerate(usages):
        said = frozenset(
            message.text
            for message in usage.messages
            if message.side == "customer" and len(message.text) >= _TELLING
        )
        opening = "\n".join(message.text for message in usage.messages[:2])
        near = next((group for other, group in reversed(recent) if len(said & other) >= _SHARED), None)
        group = near if near is not None else groups.get(opening, count)
        count = max(count, group + 1)
        if len(opening) >= _TELLING:
            groups[opening] = group
        recent.append((said, group))
        found[number] = group
    return found
