"""The command line: one module a command group, every heavy import inside the function that needs it.

A group is a module of this package with a `typer.Typer()` or functions that `commands` lists. Start reading
at `main`.
"""

import sys


def main() -> None:
    """Run the `agent-tui` command; without a subcommand nothing is imported that the screen does not need."""
    from agent_tui.cli.workstation import open_workstation, options_of

    options = options_of(sys.argv[1:])
    if options is None:
        from agent_tui.cli.commands import app_for

        app_for(sys.argv[1])()
    else:
        open_workstation(**options)
