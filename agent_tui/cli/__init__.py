"""The command line: one module a command group, every heavy import inside the function that needs it.

A group is a module of this package with a `CommandGroup()` or functions that `commands` lists; what its help
page says stands in `help_words.toml`. Start reading at `main`.
"""

import sys


def main() -> None:
    """Run the `agent-tui` command; without a subcommand nothing is imported that the screen does not need."""
    from agent_tui.cli.edge import worded
    from agent_tui.cli.language import take_language
    from agent_tui.cli.workstation import open_workstation, options_of

    with worded():
        words = take_language(sys.argv[1:])
        options = options_of(words)
        if options is not None:
            open_workstation(**options)
            return
    from agent_tui.cli.commands import app_for

    app_for(words[0])()
