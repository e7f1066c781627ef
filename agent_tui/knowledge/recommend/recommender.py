"""The engine: a situation to a guess, the same for desk, palette, helper, scripts and bot.

Each open question of the reading is answered by itself: `signals` say what speaks for every entry,
`calibration` makes one probability of them, `usage_model` adds what was sent after such words before, and
`choosing` puts in order what may be shown.
"""

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent_tui.domain.conditions import Fit
from agent_tui.domain.order_facts import OrderFacts, facts_of
from agent_tui.domain.reading import read_conversation
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.asking import questions_of
from agent_tui.knowledge.recommend.calibration import Calibration, calibration, probabilities
from agent_tui.knowledge.recommend.choosing import Contenders, chosen
from agent_tui.knowledge.recommend.signals import Question, SignalIndex
from agent_tui.knowledge.recommend.situation import Guess, Situation
from agent_tui.knowledge.recommend.stacking import SURE_USAGE
from agent_tui.knowledge.recommend.usage_log import Usage
from agent_tui.knowledge.recommend.usage_model import WHY, UsageModel, UsagePull
from agent_tui.knowledge.recommend.word_index import WordSignals

Array = Any

CONSIDERED = 9
_TELLING_USAGE = 1.0
_STRANGE, _STRANGE_TO_NO_SUBJECT, _AGAINST_STRANGERS = 0.05, 0.18, 3.0
_FAINT, _COVERED = 0.15, 0.25


class Recommender:
    """Recommends entries for a situation; build it with `build`, feed it with `learn`."""

    def __init__(
        self,
        entries: Sequence[Entry],
        usages: UsageModel | None = None,
        weights: Calibration | None = None,
        file: Path | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self._number = {entry.id: number for number, entry in enumerate(self.entries)}
        self._index = SignalIndex(self.entries, file)
        self._usages = usages or UsageModel(self.entries)
        self.calibration = weights or calibration()

    @classmethod
    def build(cls, entries: Sequence[Entry], usages: Iterable[Usage] = ()) -> "Recommender":
        """A recommender that has learned from `usages`; those of unknown entries are counted in `skipped`."""
        listed = tuple(entries)
        return cls(listed, UsageModel.build(listed, usages))

    def calibrated(self, weights: Calibration) -> "Recommender":
        """The same over the same entries with other weights."""
        made = copy(self)
        made.calibration = weights
        return made

    @property
    def skipped(self) -> int:
        """How many usages were of unknown entries."""
        return self._usages.skipped

    def take_weights(self, data: bytes) -> None:
        """Use a shipped model of usages from now on; data that cannot be read changes nothing."""
        self._usages = self._usages.with_weights(data)

    def weights(self) -> bytes:
        """What was learned from usages, small enough to be shipped; empty while that is nothing."""
        return self._usages.weights()

    def learn(self, usage: Usage) -> None:
        """Take one more send into account, at once."""
        self._usages.learn(usage)

    def guess(
        self, situation: Situation, *, only: Collection[str] | None = None, limit: int = CONSIDERED
    ) -> Guess:
        """What may answer, best first; `only` keeps to the entries of a pack."""
        facts = facts_at(situation)
        reading = read_conversation(situation.messages, facts)
        questions = questions_of(situation, reading)
        if not self.entries or not questions:
            return Guess(reading=reading, facts=facts)
        fits = self._index.fits(facts)
        pull = self._usages.pull(situation.messages, situation.category)
        if pull.nearest >= SURE_USAGE:  # what was sent after such words is known, whatever they ask
            questions = tuple(one._replace(asks_nothing=False) for one in questions)
        read = [self._index.read(one) for one in questions]
        logits = [
            self._logits(one, said, fits, facts) * pull.words + pull.logits
            for one, said in zip(questions, read, strict=True)
        ]
        contenders = Contenders(
            entries=self.entries,
            is_open=self._is_open(situation, only),
            fits=fits,
            chances=[probabilities(one) for one in logits],
            why=lambda entry, question: self._why(entry, read[question], pull),
            asks=self._index.asks_for_order,
            dangers=self._index.dangers,
            languages=frozenset(one.language for one in questions),
            are_alike=self._index.are_alike,
        )
        return chosen(contenders, questions, reading, facts, limit, self.calibration)

    def _logits(self, question: Question, said: WordSignals, fits: Sequence[Fit], facts: OrderFacts) -> Array:
        """The log odds of every entry; what has no words in common with the question is no answer to it, and
        a question about nothing that a shop knows takes more of them."""
        import numpy as np

        closeness = np.maximum(said.columns["nearest"], said.columns["centroid"])
        strange = closeness <= (_STRANGE if question.has_subject else _STRANGE_TO_NO_SUBJECT)
        matrix = self._index.matrix(question, said, fits, facts)
        return self.calibration.logits(matrix) - _AGAINST_STRANGERS * strange

    def signals(self, situation: Situation) -> list[tuple[Question, Array]]:
        """Each question with the signals of every entry, for whoever fits the calibration."""
        facts = facts_at(situation)
        questions = questions_of(situation, read_conversation(situation.messages, facts))
        fits = self._index.fits(facts)
        return [(one, self._index.matrix(one, self._index.read(one), fits, facts)) for one in questions]

    def closeness(self, words: str) -> Array:
        """How near a question is to the nearest that customers ask of each entry, 0 to 1."""
        return self._index.read(Question(words=words)).columns["nearest"]

    def _is_open(self, situation: Situation, only: Collection[str] | None) -> Array:
        """Which entries may answer here at all: those of the pack, for this channel."""
        import numpy as np

        channel = situation.channel
        return np.array([
            (only is None or entry.id in only)
            and (not entry.channels or not channel or channel in entry.channels)
            for entry in self.entries
        ])  # fmt: skip

    def _why(self, entry: int, said: WordSignals, pull: UsagePull) -> tuple[str, str]:
        """What spoke for an entry most, in a stable word, and the similar question if it was one."""
        if pull.logits[entry] >= _TELLING_USAGE:
            return WHY[int(pull.why[entry])], ""
        place, closeness = (
            int(said.closest[entry]),
            max(said.columns[name][entry] for name in ("title", "similar")),
        )
        if place < 0 or (closeness < _FAINT and said.columns["text"][entry] > _COVERED):
            return "text", ""
        document = self._index.asked[place]
        return document.kind, document.text if document.kind == "similar" else ""


def facts_at(situation: Situation) -> OrderFacts:
    """What is so of the order at the situation's moment."""
    return facts_of(
        situation.order, situation.now or datetime.now(UTC), tier=situation.tier, floor=situation.floor,
        high_value=situation.high_value,
    )  # fmt: skip
