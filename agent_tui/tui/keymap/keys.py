"""Keys: the full-width twins an input method types instead of them, and how a key is written for people."""

import re

from textual.events import Key
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key, format_key, key_to_character

_FULL_WIDTH = 0xFEE0  # how far a full-width form lies behind its ASCII twin
_SIGNS = {"、": "/", "》": ">", "《": "<", "【": "[", "】": "]", "\u3000": " "}


def twin(character: str | None) -> str | None:
    """The name of the key that a person meant who typed the full-width `character`; None when it is none."""
    if character is None or len(character) != 1:
        return None
    ascii_twin = _SIGNS.get(character) or _shifted(character)
    return None if ascii_twin is None else _character_to_key(ascii_twin)


def _shifted(character: str) -> str | None:
    return chr(ord(character) - _FULL_WIDTH) if "\uff01" <= character <= "\uff5e" else None


def plain(event: Key) -> Key:
    """`event`, or the key press that its full-width character stands for."""
    key = twin(event.character)
    return event if key is None else Key(key, key_to_character(key))


_UNICODE_NAMES = {short: long for long, short in KEY_NAME_REPLACEMENTS.items()}


def writes(key: str) -> bool:
    """Whether a text field takes `key` as a character."""
    return len(key) == 1 or (key_to_character(_UNICODE_NAMES.get(key, key)) or "\n").isprintable()


_NAMED = frozenset(key.value for key in Keys)


def is_key(name: str) -> bool:
    """Whether a terminal can say that a key of this name was pressed: `ctrl+t`, `f2`, `slash`, `T`."""
    base = re.sub(r"^(?:(?:ctrl|shift|alt|super|meta|hyper)\+)+(?=.)", "", name)
    if len(base) == 1:
        return base.isprintable() and not base.isspace()
    return (
        bool({name, base} & _NAMED)
        or _UNICODE_NAMES.get(base, base) in _UNICODE_NAMES.values()
        or (key_to_character(_UNICODE_NAMES.get(base, base)) is not None)
    )


def goes_first(key: str) -> bool:
    """Whether `key` is the screen's before it is a text field's: Ctrl and function keys, but for those that
    people write with."""
    return is_function_key(key) or (key.startswith("ctrl+") and key not in _WRITTEN_WITH)


# Undo, redo, clipboard, the two ends of a line: what a hand does in every text field.
_WRITTEN_WITH = frozenset({"ctrl+u", "ctrl+y", "ctrl+z", "ctrl+a", "ctrl+c", "ctrl+v", "ctrl+x"})


def is_function_key(key: str) -> bool:
    """F1 and its like."""
    return re.fullmatch(r"f\d{1,2}", key) is not None


_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "insert": "Ins",
    "delete": "Del",
    # Textual would draw signs for these.
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "home": "Home",
    "end": "End",
}


def shown(key: str) -> str:
    """A key as people write it, everywhere: `Ctrl+N`, `Enter`, `F1`, `?`."""
    *modifiers, name = key.split("+")
    named = _SHOWN.get(name) or (name if writes(name) and len(name) == 1 else format_key(name))
    if len(named) > 1 or modifiers:
        named = named[:1].upper() + named[1:]
    return "+".join([*(one.capitalize() for one in modifiers), named])


def shown_all(keys: str) -> str:
    """A comma list of keys as people write it, two at most."""
    return " ".join(shown(k) for k in keys.split(",")[:2])
