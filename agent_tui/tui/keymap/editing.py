"""The keys that people write with: what the text fields of the workstation keep for themselves."""

from dataclasses import replace

from textual.binding import Binding, BindingType
from textual.widgets import Input, TextArea

from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keys import goes_first, writes

_MOVES = ("cursor_up", "cursor_down", "cursor_left", "cursor_right", "cursor_word_left", "cursor_word_right",
          "cursor_line_start", "cursor_line_end")  # fmt: skip
_EDITS = ("delete_left", "delete_word_left", "delete_right", "delete_to_start_of_line", "cut", "copy",
          "paste", "redo")  # fmt: skip
_KEPT = frozenset((*_MOVES, *(f"{move}(True)" for move in _MOVES), *_EDITS))
_DROPPED_KEYS = frozenset({"ctrl+e", "ctrl+d", "alt+backspace", "ctrl+z", "ctrl+w"})


def _of_composer() -> list[BindingType]:
    """TextArea's own bindings but for the keys that belong to the desk (Ctrl+K, Ctrl+E, Ctrl+Z …) and Alt."""
    kept: list[BindingType] = []
    for binding in TextArea.BINDINGS:
        if not isinstance(binding, Binding) or binding.action not in _KEPT:
            continue
        keys = [key for key in binding.key.split(",") if key not in _DROPPED_KEYS]
        if keys:
            kept.append(replace(binding, key=",".join(keys), show=False))
    return kept


COMPOSER_EDITING = _of_composer()


def _keys(bindings: list[BindingType]) -> frozenset[str]:
    named = (binding.key for binding in bindings if isinstance(binding, Binding))
    return frozenset(key for keys in named for key in keys.split(",") if not goes_first(key))


_OWNED = {Place.COMPOSER: _keys(COMPOSER_EDITING), Place.FILTER: _keys(Input.BINDINGS)}


def reaches(key: str, place: Place) -> bool:
    """Whether `key` comes to the table's rows at `place`: a text field there writes it, or edits with it."""
    return place not in _OWNED or not (writes(key) or key in _OWNED[place])
