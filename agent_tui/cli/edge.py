"""The edge of every command: what went wrong ends it with a line that says the place and the remedy.

Nothing here imports typer, which the first frame must not load.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from agent_tui import i18n
from agent_tui.errors import AgentTuiError, BadSettings


@contextmanager
def worded() -> Iterator[None]:
    """Run a command; what it raises of ours or of the system becomes words and a status that is not 0.

    What was printed has to have arrived, too: a full disk shows only when the output is flushed.
    """
    _never_stumble_over_a_character()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except AgentTuiError as error:
        _end(i18n.words_of(error), 2 if isinstance(error, BadSettings) else 1)
    except BrokenPipeError:
        _forget_output()
        sys.exit(1)
    except OSError as error:
        _forget_output()
        _end(i18n.words_of_system(error), 1)


def _never_stumble_over_a_character() -> None:
    """A terminal that cannot show a character shows a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Nobody takes what is still in the buffer, and the interpreter would try again at its end."""
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    except OSError:
        return


def _end(words: str, status: int) -> NoReturn:
    sys.stderr.write(words + "\n")
    sys.exit(status)
