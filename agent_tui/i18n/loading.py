"""One struct of all texts, decoded strictly from `locales/zh.toml` and `en.toml`, and the language in use."""

import os
from functools import cache
from importlib.resources import files

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
    """The texts in the language in use."""
    return load(_chosen[0])
