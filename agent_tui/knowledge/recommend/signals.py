"""Signals: what speaks for each entry as the answer to one question, as numbers for the calibration.

Beside what the words say (`word_index`) stand the category, the language, and whether the entry is true of
the order.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agent_tui.domain.conditions import BadCondition, Fit, fit_of, parse
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading import Danger
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.index_file import digest_of, keep_index, read_index
from agent_tui.knowledge.recommend.meaning_index import NAMES as MEANT
from agent_tui.knowledge.recommend.meaning_index import MeaningIndex
from agent_tui.knowledge.recommend.word_index import RANKED, WordIndex, WordSignals, dangers_of

Array = Any

NAMES = (
    "title", "second", "nearest", "centroid", "context", "behind", "best", "below_best", "of_best",
    *(f"{name}_place" for name in RANKED), "same_category", "other_category", "true_here", "true_closely",
    "open_with_order", "open_without_order", "asks_for_order", "other_language", "talk", "talk_when_vague",
    *MEANT,
)  # fmt: skip
_TALK = "other"
_NUMBER = re.compile(r"订单号|单号|下单[^，。]{0,4}手机|order (?:number|no|#)", re.IGNORECASE)
_NOT_OF_ORDERS = frozenset({"level", "peak", "vip", "member"})


class Question(NamedTuple):
    """What is asked: the words, what else was said, what it is about by itself and by its ticket; `is_vague`
    wants something and doesn't say what, `asks_nothing` not even that."""

    words: str
    context: str = ""
    category: str = ""
    ticket_category: str = ""
    language: str = "zh"
    is_vague: bool = False
    asks_nothing: bool = False

    @property
    def subject(self) -> str:
        """The category that it is about, its ticket's where its own words don't tell; empty for none."""
        return next((one for one in (self.category, self.ticket_category) if one not in ("", _TALK)), "")

    @property
    def has_subject(self) -> bool:
        """Whether it is about something that a shop knows."""
        return bool(self.subject)


class SignalIndex:
    """The entries made ready to be compared with questions."""

    def __init__(self, entries: Sequence[Entry], file: Path | None = None) -> None:
        import numpy as np

        self.entries = tuple(entries)
        arrays, dangers = _ready(self.entries, file)
        self._words = WordIndex(self.entries, _under("words", arrays))
        self._meaning = MeaningIndex(self.entries, _under("meaning", arrays))
        self.asked = self._words.asked
        self.dangers = [{Danger(one): share for one, share in own.items()} for own in dangers]
        self._categories = np.array([entry.category for entry in entries], dtype=object)
        self._languages = np.array([entry.language for entry in entries], dtype=object)
        self._conditions = sorted({entry.true_when for entry in entries})
        place = {text: number for number, text in enumerate(self._conditions)}
        self._condition_of = np.array([place[entry.true_when] for entry in entries], dtype=np.int64)
        self._closeness = np.array([_closeness(text) for text in self._conditions])
        self.asks_for_order = np.array([asks_for_order(entry) for entry in entries], dtype=float)

    def fits(self, facts: OrderFacts) -> list[Fit]:
        """Whether each entry is true of the order."""
        found = [fit_of(text, facts) for text in self._conditions]
        return [found[place] for place in self._condition_of]

    def read(self, question: Question) -> WordSignals:
        """What the words say of each entry."""
        said = self._words.read(question.words, question.context)
        return said._replace(columns={**said.columns, **self._meaning.read(question.words)})

    def are_alike(self, one: int, other: int) -> bool:
        """Whether two entries answer the same question."""
        return one == other or self._meaning.are_alike(one, other)

    def matrix(self, question: Question, said: WordSignals, fits: Sequence[Fit], facts: OrderFacts) -> Array:
        """One row an entry, one column a signal of `NAMES`."""
        import numpy as np

        columns = {
            **said.columns, **self._of_subject(question),
            **self._of_order(fits, facts, said.columns["nearest"]),
        }  # fmt: skip
        talk = self._categories == _TALK
        columns |= {
            "other_language": self._languages != question.language,
            "talk": talk,
            "talk_when_vague": talk * question.is_vague,
        }
        return np.stack([np.asarray(columns[name], dtype=float) for name in NAMES], axis=1)

    def _of_subject(self, question: Question) -> dict[str, Array]:
        import numpy as np

        known = question.has_subject
        same = self._categories == question.subject
        return {
            "same_category": same if known else np.zeros(len(same)),
            "other_category": ~same if known else np.zeros(len(same)),
        }

    def _of_order(self, fits: Sequence[Fit], facts: OrderFacts, nearest: Array) -> dict[str, Array]:
        """What the order says; that an entry is true of it counts as far as its words fit at all."""
        import numpy as np

        bound = self._closeness[self._condition_of]
        true = np.array([one.holds is True for one in fits]) & (bound > 0)
        is_open = np.array([one.holds is None for one in fits])
        return {
            "true_here": true * nearest,
            "true_closely": np.where(true, bound, 0) * nearest,
            "open_with_order": is_open & (not facts.no_order),
            "open_without_order": is_open & facts.no_order,
            "asks_for_order": self.asks_for_order * facts.no_order,
        }


def _ready(entries: Sequence[Entry], file: Path | None) -> tuple[dict[str, Array], list[dict[str, float]]]:
    """The arrays of both indexes and the entries' dangers, from the file where it has them."""
    digest = digest_of(entries) if file is not None else ""
    if file is not None and (kept := read_index(file, digest)) is not None:
        return kept
    parts = {"words": WordIndex.built(entries), "meaning": MeaningIndex.built(entries)}
    arrays = {f"{name} {part}": array for name, made in parts.items() for part, array in made.items()}
    dangers = [dangers_of(entry) for entry in entries]
    if file is not None:
        keep_index(file, digest, arrays, dangers)
    return arrays, dangers


def _under(name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {key.removeprefix(f"{name} "): one for key, one in arrays.items() if key.startswith(f"{name} ")}


def asks_for_order(entry: Entry) -> bool:
    """Whether an entry is written for who hasn't said which order it is about, and asks for its number."""
    try:
        is_without = parse(entry.true_when).words == {"no_order"} if entry.true_when else False
    except BadCondition:
        return False
    is_without = is_without and fit_of(entry.true_when, OrderFacts()).holds is True
    return is_without and _NUMBER.search(entry.text) is not None


def _closeness(condition: str) -> float:
    """How closely a condition describes an order: the number of its facts, 0 for none."""
    if not condition:
        return 0.0
    try:
        return min(float(len(parse(condition).words - _NOT_OF_ORDERS)), 3.0)
    except BadCondition:
        return 0.0
