"""The language of the command line: `--lang` anywhere in it, else what a person set, else the system's."""

from collections.abc import Sequence

from agent_tui import i18n
from agent_tui.errors import BadSettings
from agent_tui.settings import Settings, profile, read_settings

_OPTION = "--lang"
_asked = [""]


def take_language(words: Sequence[str]) -> list[str]:
    """`words` without `--lang`, which is remembered and spoken from now on.

    Raises BadSettings for a language there is not, after `--` everything stays as it is written.
    """
    rest, kept = list(words), list[str]()
    _asked[0] = ""
    while rest and rest[0] != "--":
        name, is_joined, value = rest.pop(0).partition("=")
        if name != _OPTION:
            kept.append(name + is_joined + value)
        else:
            _asked[0] = value if is_joined or not rest else rest.pop(0)
            _expect_known(_asked[0])
    speak(_set_language())
    return kept + rest


def speak(language: str) -> None:
    """Speak what the command line asks for, else `language`, else the system's."""
    i18n.choose(_asked[0] or language or i18n.language_of_system())


def _expect_known(asked: str) -> None:
    if asked not in i18n.LANGUAGES:
        _asked[0] = ""
        speak(_set_language())
        raise BadSettings("no-language", value=asked)


def _set_language() -> str:
    """What this person's settings say; what is wrong with them is said where they are used."""
    try:
        return _settings().language
    except BadSettings:
        return ""


def _settings() -> Settings:
    return read_settings(profile().config_file)
