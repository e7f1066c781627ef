"""Signals: what speaks for each entry as the answer to one question, as numbers for the calibration.

Words are compared with an entry's title, with each question that customers put for it, with all of them at
once (the centroid, Rocchio 1971: a linear classifier that needs no training), and with its text; beside the
bare words stand the ideas that the reading hears in them. Then come the category, the language, and whether
the entry is true of the order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from agent_tui.domain.conditions import BadCondition, Fit, fit_of, parse
from agent_tui.domain.order_facts import OrderFacts
from agent_tui.domain.reading import Danger, ideas_in
from agent_tui.domain.reading.danger import dangers_in
from agent_tui.domain.reading.spelling import spelled
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.retrieval import documents_of, terms_of
from agent_tui.knowledge.recommend.term_index import TermIndex
from agent_tui.knowledge.text.keywords import pieces

Array = Any

NAMES = (
    "title", "similar", "second", "nearest", "centroid", "text", "coverage", "context", "leads", "behind",
    "same_category", "other_category", "ticket_category", "true_here", "true_closely", "open_with_order",
    "open_without_order", "other_language", "has_questions", "is_article", "asks_for_order", "talk",
    "talk_when_vague", "nothing_asked",
)  # fmt: skip
_RAW, _IDEA, _IDEAS = 0.7, 2.0, 1.4
_MOST_IDEAS = 12
_TALK = "other"


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


class WordSignals(NamedTuple):
    """For every entry: what its words say, and the document that is closest to the question (-1 for none)."""

    columns: Mapping[str, Array]
    closest: Array


class SignalIndex:
    """The entries made ready to be compared with questions."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        import numpy as np

        self.entries = tuple(entries)
        documents = documents_of(entries)
        self.asked = [one for one in documents if one.kind != "text"]
        self._owners = np.array([one.entry for one in self.asked], dtype=np.int64)
        self._is_title = np.array([one.kind == "title" for one in self.asked], dtype=bool)
        bags = [_words(one.text) for one in self.asked]
        self._index = TermIndex(bags, self._is_title)
        meant = [bag | _ideas(one.text) for bag, one in zip(bags, self.asked, strict=True)]
        self._meanings = TermIndex(meant, self._is_title)
        texts = [one for one in documents if one.kind == "text"]
        self._text_owners = np.array([one.entry for one in texts], dtype=np.int64)
        self._texts = TermIndex([terms_of(one.text) for one in texts], np.zeros(len(texts)))
        self._questions = np.bincount(self._owners[~self._is_title], minlength=len(self.entries))
        self._categories = np.array([entry.category for entry in entries], dtype=object)
        self._languages = np.array([entry.language for entry in entries], dtype=object)
        self._articles = np.array([entry.kind == "article" for entry in entries], dtype=float)
        self._conditions = sorted({entry.true_when for entry in entries})
        place = {text: number for number, text in enumerate(self._conditions)}
        self._condition_of = np.array([place[entry.true_when] for entry in entries], dtype=np.int64)
        self._closeness = np.array([_closeness(text) for text in self._conditions])
        self.asks_for_order = np.array([asks_for_order(entry.true_when) for entry in entries], dtype=float)
        self.dangers = [dangers_of(entry) for entry in entries]

    def fits(self, facts: OrderFacts) -> list[Fit]:
        """Whether each entry is true of the order."""
        found = [fit_of(text, facts) for text in self._conditions]
        return [found[place] for place in self._condition_of]

    def read(self, question: Question) -> WordSignals:
        """What the words say of each entry."""
        import numpy as np

        words = _words(question.words)
        match = self._index.match(words)
        meant = self._meanings.match(words | _ideas(question.words)).cosine
        text = self._texts.match(terms_of(question.words))
        title, similar, second = self._by_entry(match.cosine)
        mean = np.bincount(self._owners, weights=meant, minlength=len(self.entries))
        mean = mean / np.sqrt(self._questions + 2.0)
        order = np.argsort(match.cosine + meant, kind="stable")
        closest = np.full(len(self.entries), -1)
        closest[self._owners[order]] = order
        columns = {
            "title": title, "similar": similar, "second": second, "centroid": mean,
            "nearest": _best(meant, self._owners, len(self.entries)),
            "text": _best(text.coverage, self._text_owners, len(self.entries)),
            "coverage": _best(match.coverage, self._owners, len(self.entries)),
            "context": self._context(question.context),
            **_standing(mean),
        }  # fmt: skip
        return WordSignals(columns, closest)

    def _by_entry(self, cosine: Array) -> tuple[Array, Array, Array]:
        """Each entry's title, best question, and second best question."""
        import numpy as np

        count = len(self.entries)
        title = _best(np.where(self._is_title, cosine, 0), self._owners, count)
        asked, owners = cosine[~self._is_title], self._owners[~self._is_title]
        similar = _best(asked, owners, count)
        second = _best(np.where(asked < similar[owners], asked, 0), owners, count)
        return title, similar, second

    def _context(self, words: str) -> Array:
        import numpy as np

        if not words:
            return np.zeros(len(self.entries))
        cosine = self._meanings.match(_words(words) | _ideas(words)).cosine
        return _best(cosine, self._owners, len(self.entries))

    def matrix(self, question: Question, said: WordSignals, fits: Sequence[Fit], facts: OrderFacts) -> Array:
        """One row an entry, one column a signal of `NAMES`."""
        import numpy as np

        columns = {**said.columns, **self._of_subject(question), **self._of_order(fits, facts)}
        talk = self._categories == _TALK
        full = np.ones(len(self.entries))
        columns |= {
            "other_language": self._languages != question.language,
            "has_questions": self._questions > 0,
            "is_article": self._articles,
            "talk": talk,
            "talk_when_vague": talk * question.is_vague,
            "nothing_asked": full * question.asks_nothing,
        }
        return np.stack([np.asarray(columns[name], dtype=float) for name in NAMES], axis=1)

    def _of_subject(self, question: Question) -> dict[str, Array]:
        import numpy as np

        known = question.category not in ("", _TALK)
        same = self._categories == question.category
        ticket = self._categories == question.ticket_category
        known_ticket = question.ticket_category not in ("", _TALK)
        return {
            "same_category": same if known else np.zeros(len(same)),
            "other_category": ~same if known else np.zeros(len(same)),
            "ticket_category": ticket if known_ticket else np.zeros(len(same)),
        }

    def _of_order(self, fits: Sequence[Fit], facts: OrderFacts) -> dict[str, Array]:
        import numpy as np

        bound = self._closeness[self._condition_of]
        true = np.array([one.holds is True for one in fits]) & (bound > 0)
        is_open = np.array([one.holds is None for one in fits])
        return {
            "true_here": true,
            "true_closely": np.where(true, bound, 0),
            "open_with_order": is_open & (not facts.no_order),
            "open_without_order": is_open & facts.no_order,
            "asks_for_order": self.asks_for_order * facts.no_order,
        }


def asks_for_order(condition: str) -> bool:
    """Whether an entry is written for who hasn't said which order it is about."""
    if "no_order" not in condition:
        return False
    return fit_of(condition, OrderFacts()).holds is True


def dangers_of(entry: Entry) -> frozenset[Danger]:
    """The dangers that an entry is written for: those that most of its questions speak of."""
    asked = [one for one in entry.similar if one.strip()] or [entry.title]
    heard = Counter(found.danger for one in asked for found in dangers_in(spelled(one)))
    return frozenset(danger for danger, count in heard.items() if 2 * count > len(asked))


def _closeness(condition: str) -> float:
    """How closely a condition describes an order: the number of its facts, 0 for none."""
    if not condition:
        return 0.0
    try:
        return min(float(len(parse(condition).words)), 3.0)
    except BadCondition:
        return 0.0


def _ideas(text: str) -> dict[Any, float]:
    """What a short text is about, each idea and each two of them together."""
    ideas = sorted(ideas_in(text))
    found: dict[Any, float] = {("idea", one): _IDEA for one in ideas}
    found |= {("ideas", one, other): _IDEAS for one, other in combinations(ideas[:_MOST_IDEAS], 2)}
    return found


def _words(text: str) -> dict[Any, float]:
    """The terms of a short text: words folded into what they mean, and its bare characters."""
    found: dict[Any, float] = dict(pieces(text))
    for term, count in terms_of(text).items():
        found[term] = _RAW * count
    return found


def _best(values: Array, owners: Array, count: int) -> Array:
    import numpy as np

    best = np.zeros(count)
    np.maximum.at(best, owners, values)
    return best


def _standing(score: Array) -> dict[str, Array]:
    """How far each entry leads all others, or lies behind the best."""
    import numpy as np

    if len(score) < 2:
        return {"leads": score, "behind": np.zeros(len(score))}
    second, first = np.sort(score)[-2:]
    is_first = score >= first
    return {"leads": np.where(is_first, score - second, 0), "behind": first - score}
