"""A command's help page: its words from `help_words.toml`, wrapped by the cells of the terminal."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from agent_tui import i18n
from agent_tui.cli.said import cells
from agent_tui.cli.usage import choices_of, name_of, range_of, say, usage_line

_ROOT = "agent-tui"
_WIDEST, _NARROWEST, _LONGEST_NAME = 100, 40, 28
_FILE = Path(__file__).with_name("help_words.toml")


def help_page(ctx: Any) -> str:
    """The page of the command of `ctx`."""
    path, command = _path_of(ctx.command_path), ctx.command
    width = max(_NARROWEST, min(get_terminal_size().columns, _WIDEST))
    parts = [[usage_line(ctx)], _wrapped(words_of_command(path), width)]
    shown = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    by_kind = {kind: [one for one in shown if one.param_type_name == kind] for kind in ("argument", "option")}
    commands = getattr(command, "commands", {})
    rows = {
        "arguments": [_row(path, one) for one in by_kind["argument"]],
        "options": [_row(path, one) for one in by_kind["option"]] + [_language_row()],
        "commands": [_command_row(path, name) for name, one in commands.items() if not one.hidden],
    }
    parts += [[say(key), *_table(found, width)] for key, found in rows.items() if found]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def words_of_command(path: str) -> str:
    """What the command at `path`, such as `serve token`, does."""
    return _words()[i18n.language()]["commands"][path or _ROOT]


def words_of_parameter(path: str, name: str) -> str:
    """What `name`, an option or an argument in capitals, is for: said for this command, or for many."""
    table = _words()[i18n.language()]["parameters"]
    return table[key_of_parameter(path, name, table)]


def key_of_parameter(path: str, name: str, table: Iterable[str]) -> str:
    """Where the words stand: at the command, at a group above it, or at the option alone."""
    above = (path or _ROOT).split(" ")
    keys = [" ".join([*above[:depth], name]) for depth in range(len(above), -1, -1)]
    return next((key for key in keys if key in table), keys[0])


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def _path_of(command_path: str) -> str:
    return command_path.partition(" ")[2]


def _row(path: str, one: Any) -> tuple[str, str]:
    name = name_of(one)
    words = words_of_parameter(path, name) + _notes(one)
    if one.param_type_name == "argument":
        return name + ("…" if one.nargs != 1 else ""), words
    names = ", ".join(one.opts) + "".join(f" / {other}" for other in one.secondary_opts)
    return names + _value_of(one), words


def _value_of(one: Any) -> str:
    """A sign that the option takes a value."""
    return "" if one.is_flag or one.count else " …"


def _notes(one: Any) -> str:
    known = (
        say("required") if one.required else "",
        choices_of(one),
        range_of(one),
        say("default", value=_shown(one.default)) if _shown(one.default) else "",
        say("variable", name=one.envvar) if one.envvar else "",
    )
    notes = say("between").join(note for note in known if note)
    return say("of_it", notes=notes) if notes else ""


def _shown(default: object) -> str:
    """A default that says something: not that nothing is given."""
    if default is None or isinstance(default, bool) or default in ("", [], ()) or callable(default):
        return ""
    return f"{default:g}" if isinstance(default, float) else str(getattr(default, "value", default))


def _language_row() -> tuple[str, str]:
    return "--lang …", words_of_parameter("", "--lang") + say("of_it", notes=say("choices", values="zh, en"))


def _command_row(path: str, name: str) -> tuple[str, str]:
    return name, words_of_command(f"{path} {name}".strip()).partition("\n")[0]


def _table(rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """Names and words side by side; a name that is too long has the line for itself."""
    column = min(_LONGEST_NAME, max(cells(name) for name, _ in rows)) + 4
    for name, words in rows:
        head, *rest = _wrapped(words, width - column) or [""]
        if cells(name) > column - 4:
            yield f"  {name}"
            name = ""
        yield f"  {name}{' ' * (column - 2 - cells(name))}{head}".rstrip()
        yield from (" " * column + line for line in rest)


def _wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at blanks and beside wide characters."""
    return [line for part in text.split("\n") for line in (_lines_of(part, width) or [""])]


def _lines_of(text: str, width: int) -> list[str]:
    lines, line = list[str](), ""
    for piece in _pieces(text):
        if line and cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterator[str]:
    """What is not broken: words with the blank behind them, single wide characters with their full stop."""
    piece = ""
    for char in text:
        if piece and (piece[-1] == " " or cells(piece[-1]) == 2 or cells(char) == 2) and char not in _CLOSING:
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


_CLOSING = " ，。；：、！？）」…,.;:!?)`"
