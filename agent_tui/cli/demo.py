"""`agent-tui demo`: a promotion day in full swing on this machine, with a server to stop and start."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import typer

from agent_tui import i18n
from agent_tui.cli.demo_keeper import SEATS, DemoHome, DemoKeeper, DemoState, keeping
from agent_tui.cli.program import CommandGroup
from agent_tui.cli.said import need_extra
from agent_tui.cli.workstation import need_terminal, open_workstation

app = CommandGroup(invoke_without_command=True, no_args_is_help=False)
server_app = CommandGroup(no_args_is_help=True)
app.add_typer(server_app, name="server")

START_SECONDS = 90.0
DataOption = typer.Option(None, "--data", envvar="AGENT_TUI_DEMO")


def home_at(data: Path | None) -> DemoHome:
    """The demo's folder, the system's usual place when none is given."""
    if data is None:
        from agent_tui.settings import profile

        data = profile("demo").data_dir
    return DemoHome(data)


@app.callback()
def demo(
    context: typer.Context,
    data: Path | None = DataOption,
    lead: bool = typer.Option(False, "--lead"),
) -> None:
    """Open the workstation on a promotion day; in another terminal, join it as the next agent."""
    context.obj = home = home_at(data)
    if context.invoked_subcommand is not None:
        return
    need_extra("demo", "server")
    need_terminal()
    taken = home.take_seat()
    if taken is None:
        _fail(i18n.texts().demo.full.format(count=len(SEATS)))
    number, lock = taken
    try:
        state = ensure_running(home)
        _sit_down(home, state, number, lead)
    finally:
        lock.release()


@server_app.command("stop")
def stop(context: typer.Context) -> None:
    """Stop the demo's server: what a person sees when the line is down."""
    _want(context.obj, up=False)


@server_app.command("start")
def start(context: typer.Context) -> None:
    """Start the demo's server again."""
    _want(context.obj, up=True)


@app.command("keep", hidden=True)
def keep(context: typer.Context) -> None:
    """Keep the demo going (started by `demo`)."""
    import asyncio

    with keeping(context.obj) as is_keeper:
        if is_keeper:
            asyncio.run(DemoKeeper(context.obj).run())


def ensure_running(home: DemoHome) -> DemoState:
    """The running demo's state; starts one when none runs, and waits until it is ready."""
    words = i18n.texts().demo
    deadline = time.monotonic() + START_SECONDS
    if not home.is_running():
        typer.echo(words.starting)
        _spawn_keeper(home)
    while time.monotonic() < deadline:
        state = home.state()
        if state is not None and state.stage == "failed":
            _fail(words.failed.format(error=state.error, log=home.log))
        if state is not None and state.stage == "ready" and home.is_running():
            return state
        time.sleep(0.1)  # noqa: TID251 - another process writes the state
    return _fail(words.failed.format(error=f"{START_SECONDS:.0f} s", log=home.log))


def _spawn_keeper(home: DemoHome) -> None:
    # Its own session, so that Ctrl+C or a closed terminal ends a workstation and not the day.
    with home.log.open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "agent_tui", "demo", "--data", str(home.folder), "keep"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=os.name != "nt",
        )


def _sit_down(home: DemoHome, state: DemoState, number: int, lead: bool) -> None:
    import asyncio

    from agent_tui.domain.models import Role
    from agent_tui.server.admin import Admin

    async def token() -> str:
        async with Admin(home.server_data) as admin:
            return (await admin.create_token(SEATS[number], Role.LEAD if lead else Role.AGENT)).token

    open_workstation(
        server=state.server,
        token=asyncio.run(token()),
        profile=f"seat-{number}",
        base=home.profiles,
    )
    typer.echo(i18n.texts().demo.left)


def _want(home: DemoHome, *, up: bool) -> None:
    words = i18n.texts().demo
    if not home.is_running():
        _fail(words.not_running)
    home.want_server(up=up)
    typer.echo(words.server_started if up else words.server_stopped)


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)
