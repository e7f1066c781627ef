"""`agent-tui` and `agent-tui login`: the workstation, connected to a team's server."""

import os
import re
import socket
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import typer

from agent_tui import i18n
from agent_tui.cli.said import secret
from agent_tui.cli.workstation import fail, keep_server, open_workstation, settings_of
from agent_tui.settings import APP, version
from agent_tui.sync.secrets import VARIABLE, find_token, is_from_environment, keep_token

_PATIENCE = 3.0
ServerOption = typer.Option("", "--server")
ProfileOption = typer.Option("default", "--profile")
ThemeOption = typer.Option("", "--theme")
BaseOption = typer.Option(None, "--base", hidden=True)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"{APP} {version()}")
        raise typer.Exit


VersionOption = typer.Option(False, "--version", callback=_show_version, is_eager=True)


def root(
    context: typer.Context,
    server: str = ServerOption,
    profile: str = ProfileOption,
    theme: str = ThemeOption,
    base: Path | None = BaseOption,
    _version: bool = VersionOption,
) -> None:
    """A keyboard-driven terminal workstation for customer service on promotion days."""
    if context.invoked_subcommand is None:
        open_workstation(server=server, profile=profile, theme=theme, base=base)


def login(
    server: str = ServerOption,
    profile: str = ProfileOption,
    base: Path | None = BaseOption,
) -> None:
    """Keep the server's address and a token on this machine; the token goes into the system's keyring."""
    folders, settings = settings_of(profile, base)
    words = i18n.texts().dialog
    address = _good_address(server or settings.server or typer.prompt(words.welcome_server))
    keep_server(folders.config_file, address)
    if is_from_environment():
        typer.echo(i18n.texts().start.login_variable.format(variable=VARIABLE), err=True)
        return
    # Before it is typed: nobody should look for a token that then goes nowhere.
    problem = find_token(address).problem or keep_token(address, secret(words.welcome_token)).problem
    if problem:
        if not _is_answered(address):
            # Neither a token nor a server: the next start must not wait for nobody.
            keep_server(folders.config_file, settings.server)
        _say_lost(problem)
    typer.echo(i18n.texts().start.kept, err=True)


def _say_lost(problem: str) -> NoReturn:
    """End with what works on a machine that keeps no token."""
    remedy = f"$env:{VARIABLE} = Read-Host" if os.name == "nt" else f"read -rs {VARIABLE}; export {VARIABLE}"
    words = i18n.texts().start.login_no_keyring.strip()
    typer.echo(words.format(problem=problem, remedy=remedy), err=True)
    raise typer.Exit(1)


def _is_answered(address: str) -> bool:
    """Whether anybody listens there."""
    place = urlsplit(address)
    try:
        port = place.port or (443 if place.scheme == "https" else 80)
        socket.create_connection((place.hostname or "", port), _PATIENCE).close()
    except (OSError, ValueError):
        return False
    return True


def _good_address(server: str) -> str:
    if not re.match(r"https?://[^/\s]+", server.strip()):
        fail(i18n.texts().dialog.welcome_bad_server)
    return server.strip().rstrip("/")
