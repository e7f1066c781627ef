"""The keys of every dialog, and the one that leads out of whatever stands over the screen."""

from agent_tui.tui.keymap.action import Action, Place, handled

_FIELDS = frozenset({Place.DIALOG, Place.FORM})
_OVER = frozenset({Place.DIALOG, Place.PAGE, Place.PALETTE, Place.FORM})

ROWS = (
    Action(id="leave", keys="escape", places=_OVER, group="dialog", handler="leave"),
    Action(id="next-field", keys="tab", places=_FIELDS, group="dialog", handler="app.focus_next"),
    Action(
        id="previous-field", keys="shift+tab", places=_FIELDS, group="dialog", handler="app.focus_previous"
    ),
    handled("choice-take", "1,2,3,4,5,6,7,8,9", "take", Place.CHOICE, "dialog", numbered=True),
    handled("text-close", "enter", "leave", Place.TEXT, "dialog"),
)
