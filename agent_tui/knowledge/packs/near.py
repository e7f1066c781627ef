"""When a search of a pack finds nothing: the answers that share most with what was typed, weighed by rarity.

Helpers type what the customer said, not what a title says; among 20 answers even a little in common tells.
"""

import math
from collections import Counter
from collections.abc import Iterable

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.text.tokens import normalize, units

_LEAST = 0.12
_TEXT_COUNTS = 0.3


class Near:
    """The answers' pieces (two characters, one word) and how few answers have each."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        listed = list(entries)
        self._pieces = {entry.id: _of(entry) for entry in listed}
        self._bodies = {entry.id: pieces(entry.text) for entry in listed}
        held = Counter(piece for pieces in self._pieces.values() for piece in pieces)
        total = len(self._pieces)
        self._rarity = {piece: math.log(1 + total / count) for piece, count in held.items()}

    def ranked(self, typed: str, limit: int) -> list[tuple[str, float]]:
        """Ids and shares (0 to 1) of the answers that have most in common with `typed`, best first."""
        wanted = pieces(typed)
        whole = sum(self._rarity.get(piece, 1.0) for piece in wanted)
        if not whole:
            return []
        shares = {id: self._shared(wanted, id) / whole for id in self._pieces}
        best = sorted(shares, key=lambda id: -shares[id])
        return [(id, shares[id]) for id in best[:limit] if shares[id] >= _LEAST]

    def _shared(self, wanted: set[str], id: str) -> float:
        """How much of `wanted` an answer's titles have, and a little for what only its text has."""
        held = self._pieces[id]
        told = sum(self._rarity[piece] for piece in wanted & held)
        return told + _TEXT_COUNTS * sum(
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
