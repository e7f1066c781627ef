"""What words say of entries: a question against each title, each similar question, and each text.

Words are compared with an entry's title, with each question that customers put for it, with all of them at
once (the centroid, Rocchio 1971: a linear classifier that needs no training), and with its text; beside the
bare words stand the ideas that the reading hears in them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple
from zlib import crc32

from agent_tui.domain.reading import ideas_in
from agent_tui.domain.reading.danger import dangers_in
from agent_tui.domain.reading.spelling import spelled
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.retrieval import documents_of, terms_of
from agent_tui.knowledge.recommend.term_index import TermIndex
from agent_tui.knowledge.recommend.vectors import reciprocal_ranks
from agent_tui.knowledge.text.keywords import pieces

Array = Any

_RAW, _IDEA, _IDEAS = 0.7, 2.0, 1.4
_MOST_IDEAS = 12
_OTHER_SPACE = 0x9E3779B9
_SPOKEN_OF = 0.3
RANKED = ("nearest", "centroid", "title", "text", "similar")


class WordSignals(NamedTuple):
    """For every entry: what its words say, and the document that is closest to the question (-1 for none)."""

    columns: Mapping[str, Array]
    closest: Array


class WordIndex:
    """The words of entries made ready to be compared with questions; made of what `built` made."""

    def __init__(self, entries: Sequence[Entry], arrays: Mapping[str, Array]) -> None:
        import numpy as np

        self._count = len(entries)
        documents = documents_of(entries)
        self.asked = [one for one in documents if one.kind != "text"]
        texts = [one for one in documents if one.kind == "text"]
        self._owners = np.array([one.entry for one in self.asked], dtype=np.int64)
        self._text_owners = np.array([one.entry for one in texts], dtype=np.int64)
        self._is_title = np.array([one.kind == "title" for one in self.asked], dtype=bool)
        self.questions = np.bincount(self._owners[~self._is_title], minlength=self._count)
        self._said, self._meant, self._bodies = (
            TermIndex(_under(name, arrays)) for name in ("said", "meant", "bodies")
        )

    @classmethod
    def built(cls, entries: Sequence[Entry]) -> dict[str, Array]:
        """The arrays of the three indexes."""
        import numpy as np

        documents = documents_of(entries)
        questions = [one for one in documents if one.kind != "text"]
        is_title = np.array([one.kind == "title" for one in questions], dtype=bool)
        said = [_words(one.text) for one in questions]
        meant = [bag | _ideas(one.text) for bag, one in zip(said, questions, strict=True)]
        bodies = [terms_of(one.text) for one in documents if one.kind == "text"]
        made = {
            "said": TermIndex.built(said, is_title),
            "meant": TermIndex.built(meant, is_title),
            "bodies": TermIndex.built(bodies, np.zeros(len(bodies))),
        }
        return {f"{name} {part}": own for name, one in made.items() for part, own in one.parts.items()}

    def read(self, words: str, context: str = "") -> WordSignals:
        """What the words of a question say of each entry; `context` is what else was said."""
        import numpy as np

        bag = _words(words)
        said, meant = self._said.match(bag), self._meant.match(bag | _ideas(words)).cosine
        title, similar, second = self._by_entry(said.cosine)
        mean = np.bincount(self._owners, weights=meant, minlength=self._count)
        mean = mean / np.sqrt(self.questions + 2.0)
        columns: dict[str, Array] = {
            "title": title, "similar": similar, "second": second, "centroid": mean,
            "nearest": self._best(meant),
            "text": _best(self._bodies.match(terms_of(words)).coverage, self._text_owners, self._count),
            "context": self._context(context),
            "behind": mean.max(initial=0.0) - mean,
        }  # fmt: skip
        columns |= _beside_the_best(columns["nearest"]) | _places(columns)
        return WordSignals(columns, self._closest(said.cosine + meant))

    def _closest(self, closeness: Array) -> Array:
        import numpy as np

        order = np.argsort(closeness, kind="stable")
        closest = np.full(self._count, -1)
        closest[self._owners[order]] = order
        return closest

    def _by_entry(self, cosine: Array) -> tuple[Array, Array, Array]:
        """Each entry's title, best question, and second best question."""
        import numpy as np

        count = self._count
        title = _best(np.where(self._is_title, cosine, 0), self._owners, count)
        asked, owners = cosine[~self._is_title], self._owners[~self._is_title]
        similar = _best(asked, owners, count)
        second = _best(np.where(asked < similar[owners], asked, 0), owners, count)
        return title, similar, second

    def _context(self, words: str) -> Array:
        import numpy as np

        if not words:
            return np.zeros(self._count)
        return self._best(self._meant.match(_words(words) | _ideas(words)).cosine)

    def _best(self, values: Array) -> Array:
        return _best(values, self._owners, self._count)


def dangers_of(entry: Entry) -> dict[str, float]:
    """The dangers that an entry is written for, and how many of its questions speak of each."""
    asked = [one for one in entry.similar if one.strip()] or [entry.title]
    heard = Counter(found.danger.value for one in asked for found in dangers_in(spelled(one)))
    shares = {danger: count / len(asked) for danger, count in heard.items()}
    return {danger: share for danger, share in shares.items() if share >= _SPOKEN_OF}


def _under(name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {key.split()[1]: array for key, array in arrays.items() if key.split()[0] == name}


def _ideas(text: str) -> dict[int, float]:
    """What a short text is about, each idea and each two of them together."""
    ideas = sorted(ideas_in(text))
    found = {crc32(f"idea {one}".encode()): _IDEA for one in ideas}
    pairs = combinations(ideas[:_MOST_IDEAS], 2)
    return found | {crc32(f"ideas {one} {other}".encode()): _IDEAS for one, other in pairs}


def bag_of(text: str) -> dict[int, float]:
    """The terms of a short text and of the ideas in it, as questions are compared."""
    return _words(text) | _ideas(text)


def _words(text: str) -> dict[int, float]:
    """The terms of a short text: words folded into what they mean, and its bare characters."""
    found = {crc32(f"said {piece}".encode()): weight for piece, weight in pieces(text).items()}
    return found | {term ^ _OTHER_SPACE: _RAW * count for term, count in terms_of(text).items()}


def _best(values: Array, owners: Array, count: int) -> Array:
    import numpy as np

    best = np.zeros(count)
    np.maximum.at(best, owners, values)
    return best


def _beside_the_best(score: Array) -> dict[str, Array]:
    """How good the best entry is, and how each stands beside it."""
    import numpy as np

    best = float(score.max(initial=0.0))
    return {
        "best": np.full(len(score), best),
        "below_best": best - score,
        "of_best": score / max(best, 1e-6),
    }


def _places(columns: Mapping[str, Array]) -> dict[str, Array]:
    """One over each entry's place by every way of comparing, 0 for what has nothing in common."""
    import numpy as np

    return {
        f"{name}_place": np.where(columns[name] > 0, reciprocal_ranks(columns[name]), 0) for name in RANKED
    }
