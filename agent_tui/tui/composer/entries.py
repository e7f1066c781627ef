"""Which knowledge entries went into what is written, and how much of each is still there."""

from difflib import SequenceMatcher

from agent_tui.domain.commands import UsedEntry

MOST = 20


class EntriesWritten:
    """The entries put into one text: this sitting's by their words, earlier ones by their share."""

    def __init__(self) -> None:
        self._inserted: list[tuple[str, str]] = []
        self._aside: list[tuple[str, str]] = []
        self._earlier: tuple[UsedEntry, ...] = ()

    def restore(self, entries: tuple[UsedEntry, ...]) -> None:
        """Begin with what a draft or an undone reply remembers; nothing else counts any more."""
        self._inserted, self._aside, self._earlier = [], [], entries

    def put(self, entry: str, text: str) -> None:
        """`text` of `entry` was inserted."""
        self._inserted.append((entry, text))

    @property
    def inserted(self) -> tuple[str, ...]:
        """The words of this sitting's entries as they were put in."""
        return tuple(put for _, put in self._inserted)

    def set_aside(self) -> None:
        """Another answer takes the place of all of them: they count again only where one is there whole."""
        self._aside, self._inserted = [*self._aside, *self._inserted], []

    def used_in(self, text: str) -> tuple[UsedEntry, ...]:
        """The entries of which something is left in `text`."""
        shares = {e.id: e.kept for e in self._earlier}
        shares |= {entry: 1.0 for entry, put in self._aside if put in text}
        shares |= {entry: kept_of(put, text) for entry, put in self._inserted}
        return tuple(UsedEntry(id=id, kept=kept) for id, kept in shares.items() if kept > 0)[:MOST]


def kept_of(put: str, text: str) -> float:
    """The share of an inserted answer that is still in `text`, 0 to 1."""
    if put in text:
        return 1.0
    blocks = SequenceMatcher(None, put, text, autojunk=False).get_matching_blocks()
    same = sum(b.size for b in blocks if b.size > 1)
    return round(same / len(put), 3) if put else 0.0
