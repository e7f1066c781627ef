"""The action table: complete texts, no key twice in one place, none that terminals or people cannot press."""

from pathlib import Path

import msgspec
import pytest

from agent_tui.domain.models import Availability, Category, Mood, Phase, Priority, Role, Status, Tier
from agent_tui.domain.views import View
from agent_tui.errors import BadSettings
from agent_tui.i18n import LANGUAGES, load
from agent_tui.tui.actions import ACTIONS, Keymap, Owner, Place, by_handler
from agent_tui.tui.key_table import key_table
from agent_tui.tui.keys import shown, twin
from agent_tui.tui.widgets.queue import Queue
from agent_tui.tui.workstation.screen import Workstation

DOCS = Path(__file__).parents[2] / "docs"
NEVER = {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+left_square_bracket", "ctrl+b"}


def test_every_action_has_its_words() -> None:
    """In both languages, and no words without an action."""
    ids = {a.id for a in ACTIONS}
    for language in LANGUAGES:
        words = load(language).actions
        assert set(words.names) == ids
        assert set(words.short) <= ids
        assert {a.group for a in ACTIONS} == set(words.groups)


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


def test_no_key_means_two_things_in_one_place() -> None:
    """Whoever owns it."""
    keymap = Keymap()
    for place in Place:
        taken: dict[str, str] = {}
        for action in (a for a in ACTIONS if place in a.places):
            for key in keymap.keys(action):
                assert taken.setdefault(key, action.id) == action.id, (place, key)


def test_keys_that_do_not_exist_are_not_used() -> None:
    """Tab, Enter, Backspace and Esc in disguise; Alt; a function key alone."""
    for action in ACTIONS:
        keys = set(Keymap().keys(action))
        assert not keys & NEVER
        assert not any("alt+" in key for key in keys)
        assert not keys or any(not key.startswith("f") or len(key) == 1 for key in keys)


def test_every_row_has_its_method() -> None:
    """On its owner; the composer and the conversation handle theirs themselves."""
    owners = {Owner.DESK: Workstation, Owner.QUEUE: Queue}
    for action in (a for a in ACTIONS if a.owner in owners):
        assert hasattr(owners[action.owner], f"action_{action.handler.partition('(')[0]}"), action.id
        assert action.owner is not Owner.DESK or by_handler(action.handler) is action


def test_a_persons_own_keys() -> None:
    """They replace the default; an unknown action is named."""
    keymap = Keymap({"claim-next": "m"})
    claim = next(a for a in ACTIONS if a.id == "claim-next")
    assert keymap.keys(claim) == ["m"]
    assert any(b.key == "m" for b in keymap.bindings(Owner.DESK))
    with pytest.raises(BadSettings) as caught:
        Keymap({"no-such": "x"})
    assert caught.value.values["detail"] == "no-such"


def test_the_docs_are_current() -> None:
    """`python -m agent_tui.tui.key_table > docs/keys.md` makes them."""
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
