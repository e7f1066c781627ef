"""The list of subcommands; only the module of the one that is asked for is imported."""

from importlib import import_module

import typer

from agent_tui.cli import desk
from agent_tui.cli.program import CommandGroup, Program
from agent_tui.settings import APP

# name: (module of this package, its Typer or function)
COMMANDS = {
    "login": ("desk", "login"),
    "demo": ("demo", "app"),
    "serve": ("serve", "app"),
    "web": ("web", "web"),
    "sim": ("sim", "sim"),
    "kb": ("kb", "app"),
    "pack": ("pack", "app"),
    "helper": ("helper", "app"),
    "drill": ("helper", "drill"),
}


def app_for(asked: str = "") -> typer.Typer:
    """The program with the subcommand `asked`, with all of them for anything else, such as `--help`."""
    app = CommandGroup(name=APP, cls=Program)
    app.callback(invoke_without_command=True)(desk.root)
    for name, (module, member) in COMMANDS.items():
        if asked == name or asked not in COMMANDS:
            found = getattr(import_module(f"agent_tui.cli.{module}"), member)
            if isinstance(found, typer.Typer):
                app.add_typer(found, name=name)
            else:
                app.command(name)(found)
    return app
