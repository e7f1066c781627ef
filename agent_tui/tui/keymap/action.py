"""An action: the row that binding, key line, palette, help, own keys and the docs' table are made of."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from msgspec import Struct

from agent_tui.i18n import texts


class Place(StrEnum):
    """Where the hand is: five places on the workstation, two states of its composer, the other screens."""

    QUEUE = "queue"
    FILTER = "filter"
    CHAT = "chat"
    COMPOSER = "composer"
    CONTEXT = "context"
    EMPTY = "empty composer"
    BLANK = "blank left"
    PALETTE = "palette"
    FORM = "form"
    CATEGORY = "category line"
    DIALOG = "dialog"
    CHOICE = "choices"
    TEXT = "text page"
    HELPER = "helper"
    PAGE = "helper's page"
    CALL = "helper's page or choice"
    PREVIEW = "preview"
    SENT = "sent page"
    PROCEDURE = "procedure"
    CARD = "emergency card"
    GUIDE = "helper's key page"
    BRIEFING = "drill briefing"
    RESULT = "drill result"
    PROGRAM = "program"


QUEUE = frozenset({Place.QUEUE})
CHAT = frozenset({Place.CHAT})
COMPOSER = frozenset({Place.COMPOSER})
READING = CHAT | COMPOSER
OUTSIDE_FIELDS = frozenset({Place.QUEUE, Place.CHAT, Place.CONTEXT})
ANYWHERE = frozenset({Place.QUEUE, Place.FILTER, Place.CHAT, Place.COMPOSER, Place.CONTEXT})

# The groups in the order in which help, palette and the docs' table name them.
GROUPS = ("find", "chat", "write", "handle", "buddy", "desk", "palette", "form", "dialog", "helper", "page")

# What an action does with what it is given to work with (`workstation.context` on the workstation), and the
# number of its key where the row is numbered.
Run = Callable[..., Awaitable[None] | None]


class Action(Struct, frozen=True, kw_only=True):
    """A row of the table.

    `keys` is a comma list in Textual's names; `run` is what it does on the workstation, `handler` the method
    `action_…` that does it on another screen. `hint` is its rank on the bottom line (0 keeps it off).
    `numbered` hands each key's place in the list over; one that is `alone` does nothing while it still runs;
    `in_field` says that the composer's text field answers the keys itself, `leads` that leads alone see it,
    `moves` that it moves the hand and changes nothing.
    """

    id: str
    places: frozenset[Place]
    group: str
    keys: str = ""
    run: Run | None = None
    handler: str = ""
    hint: int = 0
    numbered: bool = False
    alone: bool = False
    in_field: bool = False
    leads: bool = False
    moves: bool = False

    @property
    def name(self) -> str:
        """What it does, in words."""
        return texts().actions.names[self.id]

    @property
    def short(self) -> str:
        """What it does, for the bottom line."""
        return texts().actions.short.get(self.id, self.name)

    def call(self, number: int | None = None) -> str:
        """The call that Textual makes when a key of this row is pressed."""
        if self.run is not None:
            return f"perform('{self.id}')" if number is None else f"perform('{self.id}', {number})"
        return self.handler if number is None else f"{self.handler}({number})"


def handled(id: str, keys: str, handler: str, place: Place, group: str, *, numbered: bool = False) -> Action:
    """A row of a screen that handles it in a method of its own."""
    places = frozenset({place})
    return Action(id=id, keys=keys, handler=handler, places=places, group=group, numbered=numbered)
