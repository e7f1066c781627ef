"""Text in terminal cells: cut and padded by what a terminal draws, never by `len()`."""

import re

from rich.cells import cell_len, set_cell_size

# Joiners, variation selectors and skin tones make emoji whose width terminals disagree about; a list shows
# the plain signs instead, so that its columns stay straight everywhere.
_UNSTEADY = re.compile("[\u200b-\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def steady(text: str) -> str:
    """`text` without the marks whose width differs from terminal to terminal."""
    return text if text.isascii() else _UNSTEADY.sub("", text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells; what had to go is an ellipsis."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    return set_cell_size(text, width - 1).rstrip() + "…"


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells, padded on the right."""
    short = cut(text, width)
    return short + " " * (width - cell_len(short))


def fit_right(text: str, width: int) -> str:
    """`text` in exactly `width` cells, padded on the left."""
    short = cut(text, width)
    return " " * (width - cell_len(short)) + short
