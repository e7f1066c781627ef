"""`docs/keys.md` from the action table: `python -m agent_tui.tui.key_table > docs/keys.md`."""

import sys
from collections.abc import Iterator

from agent_tui import i18n
from agent_tui.i18n import load
from agent_tui.tui.actions import ACTIONS, Action, Keymap, Place

_EVERYWHERE = frozenset(Place)


def key_table() -> str:
    """Every action with its keys, where it applies and what it is called, in both languages."""
    return "\n".join([*_head(), *_rows(), *_tail()])


def _head() -> Iterator[str]:
    yield "# Keys"
    yield ""
    yield "One table holds every action (`agent_tui/tui/actions.py`); this page is made from it. Full-width"
    yield "characters of an input method count as the key they stand for outside text fields. Letters, `?`,"
    yield "`/` and digits are text where text is written; the keys with Ctrl work there too."
    yield ""
    yield "| id | keys | where | 做什么 | what it does |"
    yield "| --- | --- | --- | --- | --- |"


def _rows() -> Iterator[str]:
    keymap = Keymap()
    zh, en = load("zh").actions.names, load("en").actions.names
    for action in ACTIONS:
        keys = "`" + "` `".join(keymap.all_shown(action)) + "`" if keymap.keys(action) else "from the palette"
        yield f"| `{action.id}` | {keys} | {_where(action)} | {zh[action.id]} | {en[action.id]} |"


def _where(action: Action) -> str:
    if action.places == _EVERYWHERE:
        return "everywhere"
    return ", ".join(p.value for p in Place if p in action.places)


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
