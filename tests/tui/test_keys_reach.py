"""Every key that a screen shows reaches its action, whatever has the focus; none is shown that does not."""

import re
from typing import Any

import msgspec
import pytest
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, OptionList

from agent_tui import i18n
from agent_tui.backends.memory import MemoryBackend
from agent_tui.desk import Desk
from agent_tui.i18n import LANGUAGES, load
from agent_tui.settings import Settings
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.app import AgentApp
from agent_tui.tui.dialogs.help import HelpDialog
from agent_tui.tui.keymap.action import ANYWHERE, Action, Place
from agent_tui.tui.keymap.keymap import KeyedScreen, Keymap, works
from agent_tui.tui.keymap.keys import shown
from agent_tui.tui.palette.form import EntryForm, Field
from tests.driver import at_work, empty_world
from tests.tui.test_actions import screens

_AT_WORK = [place for place in Place if place in ANYWHERE]


class Recording(AgentApp):
    """Writes down which action a key would run, and runs none."""

    def __init__(self, settings: Settings | None = None) -> None:
        world = empty_world(lambda: 0.0)
        super().__init__(Desk(MemoryBackend(world, "me")), settings, clock=lambda: 0.0, ticking=False)
        self.ran: list[str] = []

    async def _dispatch_action(self, namespace: Any, action_name: str, params: Any) -> bool:
        if action_name.startswith("scroll_"):
            # A line or a list that has nothing to scroll passes these on.
            return False
        known = action_name == "perform"
        called = ", ".join(map(str, params))
        self.ran.append(str(params[0]) if known else f"{action_name}({called})" if params else action_name)
        return True

    async def reached(self, pilot: Any, key: str) -> list[str]:
        """What `key` would run."""
        self.ran = []
        await pilot.press(key)
        while self.typeahead.is_waiting:
            await pilot.pause()
        await pilot.pause()
        return self.ran


def name_of(action: Action, number: int) -> str:
    """How a row is written down."""
    if action.run is not None:
        return action.id
    handler = action.handler.removeprefix("app.")
    return f"{handler}({number})" if action.numbered else handler


@pytest.mark.parametrize("place", _AT_WORK)
@pytest.mark.parametrize("own", [{}, {"outbox": "f2,ctrl+y", "why": "ctrl+u", "snooze": "delete,minus"}])
async def test_on_the_workstation(place: Place, own: dict[str, str]) -> None:
    """A row's key that reaches it there runs it; one that a text field has is not shown, and does not."""
    i18n.choose("zh")
    app = Recording(Settings(keys=own))
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.desk.tickets.is_loaded or app.station.has_class("-unknown"):
            await pilot.pause()
        panes, keymap = app.station.panes, app.person_keys
        widgets: dict[Place, Widget] = {
            Place.QUEUE: panes.queue,
            Place.FILTER: panes.filter,
            Place.CHAT: panes.chat,
            Place.COMPOSER: panes.composer.field,
            Place.CONTEXT: panes.context,
        }
        panes.filter.add_class("-shown")
        panes.composer.field.read_only = False
        for action in keymap.at(place):
            if action.in_field or (place is Place.COMPOSER and action.id in ("back", "undo-send")):
                continue
            for number, key in enumerate(keymap.keys(action), 1):
                widgets[place].focus()
                panes.composer.field.text = "写了一半"
                await pilot.pause()
                assert app.station.place is place
                ran = await app.reached(pilot, key)
                expected = works(action, key, place)
                assert (name_of(action, number) in ran) == expected, (place, action.id, key)


async def test_what_the_composer_answers_itself() -> None:
    """Its rows by what they do: send, break, up to the messages, back, undo."""
    async with at_work(undo_seconds=9) as agent:
        await agent.hear("王敏", "在吗")
        await agent.take_next()
        agent.clock.now += 5
        for key in agent.app.person_keys.keys(agent.app.person_keys.row("new-line")):
            await agent.press("a", key)
            assert agent.written == "a\n"
            await agent.press("backspace", "backspace")
        for key in agent.app.person_keys.keys(agent.app.person_keys.row("send")):
            await agent.press("a", key)
            assert (agent.written, agent.desk.outbox.unsent()) == ("", 1)
            await agent.press("ctrl+z")
            assert (agent.written, agent.desk.outbox.unsent()) == ("a", 0)
            await agent.press("backspace")
        await agent.press("up")
        assert agent.station.place is Place.CHAT
        await agent.press("escape", "escape")
        assert agent.station.place is Place.QUEUE


@pytest.mark.parametrize("places", sorted({screen.PLACES for screen in screens()}))
async def test_over_the_workstation(places: tuple[Place, ...]) -> None:
    """The palette, the form, every dialog and page: a line, a list or nothing has the focus."""
    i18n.choose("zh")
    app = Recording()
    kinds = [Input, None] if len(places) == 1 else [None]
    async with app.run_test(size=(120, 36)) as pilot:
        for kind in [OptionList, None] if Place.CHOICE in places else kinds:

            class Over(KeyedScreen[None]):
                PLACES = places

                def compose(self, kind: Any = kind) -> ComposeResult:
                    if kind is not None:
                        yield kind("a", "b") if kind is OptionList else kind()

            await app.push_screen(Over())
            await pilot.pause()
            for action in app.person_keys.at(*places):
                for number, key in enumerate(app.person_keys.keys(action), 1):
                    ran = await app.reached(pilot, key)
                    # Enter in a line is the line's own, which tells the form.
                    expected = "submit" if (kind, key) == (Input, "enter") else name_of(action, number)
                    is_palette = Place.PALETTE in places
                    assert ran == [name_of(action, number) if is_palette else expected], (
                        kind,
                        action.id,
                        key,
                    )


async def test_enter_in_a_line_of_the_form_goes_on() -> None:
    """As the table says of it."""
    async with at_work() as agent:
        fields = (Field("title", ""), Field("shortcut", ""))
        await agent.app.push_screen(EntryForm("短语", fields, lambda told: ""))
        await agent.settle()
        assert agent.app.focused is agent.app.screen.query_one("#form-title")
        await agent.press("enter")
        assert agent.app.focused is agent.app.screen.query_one("#form-shortcut")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_and_palette_show_the_keys_of_the_focused_field(language: str) -> None:
    """In the composer Ctrl+U and Ctrl+Y edit: the rows they belong to elsewhere are offered without them."""
    async with at_work(language=language) as agent:
        await agent.hear("王敏", "在吗")
        await agent.take_next()
        offered = {one.id: one.keys for one in agent.station.context.offered()}
        assert (offered["outbox"], offered["why"], offered["transfer"]) == ("", "", "Ctrl+F")
        assert "Ctrl+Y" not in agent.screen()
        await agent.press("question_mark")
        dialog = agent.app.screen
        assert isinstance(dialog, HelpDialog)
        here = dialog._text.plain.partition(i18n.texts().dialog.help_all)[0]
        assert not re.search(r"Ctrl\+[UY]", here)
        await agent.press("escape")
        await agent.go_to_queue()
        assert {one.id: one.keys for one in agent.station.context.offered()}["outbox"] == "Ctrl+U u"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_keeps_every_key_apart_from_what_it_does(language: str) -> None:
    async with at_work(language=language) as agent:
        await agent.press("question_mark")
        dialog = agent.app.screen
        assert isinstance(dialog, HelpDialog)
        lines = dialog._text.plain.splitlines()
        keymap = agent.station.context.keymap
        row = keymap.row("new-line")
        assert any(f"{keymap.shown(row)}  {row.name}" in line for line in lines)


# Keys that no row of the table has: those of a dialog's own list and line, of the text field that gives a
# character back, and of the page for browsers.
_NOT_OURS = {
    "dialog.keys_choose",
    "dialog.keys_text",
    "dialog.keys_welcome",
    "helper.keys_choose",
    "recommend.nothing",
    "recommend.one_question",
    "buddy.copied",
}
_LITERAL = re.compile(
    r"\b(Ctrl\+.|Shift\+|Enter|Esc|Tab|Backspace|PgUp|PgDn|F\d+)\b|[↑↓←→]"
    r"|按 ?[a-zA-Z0-9?/](?![a-zA-Z0-9])|\b[Pp]ress [a-z0-9?/](?![a-z0-9])|\b[a-z] takes"
)


def texts_in(value: object, path: str = "") -> list[tuple[str, str]]:
    """Every text with its path."""
    if isinstance(value, str):
        return [(path.removeprefix("."), value)]
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in texts_in(one, f"{path}.{name}")]
    return [found for one in value for found in texts_in(one, path)] if isinstance(value, list) else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_key_by_itself(language: str) -> None:
    """A person may have another one; the text names the action, and every action it names exists."""
    ids = {action.id for action in ACTIONS}
    for path, text in texts_in(msgspec.to_builtins(load(language))):
        assert path in _NOT_OURS or not _LITERAL.search(text), (path, text)
        assert set(re.findall(r"<([a-z]+(?:-[a-z]+)*)>", text)) <= ids, (path, text)


async def test_notices_name_the_persons_own_keys() -> None:
    """Remapped, the composer, the empty queue and the held reply say so; and where Enter breaks the line."""
    own = {"undo-send": "f9", "claim-next": "f5,n", "note-mode": "ctrl+b,f6"}
    async with at_work(settings=Settings(keys=own, send_key="ctrl+s"), undo_seconds=9) as agent:
        assert "按 F5 接下一位" in agent.screen()
        await agent.hear("王敏", "在吗")
        await agent.press("f5")
        await agent.until(lambda: agent.station.ticket is not None)
        await agent.sees("Ctrl+S 发送 · Enter 换行")
        agent.clock.now += 5
        await agent.type("a")
        await agent.press("enter")
        assert agent.written == "a\n"
        await agent.press("ctrl+s")
        await agent.sees("F9 撤销")
        await agent.press("f9")
        assert agent.written == "a"
    i18n.name_keys(Keymap(ACTIONS).shown_first)


def test_without_a_screen_the_action_is_named() -> None:
    """The command line has no keys to press."""
    i18n.choose("zh")
    i18n.name_keys(lambda id: "")
    assert "「我的状态」" in i18n.texts().common.refusals["not-online"]
    i18n.name_keys(Keymap(ACTIONS).shown_first)
    assert "Ctrl+D" in i18n.texts().common.refusals["not-online"]


@pytest.mark.parametrize(
    ("key", "words"),
    [("f1", "F1"), ("f12", "F12"), ("enter", "Enter"), ("escape", "Esc"), ("pageup", "PgUp"),
     ("shift+tab", "Shift+Tab"), ("ctrl+shift+up", "Ctrl+Shift+↑"), ("ctrl+n", "Ctrl+N"),
     ("shift+f1", "Shift+F1"), ("question_mark", "?"), ("slash", "/"), ("n", "n"), ("P", "P"),
     ("space", "Space"), ("backspace", "Backspace"), ("delete", "Del"), ("home", "Home"),
     ("ctrl+right_square_bracket", "Ctrl+]"), ("minus", "-")],
)  # fmt: skip
def test_a_key_is_written_in_one_way(key: str, words: str) -> None:
    assert shown(key) == words
