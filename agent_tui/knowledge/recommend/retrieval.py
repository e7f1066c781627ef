"""Okapi BM25 (Robertson & Zaragoza 2009) and TF-IDF cosine (Salton & Buckley 1988) over entries' texts.

Title, each similar question and the text are separate documents. Chinese is compared by BM25 over characters
and pairs, English by the cosine over pieces of words. Why no library: docs/architecture.md.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple
from zlib import crc32

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.recommend.features import units_of, word_pieces
from agent_tui.knowledge.recommend.usage_log import Said
from agent_tui.knowledge.recommend.vectors import sparse, times_row
from agent_tui.knowledge.text.keywords import asked

Array = Any
DocumentKind = Literal["title", "similar", "text"]

_K1, _B = 1.2, 0.4
_KINDS: tuple[DocumentKind, ...] = ("title", "similar", "text")
_KIND_WEIGHTS = (1.0, 1.0, 1.0)


class Document(NamedTuple):
    """One thing an entry can be found by."""

    entry: int
    kind: DocumentKind
    text: str


class RetrievedEntries(NamedTuple):
    """For every entry: how well it answers, the raw cosine (0 where nothing was asked), the closest text.

    `in_latin` says how the question is written: pieces of words meet by chance more often than characters.
    """

    scores: Array
    cosines: Array
    documents: Array
    in_latin: bool = False


def terms_of(text: str) -> Counter[int]:
    """Chinese characters and their pairs, and pieces (2 to 4 letters) of Latin words, as hashes."""
    units = units_of(text)
    terms: Counter[int] = Counter()
    for place, unit in enumerate(units):
        if unit in "?!":
            continue
        if unit.isascii() and unit.isalpha():
            terms.update(word_pieces(unit, 2, 4))
            continue
        terms[crc32(unit.encode())] += 1
        if place and not units[place - 1].isascii():
            terms[crc32((units[place - 1] + unit).encode())] += 1
    return terms


def is_latin(text: str) -> bool:
    """Whether `text` is written in Latin letters rather than Chinese characters."""
    latin = sum(1 for char in text if "a" <= char.lower() <= "z")
    return latin > 4 * sum(1 for char in text if "\u4e00" <= char <= "\u9fff")


def words_of(messages: Sequence[Said]) -> list[tuple[str, float]]:
    """What the customer asked, the newest first, and how much each message counts; no chatter."""
    found: list[tuple[str, float]] = []
    weight = 1.0
    for message in reversed(messages[-8:]):
        if message.side != "customer":
            weight *= 0.5 if found else 1.0
        elif words := asked(message.text):
            found.append((words, weight))
            weight *= 0.6
    return found


def is_asking(messages: Sequence[Said]) -> bool:
    """Whether the customer asked something since the agent last spoke; thanks and greetings ask nothing."""
    for message in reversed(messages):
        if message.side != "customer":
            return False
        if asked(message.text):
            return True
    return False


def documents_of(entries: Sequence[Entry]) -> list[Document]:
    """Every document of `entries`."""
    documents = []
    for number, entry in enumerate(entries):
        documents.append(Document(number, "title", " ".join((entry.title, *entry.tags))))
        documents.extend(Document(number, "similar", question) for question in entry.similar)
        if entry.text or entry.extra:
            documents.append(Document(number, "text", f"{entry.text}\n{entry.extra}"))
    return documents


class Retriever:
    """An index over the documents of entries."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        import numpy as np

        self.documents = documents_of(entries)
        self._entries = len(entries)
        self._entry_of = np.array([document.entry for document in self.documents], dtype=np.int64)
        self._kind_of = np.array([_KINDS.index(document.kind) for document in self.documents], dtype=np.int64)
        self._latin = np.array([is_latin(entry.title + entry.text) for entry in entries], dtype=bool)
        self._index([terms_of(document.text) for document in self.documents])

    def _index(self, bags: Sequence[Counter[int]]) -> None:
        import numpy as np

        self._place = {term: place for place, term in enumerate(sorted({t for bag in bags for t in bag}))}
        rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        cols = np.array([self._place[term] for bag in bags for term in bag], dtype=np.int64)
        counts = np.array([count for bag in bags for count in bag.values()], dtype=float)
        width, height = len(self._place), len(bags)
        seen = np.bincount(cols, minlength=width)
        self._rarity = np.log(1 + (height - seen + 0.5) / (seen + 0.5))
        self._rarest = float(np.log(1 + (height + 0.5) / 0.5))
        lengths = np.bincount(rows, weights=counts, minlength=height)
        relative = lengths / np.maximum(self._usual_lengths(lengths), 1e-9)
        strength = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * relative[rows]))
        self._bm25 = sparse(rows, cols, strength * self._rarity[cols], height, width)
        values = (1 + np.log(counts)) * self._rarity[cols]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=height))
        self._tfidf = sparse(rows, cols, values / norms[rows], height, width)

    def _usual_lengths(self, lengths: Array) -> Array:
        """The mean length of documents of the same kind."""
        import numpy as np

        usual = np.zeros(len(lengths))
        for kind in np.unique(self._kind_of):
            same = self._kind_of == kind
            usual[same] = lengths[same].mean()
        return usual

    def find(self, messages: Sequence[Said]) -> RetrievedEntries:
        """How well each entry answers what the customer said, from 0 to about 3."""
        import numpy as np

        words = words_of(messages) or [(messages[-1].text, 1.0)] if messages else []
        if not self.documents or not words:
            return RetrievedEntries(
                np.zeros(self._entries), np.zeros(self._entries), np.full(self._entries, -1)
            )
        fit, cosine = self._match(words)
        in_latin = is_latin(words[0][0])
        scores, where = self._best(cosine if in_latin else fit)
        scores[self._latin != in_latin] *= 0.3
        closest = np.zeros(self._entries)
        if is_asking(messages):
            np.maximum.at(closest, self._entry_of, cosine)
        return RetrievedEntries(scores, closest, where, in_latin)

    def _match(self, words: Sequence[tuple[str, float]]) -> tuple[Array, Array]:
        """Coverage by BM25 (1 means every rare word is there) and cosine, for every document."""
        import numpy as np

        weight_of: dict[int, float] = {}
        for text, weight in words:
            for term, count in terms_of(text).items():
                weight_of[term] = weight_of.get(term, 0.0) + weight * min(count, 2)
        known = [(self._place[term], weight) for term, weight in weight_of.items() if term in self._place]
        cols = np.array([place for place, _ in known], dtype=np.int64)
        weights = np.array([weight for _, weight in known])
        strange = [weight * self._rarest for term, weight in weight_of.items() if term not in self._place]
        full = (_K1 + 1) * (float((weights * self._rarity[cols]).sum()) + sum(strange))
        fit = times_row(self._bm25, cols, weights) / max(full, 1e-9)
        values = weights * self._rarity[cols]
        length = float(np.sqrt((values**2).sum() + sum(value**2 for value in strange)))
        return fit, times_row(self._tfidf, cols, values) / max(length, 1e-9)

    def _best(self, fit: Array) -> tuple[Array, Array]:
        """Every entry's best documents of each kind added up, and the one that fits best of all."""
        import numpy as np

        best = np.zeros((len(_KINDS), self._entries))
        np.maximum.at(best, (self._kind_of, self._entry_of), fit)
        order = np.argsort(fit, kind="stable")
        where = np.full(self._entries, -1)
        where[self._entry_of[order]] = order
        return np.array(_KIND_WEIGHTS) @ best, where
