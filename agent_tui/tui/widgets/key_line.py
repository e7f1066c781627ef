"""The last line: what the keys do now, where the hand is, as much of it as fits."""

from agent_tui.tui.keymap.action import Action, Place
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.widgets.line import Line, Part, width_of


class KeyLine(Line):
    """`Enter 打开   n 接下一位   / 筛选 …   ? 全部按键`; a click does what the words say.

    The way to everything else stands at the right end: help, or in a text field, where `?` is text, the list
    of what can be done.
    """

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._place = Place.QUEUE

    def at(self, place: Place) -> None:
        """Speak of the keys of another place."""
        self._place = place
        self.say()

    def parts(self, width: int) -> list[Part]:
        """The others by how much they are wanted."""
        offered = self._keymap.hints(self._place)
        everything = "commands" if self._place in (Place.COMPOSER, Place.FILTER) else "help"
        last = [self._part(a) for a in offered if a.id == everything]
        room = width - sum(width_of(p) for p in last) - 1
        kept: list[Part] = []
        for action in (a for a in offered if a.id not in ("help", "commands")):
            part = self._part(action)
            if sum(width_of(p) for p in kept) + width_of(part) > room:
                break
            kept.append(part)
        gap = max(0, room - sum(width_of(p) for p in kept))
        return [("", [(" ", "calm")]), *kept, ("", [(" " * gap, "calm")]), *last]

    def _part(self, action: Action) -> Part:
        key = self._keymap.first(action, self._place)
        return action.id, [(key, "text"), (f" {action.short}  ", "faint")]
