"""A customer's question as weighed pieces: words that mean the same are one, chatter is none."""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files

from agent_tui.knowledge.text.stopwords import asked
from agent_tui.knowledge.text.tokens import normalize

# Beyond the private characters that stand for words which mean the same, nothing of Unicode's private area
# is left in a normalized text.
_FIRST = 0xE000
_UNIT = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\W\d_a-z]|[\uE000-\uE0FF]")
_PRIVATE = re.compile(r"[\uE000-\uF8FF]")
_ENDINGS = ("ings", "ing", "ed", "es", "s")
_LEAST_STEM = 4
CHARACTER, SAME, PAIR, TRIPLE = 0.45, 1.3, 1.0, 0.6


@cache
def _same() -> tuple[re.Pattern[str], dict[str, str]]:
    """What is replaced, the longest first, and by which character."""
    text = (files("agent_tui.knowledge") / "data" / "same_words.toml").read_text("utf-8")
    lists: dict[str, list[str]] = tomllib.loads(text)
    stands = {word: chr(_FIRST + number) for number, words in enumerate(lists.values()) for word in words}
    rows = sorted(stands, key=len, reverse=True)
    parts = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in rows]
    return re.compile("|".join(parts)), stands


def fold_same(text: str) -> str:
    """`text` normalized, each group of words that mean the same as one private character."""
    pattern, stands = _same()
    plain = _PRIVATE.sub("", normalize(text))
    return pattern.sub(lambda hit: f" {stands[hit[0]]} " if hit[0].isascii() else stands[hit[0]], plain)


def pieces(text: str, *, is_question: bool = True) -> Counter[str]:
    """The pieces of `text` and their weights: characters or words, and neighbours together.

    A question loses its greetings and thanks first.
    """
    units = [_stem(unit) for unit in _UNIT.findall(fold_same((asked(text) or text) if is_question else text))]
    found: Counter[str] = Counter()
    for place, unit in enumerate(units):
        found[unit] += SAME if _PRIVATE.match(unit) or unit.isascii() else CHARACTER  # type: ignore[assignment]
        if place:
            found[f"{units[place - 1]} {unit}"] += PAIR  # type: ignore[assignment]
        if place > 1:
            found[f"{units[place - 2]} {units[place - 1]} {unit}"] += TRIPLE  # type: ignore[assignment]
    return found


def _stem(unit: str) -> str:
    """An English word without its ending; any number is a number."""
    if unit[0].isdigit():
        return "0"
    if not unit.isascii():
        return unit
    ending = next((one for one in _ENDINGS if unit.endswith(one)), "")
    return unit[: -len(ending)] if ending and len(unit) - len(ending) >= _LEAST_STEM else unit
