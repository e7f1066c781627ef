"""How a text is spelled before it is read: folded, simplified, without slips into pinyin."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from agent_tui.domain.reading.lexicon import Lexicon, table
from agent_tui.domain.text import fold

_LETTERS = re.compile("[a-z]")
# Digits that were spoken or spread: 12 3 1 5.
_SPREAD = re.compile(r"(?<![0-9])[0-9]{1,2}(?: [0-9]{1,2}){2,}(?![0-9])")


@cache
def _simplified() -> dict[int, str]:
    pairs: str = table("spelling.toml")["traditional"]["pairs"]
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


@cache
def _slips() -> Lexicon:
    words: dict[str, str] = table("spelling.toml")["slips"]
    return Lexicon({word: _spellings(word, letters.split()) for word, letters in words.items()})


def _spellings(word: str, letters: list[str]) -> Iterator[str]:
    for mixed in product(*zip(word, letters, strict=True)):
        slip = "".join(mixed)
        if slip != word:
            yield slip
    yield " ".join(letters)


# So much of a text is read, half from its beginning and half from its end: a customer's message may be of
# ten thousand characters, and nobody may make a whole floor wait for the reading of one.
LONGEST = 2_000


def spelled(text: str) -> str:
    """`text` as the tables are written: folded, simplified, slips into pinyin mended; its middle is left out
    where it is very long."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    folded = fold(text).translate(_simplified())
    folded = _SPREAD.sub(lambda run: run[0].replace(" ", ""), folded)
    return _mended(folded) if _LETTERS.search(folded) else folded


def _mended(text: str) -> str:
    parts, end = [], 0
    for found in _slips().found(text):
        parts += [text[end : found.start], *found.ideas]
        end = found.end
    return "".join((*parts, text[end:]))
