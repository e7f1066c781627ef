"""The one rule for text from outside: what may reach a terminal, a file or a search."""

import re
import unicodedata
from collections.abc import Iterable

# C0 without newline and tab, DEL, C1, bidi marks, embeddings, overrides and isolates, interlinear and
# byte-order marks: everything that a terminal obeys or that makes text read other than it is.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]"
)
# Hangul fillers and the empty Braille cell: letters and signs by their category, nothing to the eye.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
# What `is_seen` asks as a pattern for documents and forms, which knows the characters that `clean` drops,
# spaces and joiners, but no categories.
SEEN = (
    r"[^\s\u0000-\u001f\u007f-\u009f\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN_WORD = re.compile("[A-Za-z]{2}")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")


def clean(text: str) -> str:
    """`text` without control and bidi characters; every kind of line break becomes a newline."""
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text))


def is_seen(text: str) -> bool:
    """Whether anything of `text` can be seen: letters, digits, signs; spaces of any width are nothing."""
    return any(unicodedata.category(char)[0] in "LNSP" and char not in _BLANK_LETTERS for char in text)


def one_line(text: str, limit: int = 120) -> str:
    """`text` on one line of at most `limit` characters, for a list."""
    flat = " ".join(text[: limit * 4].split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def fold(text: str) -> str:
    """`text` as words are compared: NFKC, case folded."""
    return unicodedata.normalize("NFKC", text).casefold()


# A blank that is left to fill stands between two lower blocks, so that drafts and the clipboard keep it.
BLANK_MARK = "▁"
BLANK = re.compile(f"{BLANK_MARK}([^{BLANK_MARK}\n]{{1,60}}){BLANK_MARK}")


def language_of(texts: Iterable[str]) -> str:
    """What these texts are written in: `zh` where a Chinese character stands, `en` where only Latin words do;
    empty for numbers, signs and nothing."""
    said = " ".join(texts)
    if _CHINESE.search(said):
        return "zh"
    return "en" if _LATIN_WORD.search(said) else ""


def fillings(template: str, text: str) -> tuple[str, ...] | None:
    """What was typed into the blanks of `template` to make `text`; None when more than blanks differs."""
    pieces = _pieces(template)
    if not text.startswith(pieces[0]):
        return None
    found, at = [], len(pieces[0])
    for n, piece in enumerate(pieces[1:], 2):
        is_last = n == len(pieces)
        end = len(text) - len(piece) if is_last else text.find(piece, at + 1)
        if end <= at or not text.startswith(piece, end):
            return None
        found.append(text[at:end])
        at = end + len(piece)
    return tuple(found) if at == len(text) else None


def refilled(template: str, found: tuple[str, ...]) -> str:
    """`template` with `found` in its blanks."""
    pieces = _pieces(template)
    return "".join(piece + typed for piece, typed in zip(pieces, (*found, ""), strict=True))


def _pieces(template: str) -> list[str]:
    """What stands around the blanks."""
    ends = [0, *(place for found in BLANK.finditer(template) for place in found.span()), len(template)]
    return [template[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
