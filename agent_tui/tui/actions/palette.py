"""The palette's keys and those of the form that writes an entry; both screens answer them themselves."""

from agent_tui.tui.keymap.action import Action, Place, handled


def _palette(id: str, keys: str, handler: str) -> Action:
    return handled(id, keys, handler, Place.PALETTE, "palette")


def _form(id: str, keys: str, handler: str, place: Place = Place.FORM) -> Action:
    return handled(id, keys, handler, place, "form")


ROWS = (
    _palette("palette-up", "up", "move(-1)"),
    _palette("palette-down", "down", "move(1)"),
    _palette("palette-page-up", "pageup", "page(-1)"),
    _palette("palette-page-down", "pagedown", "page(1)"),
    _palette("palette-take", "enter", "take"),
    _palette("palette-send", "ctrl+s", "take_and_send"),
    _palette("palette-edit", "ctrl+e", "edit"),
    _palette("palette-save", "ctrl+o", "save_reply"),
    _palette("palette-share", "ctrl+g", "share"),
    _palette("palette-commands", "ctrl+p", "commands"),
    _palette("palette-close", "ctrl+k", "leave"),
    _palette("palette-stay", "tab,shift+tab", "stay"),
    _form("form-save", "ctrl+s", "save"),
    _form("form-share", "ctrl+g", "save_and_share"),
    _form("form-up", "up", "app.focus_previous"),
    _form("form-down", "down,enter", "app.focus_next"),
    _form("category-left", "left", "step(-1)", Place.CATEGORY),
    _form("category-right", "right,space", "step(1)", Place.CATEGORY),
)
