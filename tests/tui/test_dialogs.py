"""Dialogs: what is under the cursor shows by a sign, names keep their room, and the keys choose."""

import pytest
from textual.app import App
from textual.events import Paste
from textual.widgets import Static

from agent_tui import i18n
from agent_tui.domain.commands import KINDS
from agent_tui.domain.commands.base import kebab
from agent_tui.i18n import LANGUAGES, load
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.dialogs.dialog import CURSOR, Choice, ChoiceDialog
from agent_tui.tui.dialogs.outbox import name_of
from agent_tui.tui.keymap.keymap import Keymap
from agent_tui.tui.theme import THEMES
from tests.driver import at_work

NAMES = ("物流与发货", "Delivery and returns basics", "直播间")
CHOICES = [Choice(value=str(n), label=name, detail=f"id-{n}") for n, name in enumerate(NAMES)]


class _App(App[None]):
    person_keys = Keymap(ACTIONS)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name


def _rows(dialog: ChoiceDialog) -> list[str]:
    return [str(dialog.list.get_option_at_index(n).prompt) for n in range(len(NAMES))]


async def test_the_row_under_the_cursor_is_marked_by_a_sign() -> None:
    app = _App()
    async with app.run_test() as pilot:
        dialog = ChoiceDialog("知识包？", CHOICES)
        await app.push_screen(dialog)
        await pilot.pause()
        marked = [[row.startswith(CURSOR) for row in _rows(dialog)]]
        await pilot.press("down")
        await pilot.pause()
        marked.append([row.startswith(CURSOR) for row in _rows(dialog)])
    assert marked == [[True, False, False], [False, True, False]]


async def test_the_cursor_starts_at_what_is_chosen() -> None:
    app = _App()
    async with app.run_test() as pilot:
        dialog = ChoiceDialog("知识包？", CHOICES, chosen="2")
        await app.push_screen(dialog)
        await pilot.pause()
        assert [row.startswith(CURSOR) for row in _rows(dialog)] == [False, False, True]


async def test_details_stand_in_a_column_behind_whole_names() -> None:
    app = _App()
    async with app.run_test() as pilot:
        dialog = ChoiceDialog("知识包？", CHOICES)
        await app.push_screen(dialog)
        await pilot.pause()
        rows = _rows(dialog)
    assert "Delivery and returns basics id-1" in rows[1]


async def test_a_digit_chooses_and_esc_answers_nothing() -> None:
    answers: list[str | None] = []
    app = _App()
    async with app.run_test() as pilot:
        for key in ("2", "escape"):
            await app.push_screen(ChoiceDialog("知识包？", CHOICES), answers.append)
            await pilot.press(key)
            await pilot.pause()
    assert answers == ["1", None]


async def test_a_persons_own_key_leaves_a_dialog_and_stands_at_its_foot() -> None:
    answers: list[str | None] = []
    app = _App()
    app.person_keys = Keymap(ACTIONS, {"leave": "ctrl+x"})
    i18n.name_keys(app.person_keys.shown_first)
    async with app.run_test() as pilot:
        await app.push_screen(ChoiceDialog("知识包？", CHOICES), answers.append)
        foot = str(app.screen.query_one(".dialog--foot", Static).content)
        await pilot.press("escape", "ctrl+x")
        await pilot.pause()
    assert answers == [None]
    assert "Ctrl+X" in foot
    assert "Esc" not in foot
    i18n.name_keys(Keymap(ACTIONS).shown_first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_a_name_in_the_outbox(language: str) -> None:
    names = load(language).dialog.outbox_commands
    assert set(names) == {kebab(kind.__name__) for kind in KINDS}
    assert all(name.strip() for name in names.values())


def test_a_command_without_a_name_is_listed_by_its_type() -> None:
    assert name_of("set-colour") == "set colour"


@pytest.mark.parametrize(
    "keys", [("ctrl+r",), ("ctrl+f",), ("ctrl+l",), ("ctrl+d",), ("ctrl+q",), ("escape",), ("escape", "P")]
)
async def test_pasted_text_never_acts_as_keys(keys: tuple[str, ...]) -> None:
    """In no dialog, nor in the queue."""
    async with at_work() as agent:
        ticket = await agent.hear("王敏", "在吗")
        await agent.take_next()
        await agent.press(*keys)
        before, kept = agent.app.screen, agent.kept(ticket)
        agent.app.post_message(Paste("1\r2\rn\n"))
        await agent.settle()
        assert agent.app.screen is before
        assert agent.kept(ticket) == kept
        assert agent.app.is_running
