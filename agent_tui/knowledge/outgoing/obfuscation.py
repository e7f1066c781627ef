"""De-obfuscation: spaces inside words, full width, traditional forms and homoglyphs are taken back."""

import re
from functools import cache

from msgspec import Struct

from agent_tui.knowledge.text.tokens import normalize, origins

_LOOKALIKES = str.maketrans("авекмнорстухіѕԛԝνχωοακιρτυεѵ", "abekmhopctyxisqwvxwoakiptuev")
_SOFT = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f")
SEPARATORS = " \t_-.·•*~|/\\+^`"
SPACES = " \t"


class PlainText(Struct, frozen=True):
    """Normalized text and, for each of its code points, the place in the original text."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original text that `text[start:end]` comes from."""
        return self.places[start], self.places[end - 1] + 1


def plain(text: str) -> PlainText:
    """`text` normalized, look-alike letters made Latin, invisible characters removed."""
    normal = normalize(text).translate(_LOOKALIKES)
    places = origins(text)
    if _SOFT.isdisjoint(normal):
        return PlainText(normal, tuple(places))
    kept = [(char, place) for char, place in zip(normal, places, strict=True) if char not in _SOFT]
    return PlainText("".join(char for char, _ in kept), tuple(place for _, place in kept))


def joined(view: PlainText, separators: str = SEPARATORS) -> PlainText:
    """`view` without the separators that split a Chinese word, a number, or single letters.

    Separators between Latin words stay, so that an English sentence is not run together.
    """
    text, at = view.text, 0
    chars: list[str] = []
    places: list[int] = []
    for gap in _runs(separators).finditer(text):
        if _splits(text, gap.start(), gap.end()):
            chars.append(text[at : gap.start()])
            places.extend(view.places[at : gap.start()])
            at = gap.end()
    return PlainText("".join((*chars, text[at:])), (*places, *view.places[at:]))


@cache
def _runs(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(separators)}]+")


def _splits(text: str, start: int, end: int) -> bool:
    """Whether the separators at `start:end` stand where none belongs."""
    if start == 0 or end == len(text):
        return False
    left, right = text[start - 1], text[end]
    if not (left.isalnum() and right.isalnum()):
        return False
    if not (left.isascii() and right.isascii()):
        return True
    if left.isdigit() and right.isdigit():
        return True
    return _is_single(text, start - 1) and _is_single(text, end)


def _is_single(text: str, place: int) -> bool:
    """Whether the letter or digit at `place` stands alone."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
