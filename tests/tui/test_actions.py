"""The one action table: complete texts, no key twice in one place, none that people cannot press."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import msgspec
import pytest

from agent_tui import i18n
from agent_tui.domain.models import Availability, Category, Mood, Phase, Priority, Role, Status, Tier
from agent_tui.domain.views import View
from agent_tui.errors import BadSettings
from agent_tui.i18n import LANGUAGES, load
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.app import AgentApp
from agent_tui.tui.helper.screen import HelperScreen
from agent_tui.tui.keymap.action import ANYWHERE, GROUPS, Action, Place
from agent_tui.tui.keymap.keymap import KeyedScreen, Keymap
from agent_tui.tui.keymap.keys import is_key, shown, twin
from agent_tui.tui.keymap.page import key_table
from agent_tui.tui.palette.form import CategoryLine

DOCS = Path(__file__).parents[2] / "docs"
TUI = Path(__file__).parents[2] / "agent_tui" / "tui"
NEVER = {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+left_square_bracket", "ctrl+b"}


def test_every_action_has_its_words() -> None:
    """In both languages, and no words without an action."""
    ids = {a.id for a in ACTIONS}
    for language in LANGUAGES:
        words = load(language).actions
        assert set(words.names) == ids
        assert set(words.short) <= ids
        assert {a.group for a in ACTIONS} == set(words.groups) == set(GROUPS)


def test_the_languages_have_the_same_keys() -> None:
    """Tables of words too, which the strict struct does not look into."""

    def keys(value: object, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {k for name, v in value.items() for k in keys(v, f"{path}.{name}")}

    zh, en = (keys(msgspec.to_builtins(load(language))) for language in LANGUAGES)
    assert zh == en


@pytest.mark.parametrize(
    ("words", "enum"),
    [
        ("statuses", Status),
        ("categories", Category),
        ("priorities", Priority),
        ("moods", Mood),
        ("tiers", Tier),
        ("availabilities", Availability),
        ("phases", Phase),
        ("roles", Role),
    ],
)
def test_every_fact_has_a_word(words: str, enum: type) -> None:
    """A status without a name would be an error in front of a customer's ticket."""
    for language in LANGUAGES:
        assert set(getattr(load(language).common, words)) == {member.value for member in enum}
        assert set(load(language).queue.views) == {view.value for view in View}


def screens(base: type = KeyedScreen) -> Iterator[type[KeyedScreen[Any]]]:
    """Every screen of the product over another one; those that other tests define are none of it."""
    for module in iter_modules([str(TUI)], "agent_tui.tui."):
        if module.ispkg:
            for inner in iter_modules([str(TUI / module.name.rpartition(".")[2])], f"{module.name}."):
                import_module(inner.name)
    for kind in base.__subclasses__():
        if kind.__module__.startswith("agent_tui."):
            yield kind
        yield from screens(kind)


def test_no_two_rows_fight_over_a_key() -> None:
    """In each place of the workstation, and on every screen with all its places together."""
    keymap = Keymap(ACTIONS)
    sets = [*((place,) for place in Place), *(screen.PLACES for screen in screens())]
    for places in sets:
        taken: dict[str, str] = {}
        for action in keymap.at(*places):
            for key in keymap.keys(action):
                assert taken.setdefault(key, action.id) == action.id, (places, key)


def test_no_binding_is_declared_outside_the_table() -> None:
    """A key that stands in a class can be neither remapped nor found in the docs."""
    for file in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            is_binding = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Binding"
            assert not is_binding or file == TUI / "keymap" / "keymap.py", f"{file}:{node.lineno}"
            if isinstance(node, ast.Assign | ast.AnnAssign):
                names = [getattr(t, "id", "") for t in getattr(node, "targets", None) or [node.target]]
                assert "BINDINGS" not in names or not isinstance(node.value, ast.List), (
                    f"{file}:{node.lineno}"
                )


def test_keys_that_do_not_exist_are_not_used() -> None:
    """Tab, Enter, Backspace and Esc in disguise; Alt; a function key alone."""
    for action in ACTIONS:
        keys = set(Keymap(ACTIONS).keys(action))
        assert not keys & NEVER
        assert not any("alt+" in key for key in keys)
        assert not keys or any(not key.startswith("f") or len(key) == 1 for key in keys)


def test_every_row_is_answered() -> None:
    """On the workstation by what it does, on another screen by a method of that screen."""
    for action in ACTIONS:
        assert (action.run is None) != (action.handler == ""), action.id
        assert action.places, action.id
        for kind in _answering(action):
            name = action.handler.partition("(")[0]
            owner = AgentApp if name.startswith("app.") else kind
            assert hasattr(owner, f"action_{name.removeprefix('app.')}"), (action.id, kind)


def _answering(action: Action) -> list[type]:
    if action.run is not None:
        assert not action.places - ANYWHERE - {Place.EMPTY, Place.BLANK}
        return []
    kinds: list[type] = [screen for screen in screens() if action.places & set(screen.PLACES)]
    others: dict[Place, type] = {
        Place.HELPER: HelperScreen,
        Place.CATEGORY: CategoryLine,
        Place.PROGRAM: AgentApp,
    }
    kinds += [kind for place, kind in others.items() if place in action.places]
    assert kinds or action.places & ANYWHERE, action.id
    return kinds


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"claim-next": "s"}, "key-taken"),
        ({"quit": ""}, "key-needed"),
        ({"leave": " , "}, "key-needed"),
        ({"no-such": "x"}, "unknown-action"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_own_keys_that_break_the_keyboard_are_refused_in_words(
    own: dict[str, str], code: str, language: str
) -> None:
    with pytest.raises(BadSettings) as caught:
        Keymap(ACTIONS, own)
    assert caught.value.code == code
    i18n.choose(language)
    caught.value.values["file"] = "/home/lin/config.toml"
    said = i18n.words_of(caught.value)
    i18n.choose("zh")
    assert "/home/lin/config.toml" in said
    assert next(iter(own)) in said


def test_two_actions_may_change_places() -> None:
    keymap = Keymap(ACTIONS, {"claim-next": "s", "status": "n"})
    assert keymap.keys(keymap.row("status")) == ["n"]


def test_a_key_typed_with_the_input_method_on_is_the_key_it_stands_for() -> None:
    keymap = Keymap(ACTIONS, {"quit": "ｑ，ctrl+q"})
    assert keymap.keys(keymap.row("quit")) == ["q", "ctrl+q"]


def test_a_persons_own_keys() -> None:
    """They replace the default; an unknown action is named."""
    keymap = Keymap(ACTIONS, {"claim-next": "q"})
    claim = next(a for a in ACTIONS if a.id == "claim-next")
    assert keymap.keys(claim) == ["q"]
    assert "q" in keymap.bindings(ANYWHERE).key_to_bindings
    with pytest.raises(BadSettings) as caught:
        Keymap(ACTIONS, {"no-such": "x"})
    assert caught.value.values["detail"] == "no-such"


def test_the_docs_are_current() -> None:
    """`python -m agent_tui.tui.keymap.page > docs/keys.md` makes them."""
    assert (DOCS / "keys.md").read_text("utf-8") == key_table()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\uff1f", "question_mark"),
        ("、", "slash"),
        ("\uff11", "1"),
        ("》", "greater_than_sign"),
        ("\uff4e", "n"),
        ("\u3000", "space"),
        ("n", None),
        ("好", None),
        ("", None),
        (None, None),
    ],
)
def test_twins(typed: str | None, meant: str | None) -> None:
    """What an input method types instead of a key."""
    assert twin(typed) == meant


def test_how_keys_are_written() -> None:
    """As on the keyboard."""
    assert [shown(k) for k in ("ctrl+n", "question_mark", "escape", "shift+enter", "pageup")] == [
        "Ctrl+N",
        "?",
        "Esc",
        "Shift+Enter",
        "PgUp",
    ]


@pytest.mark.parametrize("key", ["ctrl+blue", "f99x", "ctrl+t\nctrl+u", "entr", "空格键", "ctrl+"])
def test_a_name_that_is_no_key_is_said_with_its_place(key: str) -> None:
    with pytest.raises(BadSettings) as raised:
        Keymap(ACTIONS, {"claim-next": f"m,{key}"})
    assert raised.value.code == "key-unknown"
    assert raised.value.values["action"] == "claim-next"
    assert "\n" not in raised.value.values["key"]


@pytest.mark.parametrize(
    "key", ["ctrl+t", "m", "M", "f2", "slash", "question_mark", "ctrl+]", "shift+enter", "pageup", "space"]
)
def test_names_of_keys_are_taken(key: str) -> None:
    assert is_key(key)


def test_every_key_of_the_table_has_a_name_that_is_taken() -> None:
    keymap = Keymap(ACTIONS)
    assert [key for row in ACTIONS for key in keymap.keys(row) if not is_key(key)] == []
