"""The action table: the rows of every module of this room, group by group."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from agent_tui.tui import actions
from agent_tui.tui.keymap.action import GROUPS, Action


def _rows() -> Iterator[Action]:
    for found in iter_modules(actions.__path__):
        if found.name != "table":
            yield from import_module(f"{actions.__name__}.{found.name}").ROWS


ACTIONS: tuple[Action, ...] = tuple(sorted(_rows(), key=lambda row: GROUPS.index(row.group)))
