"""The one table of what a person can trigger: keys, bottom line, palette, help and the docs' key table all
come from its rows."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct
from textual.binding import Binding

from agent_tui.errors import BadSettings
from agent_tui.i18n import texts
from agent_tui.tui.keys import shown_all


class Place(StrEnum):
    """Where the hand is."""

    QUEUE = "queue"
    FILTER = "filter"
    CHAT = "chat"
    COMPOSER = "composer"
    CONTEXT = "context"


class Owner(StrEnum):
    """Whose keys these are: the workstation binds its own, the other widgets theirs from the same rows."""

    DESK = "desk"
    QUEUE = "queue"
    CHAT = "chat"
    COMPOSER = "composer"


ANYWHERE = frozenset(Place)
QUEUE = frozenset({Place.QUEUE})
CHAT = frozenset({Place.CHAT})
READING = frozenset({Place.CHAT, Place.COMPOSER})
COMPOSER = frozenset({Place.COMPOSER})


class Action(Struct, frozen=True, kw_only=True):
    """A row: `keys` a comma list, `handler` the method `action_…` of its owner, `hint` the rank on the bottom
    line (0 keeps it off), `numbered` gives each key to the handler as its argument."""

    id: str
    keys: str
    places: frozenset[Place]
    group: str
    handler: str
    owner: Owner = Owner.DESK
    hint: int = 0
    numbered: bool = False

    @property
    def name(self) -> str:
        """What it does, in words."""
        return texts().actions.names[self.id]

    @property
    def short(self) -> str:
        """What it does, for the bottom line."""
        return texts().actions.short.get(self.id, self.name)


def _row(id: str, keys: str, places: frozenset[Place], group: str, hint: int = 0) -> Action:
    return Action(id=id, keys=keys, places=places, group=group, handler=id.replace("-", "_"), hint=hint)


def _own(owner: Owner, id: str, keys: str, handler: str, group: str, hint: int = 0) -> Action:
    places = frozenset({Place(owner.value)})
    return Action(id=id, keys=keys, places=places, group=group, handler=handler, owner=owner, hint=hint)


ACTIONS: tuple[Action, ...] = (
    _row("next-needs-me", "ctrl+n,tab", ANYWHERE, "find", 20),
    _row("claim-next", "ctrl+t,n", ANYWHERE, "find", 10),
    _own(Owner.QUEUE, "open", "enter", "open", "find", 5),
    _own(Owner.QUEUE, "move-up", "up,k", "move(-1)", "find"),
    _own(Owner.QUEUE, "move-down", "down,j", "move(1)", "find"),
    _own(Owner.QUEUE, "page-up", "pageup", "page(-1)", "find"),
    _own(Owner.QUEUE, "page-down", "pagedown", "page(1)", "find"),
    _own(Owner.QUEUE, "first", "home,g", "move_to(0)", "find"),
    _own(Owner.QUEUE, "last", "end,G", "move_to(-1)", "find"),
    _row("previous-view", "left,h,left_square_bracket", QUEUE, "find"),
    _row("next-view", "right,l,right_square_bracket", QUEUE, "find", 33),
    _row("filter", "slash", QUEUE, "find", 12),
    Action(
        id="chat-tab",
        keys="1,2,3,4,5,6,7,8,9",
        places=QUEUE,
        group="find",
        handler="chat_tab",
        numbered=True,
    ),
    _row("read", "ctrl+x,v", frozenset({Place.QUEUE, Place.CONTEXT}), "chat"),
    _row("page-older", "pageup", READING, "chat"),
    _row("page-newer", "pagedown", READING, "chat"),
    _row("open-link", "o", CHAT, "chat", 6),
    _row("copy", "y", CHAT, "chat", 7),
    _row("why", "ctrl+y,w", ANYWHERE, "chat", 40),
    _row("context", "ctrl+g,i", ANYWHERE, "chat", 35),
    _row("close-chat", "ctrl+w,x", ANYWHERE, "chat"),
    _own(Owner.COMPOSER, "send", "enter,ctrl+s", "send", "write"),
    _own(Owner.COMPOSER, "new-line", "ctrl+j,shift+enter", "new_line", "write"),
    _row("note-mode", "ctrl+o", READING, "write", 25),
    _row("editor", "ctrl+e", READING, "write"),
    _row("undo-send", "ctrl+z", ANYWHERE, "write"),
    _row("palette", "ctrl+k", ANYWHERE, "write", 50),
    _row("commands", "ctrl+p,greater_than_sign", ANYWHERE, "desk", 90),
    _row("why-answer", "r", ANYWHERE, "write"),
    _row("save-reply", "", ANYWHERE, "write"),
    _row("save-case", "b", ANYWHERE, "write"),
    _row("claim", "ctrl+a,c", frozenset({Place.QUEUE, Place.CHAT, Place.CONTEXT}), "deeds"),
    _row("status", "ctrl+r,s", ANYWHERE, "deeds", 30),
    _row("transfer", "ctrl+f,t", ANYWHERE, "deeds", 45),
    _row("snooze", "ctrl+l,z", ANYWHERE, "deeds", 46),
    _row("next-helper", "ctrl+right_square_bracket,m", ANYWHERE, "buddy"),
    _row("approve", "p", ANYWHERE, "buddy"),
    _row("return-reply", "f", ANYWHERE, "buddy"),
    _row("whisper", "", ANYWHERE, "buddy"),
    _row("hand-draft", "", ANYWHERE, "buddy"),
    _row("take-over", "d", ANYWHERE, "buddy"),
    _row("give-back", "D", ANYWHERE, "buddy"),
    _row("pair", "", ANYWHERE, "buddy"),
    _row("invite-helper", "", ANYWHERE, "buddy"),
    _row("revoke-helper", "", ANYWHERE, "buddy"),
    _row("let-write", "", ANYWHERE, "buddy"),
    _row("availability", "ctrl+d,a", ANYWHERE, "desk"),
    _row("outbox", "ctrl+u,u", ANYWHERE, "desk"),
    _row("floor", "ctrl+v,e", frozenset({Place.QUEUE, Place.CHAT, Place.CONTEXT}), "desk"),
    _row("back", "escape", ANYWHERE, "desk", 28),
    _row("help", "question_mark,f1", ANYWHERE, "desk", 1),
    _row("theme", "", ANYWHERE, "desk"),
    _row("new-token", "", ANYWHERE, "desk"),
    _row("reconnect", "", ANYWHERE, "desk"),
    _row("quit", "ctrl+q", ANYWHERE, "desk", 70),
)  # fmt: skip


LEADS_ONLY = frozenset({"pair", "invite-helper", "revoke-helper", "let-write"})
_TEXT_FIELDS_OWN = frozenset({"ctrl+u", "ctrl+y", "ctrl+z", "ctrl+a", "ctrl+c", "ctrl+v", "ctrl+x"})


class Keymap:
    """The table with a person's own keys in it. Raises BadSettings for an action that does not exist."""

    def __init__(self, own: dict[str, str] | None = None) -> None:
        own = own or {}
        unknown = sorted(set(own) - {a.id for a in ACTIONS})
        if unknown:
            raise BadSettings("unknown-action", file="config.toml", detail=", ".join(unknown))
        self._keys = {a.id: own.get(a.id, a.keys) for a in ACTIONS}

    def keys(self, action: Action) -> list[str]:
        """The names of the keys that trigger `action`."""
        return [k.strip() for k in self._keys[action.id].split(",") if k.strip()]

    def shown(self, action: Action) -> str:
        """The keys of `action` as people write them; a row of digits is a span."""
        keys = self.keys(action)
        if action.numbered and len(keys) > 2:
            return f"{shown_all(keys[0])}-{shown_all(keys[-1])}"
        return shown_all(",".join(keys))

    def all_shown(self, action: Action) -> list[str]:
        """Every key of `action` as people write it."""
        if action.numbered:
            return [self.shown(action)]
        return [shown_all(key) for key in self.keys(action)]

    def first(self, action: Action, place: Place) -> str:
        """The key to show for `action` where the hand is: a letter is text in a field."""
        keys = self.keys(action)
        typing = place in (Place.COMPOSER, Place.FILTER)
        short = [k for k in keys if not k.startswith("ctrl+") and not (typing and is_letter(k))]
        return shown_all((short or keys or [""])[0])

    def bindings(self, owner: Owner) -> Iterator[Binding]:
        """Textual's bindings of one owner; Ctrl keys go before what a text field does with them."""
        for action in ACTIONS:
            if action.owner is owner:
                yield from self._bindings(action)

    def _bindings(self, action: Action) -> Iterator[Binding]:
        for key in self.keys(action):
            call = f"{action.handler}('{key}')" if action.numbered else action.handler
            goes_first = key.startswith("ctrl+") and key not in _TEXT_FIELDS_OWN
            yield Binding(key, call, action.name, show=False, priority=goes_first)


def is_letter(key: str) -> bool:
    """Whether a text field would take `key` as text."""
    return len(key) == 1 or key in ("slash", "question_mark", "greater_than_sign") or "bracket" in key


def by_handler(handler: str) -> Action | None:
    """The row that calls `action_<handler>` of the workstation."""
    return _BY_HANDLER.get(handler)


_BY_HANDLER = {a.handler: a for a in ACTIONS if a.owner is Owner.DESK}


def at(place: Place, rows: Iterable[Action] = ACTIONS) -> list[Action]:
    """The actions that apply where the hand is, in the table's order."""
    return [a for a in rows if place in a.places]


def hints(place: Place) -> list[Action]:
    """What the bottom line offers at `place`, most wanted first."""
    offered = (a for a in at(place) if a.hint and not (a.id == "back" and place is Place.QUEUE))
    return sorted(offered, key=lambda a: a.hint)
