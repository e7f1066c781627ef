"""Text that comes in one piece while the hand is in no text field: a search in the queue, words in a chat."""

from collections.abc import Sequence

from textual.events import Key
from textual.screen import Screen

from agent_tui.i18n import texts
from agent_tui.tui.keymap.action import Place
from agent_tui.tui.keymap.keys import plain, twin
from agent_tui.tui.workstation.context import Context

_SEARCHES = frozenset({"filter", "find-words"})


class TypedText:
    """What a run of characters means on the workstation, and where its text goes."""

    def __init__(self, context: Context, screen: Screen[None]) -> None:
        self._at = context
        self._screen = screen

    def acts(self, key: Key) -> bool:
        """Outside text fields every character may; in the empty composer those that open something."""
        if not self._screen.is_active:
            return False
        place = self._at.hand.place
        if place is Place.COMPOSER:
            is_empty = not self._at.panes.composer.text
            return is_empty and self._at.keymap.answering(plain(key).key, Place.EMPTY) is not None
        return place is not Place.FILTER

    def is_text(self, run: Sequence[Key]) -> bool:
        """A run is, unless one key is held down, all of them move, or the first opens a search for the rest.

        A single character is when no key can have made it: an input method has.
        """
        if len(run) == 1:
            character = run[0].character or ""
            return not character.isascii() and twin(character) is None
        place = Place.EMPTY if self._at.hand.place is Place.COMPOSER else self._at.hand.place
        rows = [self._at.keymap.answering(plain(key).key, place) for key in run]
        is_held_down = len({key.key for key in run}) == 1
        only_moves = all(row is not None and row[0].moves for row in rows)
        searches = rows[0] is not None and rows[0][0].id in _SEARCHES
        return not (is_held_down or only_moves or searches)

    def take(self, text: str) -> None:
        """Into the reply where a chat is before the person, into the filter in the queue."""
        if self._at.hand.place is not Place.QUEUE and self._at.hand.ticket is not None:
            self._at.hand.to_composer()
            self._at.panes.composer.type_in(text)
        else:
            self._at.panes.narrow(text)
            self._at.say(texts().toast.typed_into_filter)
