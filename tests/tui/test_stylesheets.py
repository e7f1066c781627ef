"""Every screen's stylesheet is a file, from wherever the class is subclassed."""

import pkgutil
from importlib import import_module
from pathlib import Path

from textual.app import App
from textual.screen import Screen

from agent_tui import tui


def own_classes() -> list[type]:
    """Every application and screen of ours."""
    for module in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        import_module(module.name)
    found: list[type] = [App, Screen]
    for one in found:
        found += [sub for sub in one.__subclasses__() if sub not in found]
    return [one for one in found if one.__module__.startswith("agent_tui.")]


def sheets_of(owner: type) -> list[Path]:
    told = getattr(owner, "CSS_PATH", None) or []
    return [Path(one) for one in (told if isinstance(told, list) else [told])]


def test_every_stylesheet_is_named_in_full_and_there() -> None:
    """Textual looks for a relative one beside the subclass that is opened, not beside who names it."""
    classes = own_classes()
    assert len(classes) > 30
    named = [(one.__qualname__, sheet) for one in classes for sheet in sheets_of(one)]
    assert [one for one in named if not one[1].is_absolute()] == []
    assert [one for one in named if not one[1].is_file()] == []
