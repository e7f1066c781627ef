"""The terminal this program was started in: whether it is still there."""

import os
import sys


def has_terminal() -> bool:
    """Whether standard output is a terminal somebody has open; a closed window's is none any more."""
    try:
        os.get_terminal_size(sys.__stdout__.fileno())  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        return False
    return True
