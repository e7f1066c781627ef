"""One struct of all texts, decoded strictly from `locales/zh.toml` and `en.toml`, and the language in use.

A text names a key by what it does, as in `<send> 发送`: the screen that starts says which key that is
(`name_keys`), because people have keys of their own. Where there is no screen, the action is named instead.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from agent_tui.i18n.answers import FitTexts, OutgoingTexts, PaletteTexts, RecommendTexts
from agent_tui.i18n.common import CommonTexts
from agent_tui.i18n.desk import (
    ActionTexts,
    ComposerTexts,
    ContextTexts,
    ConversationTexts,
    DialogTexts,
    NoticeTexts,
    QueueTexts,
    ShopTexts,
    StatusLineTexts,
    ToastTexts,
)
from agent_tui.i18n.helpers import BuddyTexts, DrillTexts, HelperTexts
from agent_tui.i18n.section import Section
from agent_tui.i18n.shell import DemoTexts, StartTexts, WebTexts

LANGUAGES = ("zh", "en")


class Texts(Section, frozen=True):
    """Every text a person reads."""

    demo: DemoTexts
    helper: HelperTexts
    drill: DrillTexts
    conversation: ConversationTexts
    composer: ComposerTexts
    common: CommonTexts
    queue: QueueTexts
    notice: NoticeTexts
    status_line: StatusLineTexts
    context: ContextTexts
    dialog: DialogTexts
    shop: ShopTexts
    toast: ToastTexts
    start: StartTexts
    actions: ActionTexts
    palette: PaletteTexts
    recommend: RecommendTexts
    fit: FitTexts
    outgoing: OutgoingTexts
    buddy: BuddyTexts
    web: WebTexts
    # By the class of an error and its code.
    errors: dict[str, dict[str, str]]


_chosen = ["zh"]
_NAMED_KEY = re.compile(r"<([a-z]+(?:-[a-z]+)*)>")
_shown: list[Callable[[str], str]] = []
_with_keys: dict[str, Texts] = {}


def language_of_system() -> str:
    """`en` for an English locale, `zh` otherwise: Chinese is the first language of this desk."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def choose(language: str) -> None:
    """Use `language` for everything that is said from now on; an unknown one is Chinese."""
    _chosen[0] = language if language in LANGUAGES else "zh"


def language() -> str:
    """The language in use."""
    return _chosen[0]


@cache
def load(language: str) -> Texts:
    """The texts of `language`. Raises msgspec.ValidationError that names a missing or extra key."""
    data = files("agent_tui").joinpath("locales", f"{language}.toml").read_bytes()
    return msgspec.toml.decode(data, type=Texts)


def texts() -> Texts:
    """The texts in the language in use, their keys as the person has them."""
    found = _with_keys.get(_chosen[0])
    if found is None:
        raw = load(_chosen[0])
        filled = _filled(msgspec.to_builtins(raw), raw.actions.names)
        found = _with_keys[_chosen[0]] = msgspec.convert(filled, Texts)
    return found


def name_keys(shown: Callable[[str], str]) -> None:
    """Let texts name the key of an action as `shown` says from now on."""
    _shown[:] = [shown]
    _with_keys.clear()


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _NAMED_KEY.sub(lambda found: _key(found[0], found[1], names), value) if "<" in value else value
    if isinstance(value, dict):
        return {name: _filled(one, names) for name, one in value.items()}
    return [_filled(one, names) for one in value] if isinstance(value, list) else value


def _key(words: str, action: str, names: dict[str, str]) -> str:
    if action not in names:
        return words
    key = _shown[0](action) if _shown else ""
    # A brace would be a place to fill in.
    return key.replace("{", "｛").replace("}", "｝") or f"「{names[action]}」"
