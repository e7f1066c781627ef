"""`agent-tui serve`: run a server, and say who may come in."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_tui import i18n
from agent_tui.cli.program import CommandGroup
from agent_tui.cli.said import need_extra
from agent_tui.domain.models import Role
from agent_tui.errors import BadSettings

app = CommandGroup(invoke_without_command=True, no_args_is_help=False)
token = CommandGroup(no_args_is_help=True)
channel = CommandGroup(no_args_is_help=True)
app.add_typer(token, name="token")
app.add_typer(channel, name="channel")

Data = Annotated[Path | None, typer.Option("--data")]
Url = Annotated[
    str | None,
    typer.Option("--database"),
]
Json = Annotated[bool, typer.Option("--json")]


def _data(data: Path | None) -> Path:
    if data is not None:
        return data
    import platformdirs

    return platformdirs.user_data_path("agent-tui", appauthor=False) / "server"


@app.callback()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8765,
    database: Url = None,
    data: Data = None,
    policy: Annotated[Path | None, typer.Option()] = None,
    rate: Annotated[float, typer.Option(min=1)] = 300.0,
    outgoing: Annotated[Path | None, typer.Option()] = None,
    learn_after: Annotated[int, typer.Option(min=1)] = 200,
    learn_minutes: Annotated[float, typer.Option(min=0)] = 10.0,
    keep_hours: Annotated[float, typer.Option(min=0.001)] = 72.0,
    web: Annotated[str, typer.Option()] = "",
) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    need_extra("serve", "server")
    if context.invoked_subcommand is not None:
        return
    from agent_tui.server.context import ServerLimits
    from agent_tui.server.http.app import ServerOptions
    from agent_tui.server.http.process import run
    from agent_tui.server.learning.training import TrainingSchedule

    options = ServerOptions(
        data=_data(data),
        host=host,
        port=port,
        database=database,
        policy=_policy(policy),
        outgoing=outgoing,
        pace=TrainingSchedule(usages=learn_after, seconds=learn_minutes * 60),
        limits=ServerLimits(rate=rate, burst=rate * 2, keep_seconds=keep_hours * 3600),
        web=_page(web),
    )
    run(options, lambda url: typer.echo(f"agent-tui server ready on {url}"))


def _page(web: str) -> str:
    if web and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", web):
        raise BadSettings("bad-page-address", option="--web", value=web)
    return web


def _policy(file: Path | None) -> Any:
    from agent_tui.domain.policy import Policy, read_policy

    return Policy() if file is None else read_policy(file.read_bytes(), str(file))


def _with_admin(data: Path | None, database: str | None, work: Any) -> Any:
    from agent_tui.server.admin import Admin

    async def run() -> Any:
        async with Admin(_data(data), database) as admin:
            return await work(admin)

    return asyncio.run(run())


def _show_json(value: Any) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


@token.command("create")
def create_token(
    name: Annotated[str, typer.Option()],
    role: Annotated[Role, typer.Option()] = Role.AGENT,
    team: Annotated[str | None, typer.Option()] = None,
    data: Data = None,
    database: Url = None,
    json: Json = False,
) -> None:
    """Make a token; it is shown once."""
    made = _with_admin(data, database, lambda admin: admin.create_token(name, role, team))
    if json:
        _show_json(made)
    else:
        typer.echo(f"{made.name} ({i18n.texts().common.roles[made.role]}): {made.token}")


@token.command("list")
def list_tokens(data: Data = None, database: Url = None, json: Json = False) -> None:
    """List tokens by their ids."""
    rows = _with_admin(data, database, lambda admin: admin.tokens())
    if json:
        _show_json(rows)
        return
    for row in rows:
        ended = f"  {i18n.texts().start.token_revoked}" if row.revoked else ""
        typer.echo(f"{row.token_id}  {i18n.texts().common.roles[row.role]}  {row.name}{ended}")


@token.command("revoke")
def revoke_token(
    id: Annotated[str, typer.Argument()],
    data: Data = None,
    database: Url = None,
) -> None:
    """End a token."""
    if not _with_admin(data, database, lambda admin: admin.revoke_token(id)):
        raise BadSettings("no-token-id", id=id)
    typer.echo(i18n.texts().start.token_ended.format(id=id))


@channel.command("create")
def create_channel(
    name: Annotated[str, typer.Option()],
    webhook: Annotated[str, typer.Option()],
    data: Data = None,
    database: Url = None,
    json: Json = False,
) -> None:
    """Make a channel, or give an existing one another webhook and one token more."""
    made = _with_admin(data, database, lambda admin: admin.create_channel(name, webhook))
    if json:
        _show_json(made)
    else:
        words = i18n.texts().start.channel_made
        typer.echo(words.format(name=made.name, token=made.token, secret=made.secret))


@channel.command("list")
def list_channels(data: Data = None, database: Url = None) -> None:
    """List channels and their webhooks."""
    for name, webhook in _with_admin(data, database, lambda admin: admin.channels()):
        typer.echo(f"{name}  {webhook}")
