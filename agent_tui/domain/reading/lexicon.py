"""Words in a text: a table's words, the longest at each place, none that lies inside another."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from agent_tui.domain.text import fold


def table(name: str) -> dict[str, Any]:
    """One of this room's tables, as it stands in its file."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


# The idea whose words only keep what lies inside them from being read.
HIDING = "none"
_KEPT = 512


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
        # By the first two characters, or the only one; the longest first.
        self._by_start: dict[str, list[tuple[str, bool, frozenset[str]]]] = {}
        for word in sorted(carried, key=len, reverse=True):
            bare = word.removesuffix("*")
            stands_alone = bare == word and _is_latin(bare[-1])
            entry = (bare, stands_alone, frozenset(carried[word]))
            self._by_start.setdefault(bare[:2], []).append(entry)

        # The same words are read again with every message that follows them: a conversation's last few stay.
        self.found = lru_cache(maxsize=_KEPT)(self._found)
        self.every = lru_cache(maxsize=_KEPT)(self._every)

    def meanings(self, text: str) -> set[str]:
        """The ideas in `text`, which must be spelled for reading."""
        return {idea for found in self.found(text) for idea in found.ideas}

    def _found(self, text: str) -> tuple[WordFound, ...]:
        """The words in `text`, the longest at each place, each with the ideas it carries."""
        read: list[WordFound] = []
        end, place = 0, -1
        for one in self._everywhere(text):
            if one.end > end and one.start > place:
                read.append(one)
                end, place = one.end, one.start
        return tuple(read)

    def _every(self, text: str) -> tuple[WordFound, ...]:
        """All words in `text`, also those inside others; words of the idea `none` come first and hide."""
        found = list(self._everywhere(text))
        hiding = [one for one in found if HIDING in one.ideas]
        read = (one for one in found if HIDING not in one.ideas and not lies_in(one.start, one.end, hiding))
        return (*hiding, *read)

    def _everywhere(self, text: str) -> Iterator[WordFound]:
        """Every word at every place, the longest first."""
        by_start = self._by_start
        for at, first in enumerate(text):
            words = by_start.get(text[at : at + 2], ())
            alone = by_start.get(first, ()) if at + 1 < len(text) else ()
            if not (words or alone) or (at and _is_latin(first) and _is_latin(text[at - 1])):
                continue
            for word, stands_alone, ideas in (*words, *alone):
                stop = at + len(word)
                if text.startswith(word, at) and not (stands_alone and _is_latin(text[stop : stop + 1])):
                    yield WordFound(word, ideas, at, stop)


def lies_in(start: int, end: int, words: Iterable[WordFound]) -> bool:
    """Whether a place lies inside one of these words."""
    return any(one.start <= start and end <= one.end for one in words)


def _is_latin(character: str) -> bool:
    """Letters and digits of the kind that stand in runs: 12345 is not to be found in a telephone number."""
    return character.isascii() and character.isalnum()
