"""How the commands speak: words from a table beside them, columns in cells, whole files, exit codes."""

import sys
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from getpass import getpass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import typer

from agent_tui import i18n, settings
from agent_tui.errors import BadSettings, naming

# How a command ends: what was looked at is not in order, the command line is wrong, there is no line to the
# server, the token may not do it.
NOT_SO, WRONG, NO_LINE, NO_RIGHT = 1, 2, 3, 4
_EXTRAS = {
    "server": ("litestar", "uvicorn", "sqlalchemy", "standardwebhooks"),
    "web": ("textual_serve", "aiohttp"),
}


class CommandWords:
    """The words of one command group, from `<name>_words.toml` beside this module."""

    def __init__(self, name: str) -> None:
        self._file = Path(__file__).with_name(f"{name}_words.toml")

    def __call__(self, key: str, **values: object) -> str:
        """The words under `key` in the language in use, filled with `values`."""
        return str(_table(self._file)[i18n.language()][key]).format(**values)


@cache
def _table(file: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(file.read_text("utf-8"))


def told() -> settings.Settings:
    """This person's settings; what is wrong with them is said once."""
    return _settings(settings.profile().config_file)


@cache
def _settings(file: Path) -> settings.Settings:
    try:
        return settings.read_settings(file)
    except BadSettings as error:
        typer.echo(i18n.words_of(error), err=True)
        return settings.Settings()


def end(words: str, status: int = WRONG) -> NoReturn:
    """End the command with `words` on standard error."""
    typer.echo(words, err=True)
    raise typer.Exit(status)


def need_extra(command: str, extra: str) -> None:
    """End with the remedy where the libraries of an extra are not installed."""
    missing = [name for name in _EXTRAS[extra] if find_spec(name) is None]
    if missing:
        end(i18n.texts().start.no_extra.format(command=command, extra=extra, missing=", ".join(missing)))


def json_of(value: Any) -> str:
    """`value` as JSON on one line."""
    import msgspec

    return msgspec.json.encode(value).decode()


def confirmed(question: str, *, is_agreed: bool) -> bool:
    """Whether the person says yes; who cannot be asked has to have agreed with `--yes` before."""
    return is_agreed or (sys.stdin.isatty() and typer.confirm(question, err=True))


def secret(question: str) -> str:
    """What the person types unseen, asked again while it is empty.

    typer's own prompt stands on the terminal before the echo is off: what is typed in between is shown.
    """
    try:
        while not (typed := getpass(f"{question}: ").strip()):
            pass
    except (KeyboardInterrupt, EOFError):
        raise typer.Abort from None
    return typed


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines whose columns stand below each other, wide characters counted as two cells."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def cells(text: str) -> int:
    """How many cells of a terminal `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def write_out(text: str, out: Path | None) -> bool:
    """Write to `out`, all or nothing, or to standard output; says whether it was a file. Raises OSError."""
    if out is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return False
    with naming(out):
        _write_whole(text, out)
    return True


def _write_whole(text: str, out: Path) -> None:
    if not out.parent.is_dir() or (out.exists() and not out.is_file()):
        # A device, or a folder that is not there: plain writing does or says the right thing.
        out.write_text(text, "utf-8", newline="\n")
        return
    beside = out.with_name(f"{out.name}.new")
    try:
        beside.write_text(text, "utf-8", newline="\n")
        beside.replace(out)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
