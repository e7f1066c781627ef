"""`agent-tui` and `agent-tui login`: the workstation, connected to a team's server."""

import os
import re
from pathlib import Path
from typing import NoReturn

import typer

from agent_tui import i18n
from agent_tui.cli.workstation import fail, keep_server, open_workstation, settings_of
from agent_tui.sync.secrets import VARIABLE, find_token, is_from_environment, keep_token

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
    keep_server(folders.config_file, address)
    if is_from_environment():
        typer.echo(i18n.texts().start.login_variable.format(variable=VARIABLE), err=True)
        return
    # Before it is typed: nobody should look for a token that then goes nowhere.
    if problem := find_token(address).problem:
        _say_lost(problem)
    token = typer.prompt(words.welcome_token, hide_input=True).strip()
    if not token:
        fail(words.token_wrong)
    if problem := keep_token(address, token).problem:
        _say_lost(problem)
    typer.echo(i18n.texts().start.kept, err=True)


def _say_lost(problem: str) -> NoReturn:
    """End with what works on a machine that keeps no token."""
    remedy = f"$env:{VARIABLE} = Read-Host" if os.name == "nt" else f"read -rs {VARIABLE}; export {VARIABLE}"
    words = i18n.texts().start.login_no_keyring.strip()
    typer.echo(words.format(problem=problem, remedy=remedy), err=True)
    raise typer.Exit(1)


def _good_address(server: str) -> str:
    if not re.match(r"https?://[^/\s]+", server.strip()):
        fail(i18n.texts().dialog.welcome_bad_server)
    return server.strip().rstrip("/")
