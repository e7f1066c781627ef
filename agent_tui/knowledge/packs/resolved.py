"""A pack in use on a helper's screen: answers searched, procedures offered, cards brought up.

Start reading at `load_pack` and `resolve`; the structs are in `format`, files in `reading`, trigger words in
`triggers`. When a search finds nothing, rare words in common decide (inverse document frequency, Spärck Jones
1972): helpers type what the customer said, not what a title says.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from math import fsum, log

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.domain.models import Category
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.packs import triggers
from agent_tui.knowledge.packs.format import (
    EmergencyCard,
    OrderState,
    Pack,
    PackAnswer,
    Procedure,
    ProcedureStep,
)
from agent_tui.knowledge.packs.reading import (
    PackError,
    PlacedPack,
    load_pack,
    parse_pack,
    read_pack,
    read_packs,
)
from agent_tui.knowledge.packs.triggers import card_for
from agent_tui.knowledge.packs.words import pack_words
from agent_tui.knowledge.search.index import SearchIndex
from agent_tui.knowledge.search.search import Hit, search
from agent_tui.knowledge.text.tokens import normalize, units

__all__ = [
    "EmergencyCard",
    "Pack",
    "PackAnswer",
    "PackError",
    "PlacedPack",
    "Procedure",
    "ProcedureStep",
    "ResolvedAnswer",
    "ResolvedPack",
    "card_for",
    "load_pack",
    "parse_pack",
    "procedures_for",
    "read_pack",
    "read_packs",
    "resolve",
    "tick_note",
]  # fmt: skip

OFFERED = 3
# States of an order that packs name otherwise than `domain.order_facts`.
_FACTS = {"none": "no_order"}
_LEAST = 0.12
_TEXT_COUNTS = 0.3


class ResolvedAnswer(Struct, frozen=True, kw_only=True):
    """An answer of a pack with the entry it refers to; `similar` are questions as customers put them.

    `orders` are the states of an order in which it is right, any when empty; in those of `overview` it holds
    whatever the customer wants.
    """

    entry: Entry
    when: str
    similar: tuple[str, ...] = ()
    orders: tuple[OrderState, ...] = ()
    overview: tuple[OrderState, ...] = ()

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.entry.id

    @property
    def title(self) -> str:
        """The entry's title."""
        return self.entry.title


class RareWordMatcher:
    """The answers' pieces (two characters, one word) and how few answers have each."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        listed = list(entries)
        self._pieces = {entry.id: _of(entry) for entry in listed}
        self._bodies = {entry.id: pieces(entry.text) for entry in listed}
        held = Counter(piece for pieces in self._pieces.values() for piece in pieces)
        total = len(self._pieces)
        self._rarity = {piece: log(1 + total / count) for piece, count in held.items()}

    def ranked(self, typed: str, limit: int) -> list[tuple[str, float]]:
        """Ids and shares (0 to 1) of the answers that have most in common with `typed`, best first."""
        wanted = pieces(typed)
        whole = fsum(self._rarity.get(piece, 1.0) for piece in wanted)
        if not whole:
            return []
        shares = {id: self._shared(wanted, id) / whole for id in self._pieces}
        best = sorted(shares, key=lambda id: -shares[id])
        return [(id, shares[id]) for id in best[:limit] if shares[id] >= _LEAST]

    def _shared(self, wanted: set[str], id: str) -> float:
        """How much of `wanted` an answer's titles have, and a little for what only its text has."""
        held = self._pieces[id]
        told = fsum(self._rarity[piece] for piece in wanted & held)
        return told + _TEXT_COUNTS * fsum(
            self._rarity.get(piece, 1.0) for piece in wanted & self._bodies[id] - held
        )


def pieces(text: str) -> set[str]:
    """The pairs of neighbouring characters and the words of letters in `text`."""
    found: set[str] = set()
    before = ""
    for unit in units(normalize(text)):
        if unit.is_word:
            found.add(unit.text)
            before = ""
        else:
            if before:
                found.add(before + unit.text)
            before = unit.text
    return found


def _of(entry: Entry) -> set[str]:
    told = (entry.title, *entry.similar, *entry.tags)
    return set().union(*map(pieces, told))


class ResolvedPack:
    """A pack beside the entries it refers to; `missing` are the ids that no entry has.

    What is missing costs its answer and nothing else, so a helper can work while an editor mends it.
    """

    def __init__(
        self,
        pack: Pack,
        answers: Sequence[ResolvedAnswer],
        missing: Sequence[str],
        others: Sequence[Entry] = (),
    ) -> None:
        self.pack = pack
        self.others = tuple(others)
        self.answers = tuple(answers)
        self.missing = tuple(missing)
        self._at = {answer.id: answer for answer in self.answers}

    @cached_property
    def index(self) -> SearchIndex:
        """The answers made ready for `search`: found by title, when-line, similar questions and tags."""
        return SearchIndex.build(self.entries)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The answers as entries that know their when-lines and similar questions: for search and advice."""
        return tuple(_searchable(answer) for answer in self.answers)

    @property
    def library(self) -> tuple[Entry, ...]:
        """Everything there is, the pack's own answers with all that is known of how they are asked for: what
        fits better than the pack tells a helper that the pack has no answer."""
        return (*self.entries, *self.others)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the answers."""
        return frozenset(self._at)

    def entry(self, id: str) -> Entry | None:
        """The entry that an answer refers to."""
        return self._at[id].entry if id in self._at else None

    def get(self, entry: str) -> ResolvedAnswer | None:
        """The answer that is this entry."""
        return self._at.get(entry)

    def search(self, typed: str, limit: int = 20, weights: Mapping[str, float] | None = None) -> list[Hit]:
        """The answers that `typed` may mean, best first; all in the pack's order for nothing typed.

        Where no title means it, those that share most with it (`why` is `near`).
        """
        if typed.strip():
            return search(self.index, typed, limit, weights) or self._near(typed, limit)
        return [
            Hit(id=answer.id, kind=answer.entry.kind, title=answer.title, score=0.0, matched=(), why="pack")
            for answer in self.answers[:limit]
        ]

    def _near(self, typed: str, limit: int) -> list[Hit]:
        return [
            Hit(
                id=id,
                kind=self._at[id].entry.kind,
                title=self._at[id].title,
                score=share,
                matched=(),
                why="near",
            )
            for id, share in self._nearest.ranked(typed, limit)
        ]

    @cached_property
    def _nearest(self) -> RareWordMatcher:
        return RareWordMatcher(self.entries)

    def only(self, entries: Iterable[str], limit: int = OFFERED) -> tuple[ResolvedAnswer, ...]:
        """Of recommended entries those that are in the pack, in their order."""
        found = (self._at.get(entry) for entry in dict.fromkeys(entries))
        return tuple(answer for answer in found if answer is not None)[:limit]

    def procedures_for(self, category: Category | str, limit: int = OFFERED) -> tuple[Procedure, ...]:
        """The procedures that fit a ticket's category, the one that fits best first."""
        return procedures_for(self.pack, category, limit)

    def card_for(self, text: str, level: int = 0) -> EmergencyCard | None:
        """The emergency card that a customer's words or the floor's level call for."""
        return triggers.card_for(self.pack, text, level)


def resolve(pack: Pack, entries: Iterable[Entry]) -> ResolvedPack:
    """`pack` beside the entries of a library; of two entries with one id the later counts."""
    known = {entry.id: entry for entry in entries}
    answers = [
        ResolvedAnswer(
            entry=_stated(known[answer.entry], answer.orders),
            when=answer.when,
            similar=_similar(answer, known),
            orders=answer.orders,
            overview=answer.overview,
        )
        for answer in pack.answers
        if answer.entry in known
    ]
    own = {answer.id for answer in answers}
    others = [entry for entry in known.values() if entry.text and entry.id not in own]
    return ResolvedPack(pack, answers, [one.entry for one in pack.answers if one.entry not in known], others)


def procedures_for(pack: Pack, category: Category | str, limit: int = OFFERED) -> tuple[Procedure, ...]:
    """The procedures of `pack` for a ticket's category: those that name it first come first."""
    fitting = [one for one in pack.procedures if category in one.categories]
    fitting.sort(key=lambda one: [str(name) for name in one.categories].index(str(category)))
    return tuple(fitting[:limit])


def tick_note(procedure: Procedure, ticked: Collection[int], language: str = "") -> str:
    """The note for a ticket: which steps (counted from 1) of `procedure` are done and which are not."""
    words = pack_words(language)
    done = sum(1 for number in range(1, len(procedure.steps) + 1) if number in ticked)
    head = words.note.format(title=procedure.title, done=done, steps=len(procedure.steps))
    rows = (
        f"{'✓' if number in ticked else '○'} {number}. {step.do}"
        for number, step in enumerate(procedure.steps, 1)
    )
    return "\n".join([head, *rows])


def _stated(entry: Entry, orders: Sequence[OrderState]) -> Entry:
    """The entry, true in the states of an order that the pack names where it names none itself."""
    if entry.true_when or not orders:
        return entry
    return replace(entry, true_when=" or ".join(_FACTS.get(state, state) for state in orders))


def _similar(answer: PackAnswer, known: Mapping[str, Entry]) -> tuple[str, ...]:
    like = known.get(answer.like)
    return tuple(
        dict.fromkeys((*answer.asked, *known[answer.entry].similar, *(like.similar if like else ())))
    )


def _searchable(answer: ResolvedAnswer) -> Entry:
    return replace(answer.entry, similar=(answer.when, *answer.similar))
