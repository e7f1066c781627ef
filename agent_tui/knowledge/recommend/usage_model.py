"""What was sent before: three opinions of each entry, stacked as far as there is enough to learn from.

They are the learner's, the nearest usages', and how often an entry is used. How well an entry's own words fit
is the fourth while the blend is learned; without usages nothing is said here and the words decide alone.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend import model_file, stacking, training
from agent_tui.knowledge.recommend.features import Features, features
from agent_tui.knowledge.recommend.neighbours import UsageNeighbours
from agent_tui.knowledge.recommend.retrieval import Retriever
from agent_tui.knowledge.recommend.training import HeldOutScores
from agent_tui.knowledge.recommend.usage_log import Said, Usage

Array = Any

FEWEST_TO_LEARN = 60
_FEWEST_TO_BLEND = 120
_FEW_VOTES, _CLOSE_VOTES = 0.2, 1.5
# How fast an entry's own words give way as usages gather: measured on made-up shops.
_FADING = 2
WHY = ("learned", "usages", "popular")


class UsagePull(NamedTuple):
    """For every entry: what usages add to its logit, and which opinion speaks most (an index of `WHY`).

    `words` is how much the entry's own words still count beside them, 1 for all of it; `nearest` is the
    cosine of the nearest usage.
    """

    logits: Array
    why: Array
    words: float
    nearest: float


class UsageModel:
    """What usages say of entries; build it with `build`, feed it with `learn`."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        import numpy as np

        self.entries = tuple(entries)
        self.skipped = 0
        self._number = {entry.id: number for number, entry in enumerate(self.entries)}
        self._counts: Array = np.zeros(len(self.entries))
        self._blend = stacking.unlearned(0)
        self._is_blended = False
        self._trained: training.Trained | None = None
        self._model: model_file.Model | None = None
        self._model_places: Array = np.zeros(0, dtype=np.int64)
        self._memory = UsageNeighbours()
        self._documents: list[Features] = []
        self._labels: list[int] = []
        self._importance: list[float] = []

    @classmethod
    def build(cls, entries: Sequence[Entry], usages: Iterable[Usage] = ()) -> "UsageModel":
        """A model trained on `usages`; those of unknown entries are counted in `skipped`."""
        made = cls(entries)
        made._train(list(usages))
        return made

    def with_weights(self, data: bytes) -> "UsageModel":
        """The same entries with a shipped model (`weights`); data that cannot be read changes nothing."""
        import numpy as np

        model = model_file.unpack(data)
        if model is None:
            return self
        made = UsageModel(self.entries)
        places = np.array([made._number.get(entry, -1) for entry in model.entries], dtype=np.int64)
        known = places >= 0
        made._model, made._model_places, made._blend = model, places, model.blend
        made._is_blended = True
        made._counts[places[known]] = model.counts[known]
        made._memory = UsageNeighbours(space=model.space)
        return made

    def learn(self, usage: Usage) -> None:
        """Take one more send into account: among the nearest usages and the counts, at once."""
        number = self._number.get(usage.entry)
        if number is None or usage.weight <= 0:
            return
        self._memory.add(features(usage.messages, usage.category))
        self._labels.append(number)
        self._importance.append(usage.weight)
        self._counts[number] += usage.weight
        if not self._is_blended:
            self._blend = stacking.unlearned(len(self._labels))

    def pull(self, messages: Sequence[Said], category: str = "") -> UsagePull:
        """What was sent after such words before, as logits around the mean of all entries."""
        import numpy as np

        if not self.entries or not self._counts.any():
            return UsagePull(
                np.zeros(len(self.entries)), np.zeros(len(self.entries), dtype=np.int64), 1.0, 0.0
            )
        learned, votes, closest = self._learned(features(messages, category))
        shares = stacking.dampened(votes, _FEW_VOTES if self._is_blended else _CLOSE_VOTES)
        opinions = np.stack([learned, shares, self._popularity()], axis=-1) * self._blend[:3]
        opinions -= opinions.mean(axis=0)
        words = min(1.0, float(self._blend[3]) / stacking.DEFAULTS[3]) ** _FADING
        return UsagePull(opinions.sum(axis=1), opinions.argmax(axis=1), words, closest)

    def weights(self) -> bytes:
        """The learned model, small enough to be shipped to every agent; empty while nothing is learned."""
        if self._trained is None:
            return b""
        documents = self._documents
        width = len(self._trained.space.ids)
        columns = model_file.strongest(self._trained.cells, self._trained.dual, width)
        narrow = training.narrowed(self._trained, documents, columns)
        pull = model_file.pulls(narrow.cells, narrow.dual, len(columns))
        ids = [entry.id for entry in self.entries]
        return model_file.pack(ids, self._counts, self._blend, narrow.space, pull, narrow.centre)

    def _train(self, usages: Sequence[Usage]) -> None:
        import numpy as np

        known = [usage for usage in usages if usage.entry in self._number and usage.weight > 0]
        self.skipped = sum(1 for usage in usages if usage.entry not in self._number)
        if len(known) < FEWEST_TO_LEARN:
            for usage in known:
                self.learn(usage)
            return
        labels = np.array([self._number[usage.entry] for usage in known])
        self._documents = training.documents_of(known)
        self._trained, held_out = training.train(known, self._documents, labels, len(self.entries))
        self._counts = np.bincount(labels, self._trained.importance, minlength=len(self.entries))
        if len(known) >= _FEWEST_TO_BLEND:
            self._learn_blend(known, labels, held_out)
        else:
            self._blend = stacking.unlearned(len(known))

    @cached_property
    def _retriever(self) -> Retriever:
        return Retriever(self.entries)

    def _learn_blend(self, usages: Sequence[Usage], labels: Array, held_out: HeldOutScores) -> None:
        import numpy as np

        chosen = [usages[row] for row in held_out.rows]
        similar = np.array([self._retriever.find(usage.messages).scores for usage in chosen])
        popular = np.broadcast_to(self._popularity(), similar.shape)
        nearest = stacking.dampened(held_out.nearest, _FEW_VOTES)
        opinions = np.stack([held_out.learned, nearest, popular, similar], axis=-1)
        self._blend = stacking.learn_weights(opinions, labels[held_out.rows])
        self._is_blended = True

    def _learned(self, document: Features) -> tuple[Array, Array, float]:
        """The learner's scores, the nearest usages' votes, and the cosine of the very nearest."""
        import numpy as np

        scores, similar = np.zeros(len(self.entries)), np.zeros(0)
        labels, importance = np.array(self._labels, dtype=np.int64), np.array(self._importance)
        if len(self._memory):
            similar = self._memory.similar(document)
        if self._trained is not None:
            before = self._trained.similar(document)
            scores = self._trained.scores(before)
            similar = np.concatenate([before, similar])
            labels = np.concatenate([self._trained.labels, labels])
            importance = np.concatenate([self._trained.importance, importance])
        elif self._model is not None:
            known = self._model_places >= 0
            scores[self._model_places[known]] = self._model.scores(document)[known]
        if not len(similar):
            return scores, np.zeros(len(self.entries)), 0.0
        return scores, training.nearest(similar, labels, importance, len(self.entries)), float(similar.max())

    def _popularity(self) -> Array:
        """The logarithm of each entry's share of all sends, 0 for an entry used as often as the mean."""
        import numpy as np

        share = (self._counts + 0.5) / (self._counts.sum() + 0.5 * len(self._counts))
        return np.log(share * len(self._counts))
