"""What belongs to a person and not to a ticket's history: drafts, use counts and preferences, in memory.

Each tells `touch` when there is something new to write; `write_behind` writes it.
"""

from collections.abc import Callable

from agent_tui.sync.shapes import Draft


class Drafts:
    """The half-written text of each ticket."""

    def __init__(self, drafts: dict[str, Draft], touch: Callable[[], None]) -> None:
        self.all, self._touch = drafts, touch
        self._readers: list[Callable[[str, str], None]] = []

    def on_kept(self, reader: Callable[[str, str], None]) -> None:
        """Call `reader` with the ticket and the text of every draft that is kept."""
        self._readers.append(reader)

    def get(self, ticket: str) -> Draft:
        """The half-written text of a ticket; empty when there is none."""
        return self.all.get(ticket, Draft())

    def keep(self, ticket: str, draft: Draft) -> None:
        """Keep a draft (written lazily, at the latest after two seconds); an empty text forgets it."""
        if draft.text or draft.others:
            self.all[ticket] = draft
        else:
            self.all.pop(ticket, None)
        self._touch()
        for reader in self._readers:
            reader(ticket, draft.text)

    def tickets(self) -> frozenset[str]:
        """The tickets that have a draft."""
        return frozenset(self.all)


class UseCounts:
    """How often this person has sent each knowledge entry."""

    def __init__(self, counts: dict[str, int], touch: Callable[[], None]) -> None:
        self.all, self._touch = counts, touch

    def count(self, entry: str) -> int:
        """How often this person has sent a knowledge entry."""
        return self.all.get(entry, 0)

    def add(self, entry: str) -> None:
        """A knowledge entry was sent."""
        self.all[entry] = self.count(entry) + 1
        self._touch()


class Preferences:
    """Small remembered choices of the screen, such as the last view."""

    def __init__(self, choices: dict[str, str], touch: Callable[[], None]) -> None:
        self.all, self._touch = choices, touch

    def get(self, key: str, default: str) -> str:
        """A remembered choice, or `default`."""
        return self.all.get(key, default)

    def set(self, key: str, value: str) -> None:
        """Remember a choice."""
        if self.all.get(key) != value:
            self.all[key] = value
            self._touch()
