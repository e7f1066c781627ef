"""All texts of the screens in one typed struct, decoded strictly from `locales/zh.toml` and `en.toml`.

The language is chosen once, in `cli`, before `tui` is imported, because Textual reads bindings when a class
is made. A missing or an extra key is an error that names it.
"""

import os
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

LANGUAGES = ("zh", "en")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of texts; `{name}` in a text is filled with `str.format`."""


class ConversationTexts(Section, frozen=True):
    """The messages of a ticket."""

    loading: str
    empty: str
    older: str
    no_ticket: str
    unread: str
    note: str
    whisper: str
    system: str
    bot: str
    recalled: str
    image: str
    file: str
    voice: str
    order_card: str
    product_card: str
    unknown: str
    states: dict[str, str]
    reasons: dict[str, str]
    events: dict[str, str]
    words: dict[str, str]
    today: str
    yesterday: str
    weekdays: list[str]
    copied: str
    nothing_to_copy: str
    open_file: str
    open_link: str
    open_failed: str
    saved: str
    retry_hint: str


class ComposerTexts(Section, frozen=True):
    """The field where replies are written."""

    reply_to: str
    note_on: str
    hint: str
    hint_note: str
    no_ticket: str
    held: str
    undone: str
    kept: str
    not_kept: str
    unseen_customer: str
    unseen_colleague: str
    send_anyway: str
    changed_under: str
    empty: str
    too_long: str
    blank_left: str
    closed: str
    editor_failed: str
    no_editor: str


class Texts(Section, frozen=True):
    """Every text a person reads."""

    conversation: ConversationTexts
    composer: ComposerTexts


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
    data = files(__package__).joinpath("locales", f"{language}.toml").read_bytes()
    return msgspec.toml.decode(data, type=Texts)


def texts() -> Texts:
    """The texts in the language in use."""
    return load(_chosen[0])
