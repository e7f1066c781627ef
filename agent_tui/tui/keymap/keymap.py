"""The keymap: the rows of the action table with a person's own keys in them, and the bindings made of it."""

from collections.abc import Collection, Iterator, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar, runtime_checkable

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.screen import ModalScreen

from agent_tui.errors import BadSettings
from agent_tui.tui.keymap.action import Action, Place
from agent_tui.tui.keymap.editing import reaches
from agent_tui.tui.keymap.keys import goes_first, is_key, shown_all, twin, writes

T = TypeVar("T")


# Without these nobody gets out of a page or of the program.
NEEDED = frozenset({"quit", "back", "leave"})
# Rows that hold elsewhere too and whose keys the composer's field answers itself.
_ANSWERED = frozenset({"back", "undo-send"})


class Keymap:
    """The table with a person's own keys in it.

    Raises BadSettings for an action or a key that does not exist, for a key that another action has at the
    same place, and for an action without which nobody gets out.
    """

    def __init__(self, actions: Sequence[Action], own: dict[str, str] | None = None) -> None:
        own = own or {}
        self.actions = tuple(actions)
        self._by_id = {a.id: a for a in self.actions}
        unknown = sorted(set(own) - set(self._by_id))
        if unknown:
            raise BadSettings("unknown-action", file="config.toml", detail=", ".join(unknown))
        self._keys = {a.id: _ascii(own.get(a.id, a.keys)) for a in self.actions}
        for id in own:
            self._check_names(id)
        for id in own:
            self._check(self._by_id[id])

    def _check_names(self, id: str) -> None:
        wrong = next((key for key in self.keys(self._by_id[id]) if not is_key(key)), None)
        if wrong is not None:
            raise BadSettings("key-unknown", file="config.toml", action=id, key=repr(wrong)[1:-1][:40])

    def _check(self, changed: Action) -> None:
        if changed.id in NEEDED and not self.keys(changed):
            raise BadSettings("key-needed", file="config.toml", action=changed.id)
        mine = set(self.keys(changed))
        for other in self.at(*changed.places):
            taken = mine & set(self.keys(other))
            if taken and other.id != changed.id:
                key = shown_all(min(taken))
                raise BadSettings(
                    "key-taken",
                    file="config.toml",
                    action=changed.id,
                    key=key,
                    other=other.id,
                    name=other.name,
                )

    def row(self, id: str) -> Action:
        """The row with this id."""
        return self._by_id[id]

    def at(self, *places: Place) -> list[Action]:
        """The actions that apply at any of `places`, in the table's order."""
        wanted = frozenset(places)
        return [a for a in self.actions if a.places & wanted]

    def hints(self, place: Place) -> list[Action]:
        """What the bottom line offers at `place`, most wanted first."""
        offered = (a for a in self.at(place) if a.hint and not (a.id == "back" and place is Place.QUEUE))
        return sorted((a for a in offered if self.first(a, place)), key=lambda a: a.hint)

    def keys(self, action: Action) -> list[str]:
        """The names of the keys that trigger `action`."""
        return [k.strip() for k in self._keys[action.id].split(",") if k.strip()]

    def answering(self, key: str, place: Place) -> tuple[Action, int] | None:
        """The row that `key` triggers at `place`, and the key's number in it, counted from one."""
        for action in self.at(place):
            keys = self.keys(action)
            if key in keys:
                return action, keys.index(key) + 1
        return None

    # -- as people write them

    def shown(self, action: Action, most: int = 0, place: Place | None = None) -> str:
        """The keys of `action`, at `place` those that reach it there; a row of digits is a span, of the first
        `most` where that is not 0."""
        keys = [key for key in self.keys(action) if place is None or works(action, key, place)][
            : most or None
        ]
        if action.numbered and len(keys) > 2:
            return f"{shown_all(keys[0])}-{shown_all(keys[-1])}"
        return shown_all(",".join(keys))

    def shown_first(self, id: str, most: int = 0) -> str:
        """The key of a row to name in a sentence, one that works in text fields too; or its span."""
        action = self.row(id)
        keys = self.keys(action)
        typed = [key for key in keys if not writes(key)]
        return self.shown(action, most) if action.numbered else shown_all((typed or keys or [""])[0])

    def all_shown(self, action: Action) -> list[str]:
        """Every key of `action`."""
        if action.numbered:
            return [self.shown(action)]
        return [shown_all(key) for key in self.keys(action)]

    def first(self, action: Action, place: Place) -> str:
        """The key to show for `action` where the hand is; empty when none reaches it there."""
        keys = [key for key in self.keys(action) if works(action, key, place)]
        short = [key for key in keys if not key.startswith("ctrl+")]
        return shown_all((short or keys or [""])[0])

    # -- for Textual

    def bindings(self, places: Collection[Place]) -> BindingsMap:
        """Textual's bindings at `places`; Ctrl and function keys go before what a text field does with them,
        and all of the palette's do, whose keys would else be its line's."""
        return BindingsMap(
            [
                binding
                for action in self.at(*places)
                if not action.in_field
                for binding in self._bindings(action, Place.PALETTE in places)
            ]
        )

    def _bindings(self, action: Action, is_palette: bool) -> Iterator[Binding]:
        for number, key in enumerate(self.keys(action), 1):
            call = action.call(number if action.numbered else None)
            yield Binding(key, call, action.name, show=False, priority=is_palette or goes_first(key))


@runtime_checkable
class HasKeymap(Protocol):
    """An application whose person may have keys of their own."""

    person_keys: Keymap


def keymap_of(app: object) -> Keymap:
    """The keys of the person at `app`."""
    if not isinstance(app, HasKeymap):
        raise TypeError(f"{app} has no keymap")
    return app.person_keys


def bind(node: DOMNode, app: object, places: Collection[Place]) -> None:
    """Give `node` the keys of `places`, as the person at `app` has them."""
    node._bindings = keymap_of(app).bindings(places)


class KeyedScreen(ModalScreen[T | None], Generic[T], inherit_bindings=False):
    """A screen over another one. Its keys are the rows of its places, as the person at the desk has them."""

    PLACES: ClassVar[tuple[Place, ...]] = ()

    def _post_register(self, app: App[object]) -> None:
        # Before the first key can come, which may be before it is mounted.
        super()._post_register(app)
        bind(self, app, self.PLACES)


def _ascii(keys: str) -> str:
    """A comma list of keys, those that were typed with an input method on as the keys they stand for."""
    named = (key.strip() for key in keys.replace("，", ",").split(","))
    return ",".join(twin(key) or key for key in named if key)


def works(action: Action, key: str, place: Place) -> bool:
    """Whether `key` does what `action` says at `place`; what the composer's field answers itself, it does."""
    is_answered = place is Place.COMPOSER and (action.in_field or action.id in _ANSWERED)
    return (is_answered and not writes(key)) or reaches(key, place)
