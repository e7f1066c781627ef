"""Opening the workstation: whose folders, which server, and the screen over them."""

import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TypedDict

from agent_tui import i18n
from agent_tui.cli.language import speak
from agent_tui.errors import BadSettings, naming
from agent_tui.settings import Profile, Settings, profile, read_settings

_TEXT_OPTIONS = ("server", "profile", "theme")


class StartOptions(TypedDict, total=False):
    """What `open_workstation` may be told on the command line."""

    server: str
    profile: str
    theme: str
    base: Path


def options_of(words: Sequence[str]) -> StartOptions | None:
    """The options when `words` ask for the workstation only, such as `--theme light`.

    None when a real command line has to be read: that takes as long to import as the workstation itself.
    """
    told, rest = StartOptions(), list(words)
    while rest:
        name, is_joined, value = rest.pop(0).partition("=")
        if not is_joined:
            value = rest.pop(0) if rest else ""
        option = name.removeprefix("--")
        if not name.startswith("--") or not value or value.startswith("-"):
            return None
        if option == "base":
            told["base"] = Path(value)
        elif option in _TEXT_OPTIONS:
            told[option] = value  # type: ignore[literal-required]
        else:
            return None
    return told


def open_workstation(
    *,
    server: str = "",
    token: str = "",
    profile: str = "default",
    base: Path | None = None,
    theme: str = "",
) -> None:
    """Open the workstation and stay until the person leaves. Without a server it asks for one first.

    The language is chosen here, before anything of `tui` is imported.
    """
    folders, settings = settings_of(profile, base)
    settings = with_theme(settings, theme)
    need_terminal()
    address = server or settings.server
    if not address:
        address, token = _ask_for_server(folders, settings)
    if address:
        _run(folders, settings, address, token)


def _run(folders: Profile, settings: Settings, server: str, token: str) -> None:
    from agent_tui.tui import collector

    collector.hold()
    from agent_tui.desk import open_desk
    from agent_tui.tui.app import AgentApp

    def library() -> object:
        from agent_tui.tui.palette.assembly import library_for

        return library_for(desk, settings, folders)

    def helper() -> object:
        from agent_tui.tui.helper.assembly import helper_screen

        return helper_screen(desk, settings, time.time, folders.data_dir)

    try:
        desk = open_desk(folders, settings, server, token)
        app = AgentApp(
            desk,
            settings,
            library=library,
            helper=helper,
            keep_token=lambda token: _keep(server, token),
        )
    except BadSettings as error:
        # The table of keys knows what it was told, not where.
        error.values["file"] = str(folders.config_file)
        raise
    run_screen(app)


def _ask_for_server(folders: Profile, settings: Settings) -> tuple[str, str]:
    """The address and the token of a first start; empty when the person left."""
    from agent_tui.tui.welcome import WelcomeApp

    answer: tuple[str, str] | None = run_screen(WelcomeApp(settings))
    if answer is None:
        return "", ""
    server, token = answer
    keep_server(folders.config_file, server)
    _say(_keep(server, token) or i18n.texts().start.kept)
    return answer


def need_terminal() -> None:
    """End with the remedy unless this is a terminal: a screen is painted there and reads its keys."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        fail(i18n.texts().start.no_terminal)


def run_screen(app: Any) -> Any:
    """Run a Textual application and answer its result; one that failed ends the command with its status."""
    answer = app.run()
    if app.return_code:
        sys.exit(app.return_code)
    return answer


def _keep(server: str, token: str) -> str:
    """Keep the token in the keyring, or say why it is not there at the next start."""
    from agent_tui.sync.secrets import VARIABLE, keep_token

    problem = keep_token(server, token).problem
    words = i18n.texts().start.no_keyring
    return words.format(problem=problem, variable=VARIABLE) if problem else ""


def keep_server(file: Path, server: str) -> None:
    """Set `server` in the settings file, everything else stays as the person wrote it."""
    before = file.read_text("utf-8") if file.is_file() else ""
    rest = re.sub(r"^server\s*=.*\n?", "", before, count=1, flags=re.MULTILINE)
    file.parent.mkdir(parents=True, exist_ok=True)
    with naming(file):
        file.write_text(f"server = {json.dumps(server)}\n{rest}", "utf-8")


def settings_of(name: str, base: Path | None) -> tuple[Profile, Settings]:
    """The folders and settings of a profile; chooses the language."""
    folders = profile(name, base)
    settings = read_settings(folders.config_file)
    speak(settings.language)
    return folders, settings


def with_theme(settings: Settings, theme: str) -> Settings:
    """The settings with another theme, if one is named."""
    import msgspec

    if not theme:
        return settings
    try:
        return msgspec.convert({**msgspec.to_builtins(settings), "theme": theme}, Settings)
    except msgspec.ValidationError as error:
        raise BadSettings("no-theme", value=theme) from error


def fail(words: str) -> NoReturn:
    """End with `words` and the status of a wrong command line."""
    _say(words)
    sys.exit(2)


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
