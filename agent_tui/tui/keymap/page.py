"""`docs/keys.md` from the action table: `python -m agent_tui.tui.keymap.page > docs/keys.md`."""

import sys
from collections.abc import Iterator

from agent_tui import i18n
from agent_tui.i18n import load
from agent_tui.tui.actions.table import ACTIONS
from agent_tui.tui.keymap.action import ANYWHERE, Action, Place
from agent_tui.tui.keymap.keymap import Keymap


def key_table() -> str:
    """Every action with its keys, where it applies and what it is called, in both languages."""
    return "\n".join([*_head(), *_rows(), *_tail()])


def _head() -> Iterator[str]:
    yield "# Keys"
    yield ""
    yield "One table holds every action (`agent_tui/tui/actions/`); this page is made from it. Full-width"
    yield "characters of an input method count as the key they stand for outside text fields. Letters, `?`,"
    yield "`/` and digits are text where text is written; the keys with Ctrl work there too, but for those"
    yield "that every text field edits with: Ctrl+A, C, U, V, X, Y and Z keep what they do there."
    yield ""
    yield "Pasted text never acts as keys where the terminal marks it (bracketed paste, which nearly all do)."
    yield "Where it does not, pasted characters arrive as typed ones: on the workstation a run of them in one"
    yield "packet is text, in dialogs and on the helper's screen each is the key it stands for."
    yield ""
    yield "| id | keys | where | 做什么 | what it does |"
    yield "| --- | --- | --- | --- | --- |"


def _rows() -> Iterator[str]:
    keymap = Keymap(ACTIONS)
    zh, en = load("zh").actions.names, load("en").actions.names
    for action in ACTIONS:
        keys = "`" + "` `".join(keymap.all_shown(action)) + "`" if keymap.keys(action) else "from the palette"
        yield f"| `{action.id}` | {keys} | {_where(action)} | {zh[action.id]} | {en[action.id]} |"


def _where(action: Action) -> str:
    beyond = action.places - ANYWHERE if action.places >= ANYWHERE else action.places
    there = [place.value for place in Place if place in beyond]
    return ", ".join(["workstation", *there] if action.places >= ANYWHERE else there)


def _tail() -> Iterator[str]:
    yield ""
    yield "Your own keys go into `config.toml`, as a comma list in Textual's names:"
    yield ""
    yield "```toml"
    yield "[keys]"
    yield 'claim-next = "ctrl+t,m"'
    yield "```"
    yield ""


if __name__ == "__main__":
    i18n.choose("en")
    sys.stdout.write(key_table())
