"""Keys: the full-width twins an input method types instead of them, and how a key is written for people."""

from textual.events import Key
from textual.keys import _character_to_key, format_key, key_to_character

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


_SHOWN = {
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "f1": "F1",
    "backspace": "Backspace",
}


def shown(key: str) -> str:
    """A key as people write it: `Ctrl+N`, `Enter`, `?`."""
    modifier, _, rest = key.rpartition("+")
    if modifier:
        return f"{modifier.capitalize()}+{shown(rest) if len(rest) > 1 else rest.upper()}"
    return _SHOWN.get(key) or format_key(key)


def shown_all(keys: str) -> str:
    """A comma list of keys as people write it, two at most."""
    return " ".join(shown(k) for k in keys.split(",")[:2])
