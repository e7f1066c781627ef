"""What was sent before: three opinions of each entry, stacked as far as there is enough to learn from.

They are the learner's, the nearest usages', and how often an entry is used. How well an entry's own words fit
is the fourth while the blend is learned; without usages nothing is said here and the words decide alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend import model_file, stacking
from agent_tui.knowledge.recommend.features import Features, features
from agent_tui.knowledge.recommend.neighbours import UsageNeighbours, votes
from agent_tui.knowledge.recommend.training import train
from agent_tui.knowledge.recommend.usage_log import NEWEST, Said, Usage

Array = Any

_CLOSE_VOTES = 1.5
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
        self._data = b""
        self._model: model_file.Model | None = None
        self._model_places: Array = np.zeros(0, dtype=np.int64)
        self._memory = UsageNeighbours()
        self._labels: list[int] = []
        self._importance: list[float] = []

    @classmethod
    def build(cls, entries: Sequence[Entry], usages: Iterable[Usage] = ()) -> "UsageModel":
        """A model trained on `usages`; those of unknown entries are counted in `skipped`."""
        listed = list(usages)
        made = cls(entries)
        known = [usage for usage in listed if usage.entry in made._number]
        if data := train(made.entries, known):
            made = made.with_weights(data)
            for usage in known[-NEWEST:]:
                made._remember(usage)
            made._data = data
        else:
            for usage in known:
                made.learn(usage)
        made.skipped = len(listed) - len(known)
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
        made._memory = UsageNeighbours(model.space)
        return made

    def learn(self, usage: Usage) -> None:
        """Take one more send into account: among the nearest usages and the counts, at once."""
        number = self._remember(usage)
        if number is None:
            return
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
        document = features(messages, category)
        near, closest = self._nearest(document)
        shares = stacking.dampened(near, stacking.FEW_VOTES if self._is_blended else _CLOSE_VOTES)
        opinions = [self._learned(document), shares, stacking.popularity(self._counts)]
        stacked = np.stack(opinions, axis=-1) * self._blend[:3]
        stacked -= stacked.mean(axis=0)
        words = min(1.0, float(self._blend[3]) / stacking.DEFAULTS[3]) ** _FADING
        return UsagePull(stacked.sum(axis=1), stacked.argmax(axis=1), words, closest)

    def weights(self) -> bytes:
        """The learned model, small enough to be shipped to every agent; empty while nothing is learned."""
        return self._data

    def _remember(self, usage: Usage) -> int | None:
        """Keep a usage among the nearest; the number of its entry, None for one that teaches nothing."""
        number = self._number.get(usage.entry)
        if number is None or usage.weight <= 0:
            return None
        self._memory.add(features(usage.messages, usage.category))
        self._labels.append(number)
        self._importance.append(usage.weight)
        return number

    def _learned(self, document: Features) -> Array:
        """What the learner says of each entry."""
        import numpy as np

        scores = np.zeros(len(self.entries))
        if self._model is not None:
            known = self._model_places >= 0
            scores[self._model_places[known]] = self._model.scores(document)[known]
        return scores

    def _nearest(self, document: Features) -> tuple[Array, float]:
        """The nearest usages' votes, and the cosine of the very nearest."""
        import numpy as np

        if not len(self._memory):
            return np.zeros(len(self.entries)), 0.0
        similar = self._memory.similar(document)
        labels, importance = np.array(self._labels, dtype=np.int64), np.array(self._importance)
        return votes(similar, labels, importance, len(self.entries)), float(similar.max())
