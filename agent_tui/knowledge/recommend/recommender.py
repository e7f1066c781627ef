"""Ranking of recommended answers: four opinions, stacked into one probability an entry.

They are the learner's, the nearest usages', how often an entry is used, and how well its title, similar
questions and text fit. Without usages only the last one speaks; with many the first leads.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend import model_file, stacking, training
from agent_tui.knowledge.recommend.features import Features, features
from agent_tui.knowledge.recommend.neighbours import UsageNeighbours
from agent_tui.knowledge.recommend.retrieval import RetrievedEntries, Retriever
from agent_tui.knowledge.recommend.training import HeldOutScores
from agent_tui.knowledge.recommend.usage_log import Said, Usage

Array = Any

FEWEST_TO_LEARN = 60
_FEWEST_TO_BLEND = 120
_FEW_VOTES, _CLOSE_VOTES = 0.2, 1.5
_WHY = ("learned", "usages", "popular", "similar")


class RankedEntry(Struct, frozen=True):
    """A recommended entry: its probability (0 to 1) and what spoke for it most.

    `why` is a word (`learned`, `usages`, `popular`, `title`, `text`), or `similar: ` and the question.
    """

    id: str
    score: float
    why: str


class Recommendation(Struct, frozen=True):
    """The best entries first; `abstain` says that none is sure enough to be shown unasked."""

    hits: tuple[RankedEntry, ...]
    abstain: bool


class Recommender:
    """Recommends entries for a conversation; build it with `build`, feed it with `learn`."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        import numpy as np

        self.entries = tuple(entries)
        self.skipped = 0
        self._number = {entry.id: number for number, entry in enumerate(self.entries)}
        self._categories = [entry.category for entry in self.entries]
        self._languages = [entry.language for entry in self.entries]
        self._retriever = Retriever(self.entries)
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
    def build(cls, entries: Sequence[Entry], usages: Iterable[Usage] = ()) -> "Recommender":
        """A recommender trained on `usages`; those of unknown entries are counted in `skipped`."""
        made = cls(entries)
        made._train(list(usages))
        return made

    def with_weights(self, data: bytes) -> "Recommender":
        """The same entries with a shipped model (`weights`); data that cannot be read changes nothing."""
        import numpy as np

        model = model_file.unpack(data)
        if model is None:
            return self
        made = Recommender(self.entries)
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

    def recommend(
        self,
        messages: Sequence[Said],
        category: str | None = None,
        language: str | None = None,
        limit: int = 3,
    ) -> Recommendation:
        """The entries that fit best after `messages` (oldest first)."""
        import numpy as np

        if not self.entries or not any(message.text.strip() for message in messages):
            return Recommendation((), abstain=True)
        opinions, found, nearest = self._opinions(messages, category or "")
        chances = stacking.probabilities(self._suited(opinions, category, language), self._blend)
        order = np.argsort(-chances, kind="stable")
        if not self._counts.any():
            order = order[opinions[order, 3] > 0]
        hits = tuple(
            RankedEntry(
                self.entries[one].id, round(float(chances[one]), 4), self._why(opinions, found, int(one))
            )
            for one in order[: max(limit, 0)]
        )
        learned = float(opinions[order[0], 0]) if len(order) else None
        sure = stacking.is_sure(found.cosines, found.in_latin, nearest, learned)
        return Recommendation(hits, abstain=not sure)

    def cosine(self, messages: Sequence[Said]) -> float:
        """The mean raw cosine of the three entries closest to what was asked; the line is drawn on it."""
        return stacking.closest(self._retriever.find(messages).cosines)

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

    def _learn_blend(self, usages: Sequence[Usage], labels: Array, held_out: HeldOutScores) -> None:
        import numpy as np

        chosen = [usages[row] for row in held_out.rows]
        similar = np.array([self._retriever.find(usage.messages).scores for usage in chosen])
        popular = np.broadcast_to(self._popularity(), similar.shape)
        nearest = stacking.dampened(held_out.nearest, _FEW_VOTES)
        opinions = np.stack([held_out.learned, nearest, popular, similar], axis=-1)
        self._blend = stacking.learn_weights(opinions, labels[held_out.rows])
        self._is_blended = True

    def _opinions(self, messages: Sequence[Said], category: str) -> tuple[Array, RetrievedEntries, float]:
        import numpy as np

        document = features(messages, category)
        learned, votes, closest = self._learned(document)
        found = self._retriever.find(messages)
        shares = stacking.dampened(votes, _FEW_VOTES if self._is_blended else _CLOSE_VOTES)
        opinions = np.stack([learned, shares, self._popularity(), found.scores], axis=-1)
        return opinions, found, closest

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

    def _suited(self, opinions: Array, category: str | None, language: str | None) -> Array:
        """`opinions` with a small pull to the ticket's category and away from another language."""
        import numpy as np

        suited = opinions.copy()
        if category:
            same = np.array([own == category for own in self._categories])
            suited[:, 3] += 0.05 * same
        if language:
            suited[:, 3] -= 0.5 * np.array([own != language for own in self._languages])
        return suited

    def _why(self, opinions: Array, found: RetrievedEntries, number: int) -> str:
        import numpy as np

        pull = (opinions[number] - opinions.mean(axis=0)) * self._blend
        word = _WHY[int(np.argmax(pull))]
        place = int(found.documents[number])
        if word != "similar" or place < 0:
            return word
        document = self._retriever.documents[place]
        return f"similar: {document.text}" if document.kind == "similar" else document.kind
