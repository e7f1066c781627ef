"""Words in a text: a table's words, the longest at each place, none that lies inside another."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

from agent_tui.domain.text import fold


def table(name: str) -> dict[str, Any]:
    """One of this room's tables, as it stands in its file."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


class WordFound(NamedTuple):
    """A word of a table in a text, where it stands, and the ideas that it carries."""

    word: str
    ideas: frozenset[str]
    start: int
    end: int


class Lexicon:
    """Finds words in a text: the longest at each place, none that lies inside another.

    Latin words stand alone; a star lets them go on ("refund*").
    """

    def __init__(self, meanings: Mapping[str, Iterable[str]]) -> None:
        carried: dict[str, set[str]] = {}
        for meaning, words in meanings.items():
            for word in words:
                carried.setdefault(fold(word), set()).add(meaning)
        self._by_first: dict[str, list[tuple[str, bool, frozenset[str]]]] = {}
        for word in sorted(carried, key=len, reverse=True):
            bare = word.removesuffix("*")
            stands_alone = bare == word and _is_latin(bare[-1])
            entry = (bare, stands_alone, frozenset(carried[word]))
            self._by_first.setdefault(bare[0], []).append(entry)

    def meanings(self, text: str) -> set[str]:
        """The ideas in `text`, which must be folded."""
        ideas: set[str] = set()
        for found in self.found(text):
            ideas |= found.ideas
        return ideas

    def found(self, text: str) -> Iterator[WordFound]:
        """The words in `text`, which must be folded, each with the ideas it carries."""
        end = 0
        for at, first in enumerate(text):
            words = self._by_first.get(first)
            if words is None or (at and _is_latin(first) and _is_latin(text[at - 1])):
                continue
            for word, stands_alone, ideas in words:
                stop = at + len(word)
                if stop <= end:
                    break
                if text.startswith(word, at) and not (stands_alone and _is_latin(text[stop : stop + 1])):
                    yield WordFound(word, ideas, at, stop)
                    end = stop
                    break


def _is_latin(character: str) -> bool:
    """Letters and digits of the kind that stand in runs: 12345 is not to be found in a telephone number."""
    return character.isascii() and character.isalnum()
