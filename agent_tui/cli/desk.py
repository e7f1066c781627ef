"""`agent-tui` and `agent-tui login`: the workstation, connected to a team's server."""

import json
import re
import sys
from pathlib import Path
from typing import NoReturn

import typer

from agent_tui import i18n
from agent_tui.settings import Profile, Settings, SettingsError, profile, read_settings

ServerOption = typer.Option("", "--server", help="The server's address, such as https://desk.example.com.")
ProfileOption = typer.Option("default", "--profile", help="Whose folders to use on this machine.")
LangOption = typer.Option("", "--lang", help="zh or en.")
ThemeOption = typer.Option("", "--theme", help="dark, light or contrast.")
BaseOption = typer.Option(None, "--base", help="Keep all folders below this one.", hidden=True)


def root(
    context: typer.Context,
    server: str = ServerOption,
    profile: str = ProfileOption,
    lang: str = LangOption,
    theme: str = ThemeOption,
    base: Path | None = BaseOption,
) -> None:
    """A keyboard-driven terminal workstation for customer service on promotion days."""
    if context.invoked_subcommand is None:
        open_workstation(server=server, profile=profile, lang=lang, theme=theme, base=base)


def login(
    server: str = ServerOption,
    profile: str = ProfileOption,
    lang: str = LangOption,
    base: Path | None = BaseOption,
) -> None:
    """Keep the server's address and a token on this machine; the token goes into the system's keyring."""
    folders, settings = _settings(profile, base, lang)
    words = i18n.texts().dialog
    address = _good_address(server or settings.server or typer.prompt(words.welcome_server))
    token = typer.prompt(words.welcome_token, hide_input=True).strip()
    if not token:
        _fail(words.token_wrong)
    _remember(folders, address, token)


def open_workstation(
    *,
    server: str = "",
    token: str = "",
    profile: str = "default",
    base: Path | None = None,
    lang: str = "",
    theme: str = "",
) -> None:
    """Open the workstation and stay until the person leaves. Without a server it asks for one first.

    The language is chosen here, before anything of `tui` is imported.
    """
    folders, settings = _settings(profile, base, lang)
    settings = _with_theme(settings, theme)
    address = server or settings.server
    if not address:
        address, token = _ask_for_server(folders, settings)
    if address:
        _run(folders, settings, address, token)


def _run(folders: Profile, settings: Settings, server: str, token: str) -> None:
    from agent_tui.desk import StoreError, open_desk
    from agent_tui.domain.errors import BadSettings
    from agent_tui.sync.secrets import keep_token
    from agent_tui.tui.app import AgentApp

    def library() -> object:
        from agent_tui.tui.palette.assembly import library_for

        return library_for(desk, settings, folders)

    try:
        desk = open_desk(folders, settings, server, token)
        app = AgentApp(
            desk,
            settings,
            library=library,
            keep_token=lambda value: keep_token(server, value).problem,
        )
    except BadSettings as error:
        _fail(str(error))
    except StoreError as error:
        _fail(_store_words(error))
    app.run()


def _store_words(error: Exception) -> str:
    from agent_tui.sync.errors import ProfileInUse

    words = i18n.texts().start
    if isinstance(error, ProfileInUse):
        return words.profile_in_use
    return i18n.texts().common.errors["disk"].format(detail=str(error))


def _ask_for_server(folders: Profile, settings: Settings) -> tuple[str, str]:
    """The address and the token of a first start; empty when the person left."""
    from agent_tui.tui.welcome import WelcomeApp

    answer = WelcomeApp(settings).run()
    if answer is None:
        return "", ""
    _remember(folders, *answer)
    return answer


def _remember(folders: Profile, server: str, token: str) -> None:
    from agent_tui.sync.secrets import VARIABLE, keep_token

    keep_server(folders.config_file, server)
    problem = keep_token(server, token).problem
    words = i18n.texts().start
    typer.echo(
        words.no_keyring.format(problem=problem, variable=VARIABLE) if problem else words.kept, err=True
    )


def keep_server(file: Path, server: str) -> None:
    """Set `server` in the settings file, everything else stays as the person wrote it."""
    before = file.read_text("utf-8") if file.exists() else ""
    rest = re.sub(r"^server\s*=.*\n?", "", before, count=1, flags=re.MULTILINE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"server = {json.dumps(server)}\n{rest}", "utf-8")


def _settings(name: str, base: Path | None, lang: str) -> tuple[Profile, Settings]:
    folders = profile(name, base)
    try:
        settings = read_settings(folders.config_file)
    except SettingsError as error:
        _fail(str(error))
    i18n.choose(lang or settings.language or i18n.language_of_system())
    return folders, settings


def _with_theme(settings: Settings, theme: str) -> Settings:
    import msgspec

    if not theme:
        return settings
    try:
        return msgspec.convert({**msgspec.to_builtins(settings), "theme": theme}, Settings)
    except msgspec.ValidationError as error:
        _fail(f"--theme: {error}")


def _good_address(server: str) -> str:
    if not re.match(r"https?://[^/\s]+", server.strip()):
        _fail(i18n.texts().dialog.welcome_bad_server)
    return server.strip().rstrip("/")


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    sys.exit(2)
