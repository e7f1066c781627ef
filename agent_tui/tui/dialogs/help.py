"""All keys: first what works here and now, then the rest, straight from the action table."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text

from agent_tui.i18n import texts
from agent_tui.tui.cells import fit
from agent_tui.tui.dialogs.dialog import TextDialog
from agent_tui.tui.keymap.action import GROUPS, Action, Place
from agent_tui.tui.keymap.keymap import Keymap

_LONGEST_KEYS = 26
_AGENTS = frozenset(GROUPS) - {"helper", "page"}


class HelpDialog(TextDialog):
    """`?`."""

    def __init__(self, keymap: Keymap, place: Place) -> None:
        super().__init__(texts().dialog.help_title, _text(keymap, place))


def _text(keymap: Keymap, place: Place) -> Text:
    words = texts().dialog
    keyed = [a for a in keymap.actions if keymap.keys(a) and a.group in _AGENTS]
    here = [a for a in keyed if place in a.places and keymap.shown(a, place=place)]
    width = min(_LONGEST_KEYS, max(cell_len(keymap.shown(a)) for a in keyed))
    text = Text()
    text.append(words.help_here + "\n", "bold")
    for line in _grouped(here, keymap, width, place):
        text.append_text(line)
    text.append("\n" + words.help_all + "\n", "bold")
    for line in _grouped([a for a in keyed if a not in here], keymap, width):
        text.append_text(line)
    return text


def _grouped(
    actions: Iterable[Action], keymap: Keymap, width: int, place: Place | None = None
) -> Iterator[Text]:
    """A line an action, its keys in `width` cells."""
    groups = texts().actions.groups
    before = ""
    for action in actions:
        head = groups[action.group] if action.group != before else ""
        before = action.group
        line = Text(fit(head, 10), "dim")
        keys = fit(keymap.shown(action, place=place), width)
        yield line.append(keys, "not dim bold").append(f"  {action.name}\n", "not dim")
