"""The command line: one module a command group, every heavy import inside the function that needs it.

A group is a module of this package with a `typer.Typer()` named `app` or functions registered below. Start
reading at `main`.
"""

import typer

from agent_tui.cli import demo, desk, helper, kb, pack, serve, sim

app = typer.Typer(
    name="agent-tui", no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False
)

app.command("sim")(sim.sim)
app.add_typer(serve.app, name="serve")
app.add_typer(demo.app, name="demo")
app.add_typer(kb.app, name="kb")
app.add_typer(pack.app, name="pack")
app.add_typer(helper.app, name="helper")
app.command("drill")(helper.drill)
app.callback(invoke_without_command=True)(desk.root)
app.command("login")(desk.login)


def main() -> None:
    """Run the `agent-tui` command."""
    app()
