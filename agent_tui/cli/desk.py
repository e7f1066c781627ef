"""`agent-tui` and `agent-tui login`: the workstation, connected to a team's server."""

import re
from pathlib import Path

import typer

from agent_tui import i18n
from agent_tui.cli.workstation import fail, open_workstation, remember, settings_of

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
    folders, settings = settings_of(profile, base, lang)
    words = i18n.texts().dialog
    address = _good_address(server or settings.server or typer.prompt(words.welcome_server))
    token = typer.prompt(words.welcome_token, hide_input=True).strip()
    if not token:
        fail(words.token_wrong)
    remember(folders, address, token)


def _good_address(server: str) -> str:
    if not re.match(r"https?://[^/\s]+", server.strip()):
        fail(i18n.texts().dialog.welcome_bad_server)
    return server.strip().rstrip("/")
