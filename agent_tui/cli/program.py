"""The command line as a program: its language, its help pages and errors in words, how it ends."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from agent_tui.cli.edge import worded
from agent_tui.cli.help_page import help_page
from agent_tui.cli.language import take_language
from agent_tui.cli.usage import say, usage_error
from agent_tui.settings import APP

F = TypeVar("F", bound=Callable[..., Any])


class WordedCommand(TyperCommand):
    """A command whose help page is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The page in the language in use."""
        formatter.write(help_page(ctx))


class WordedGroup(TyperGroup):
    """A group whose help page is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The page in the language in use."""
        formatter.write(help_page(ctx))


class Program(WordedGroup):
    """The whole command line."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> Any:
        """Run what is typed and end with its status; every error in words."""
        with worded():
            if args is None:
                # Left to typer, which expands `*.md` on Windows.
                sys.argv[1:] = take_language(sys.argv[1:])
            else:
                args = take_language(args)
            sys.exit(self._run(args))

    def _run(self, args: Sequence[str] | None) -> int:
        try:
            status = super().main(args, APP, standalone_mode=False)
        except typer.TyperException as error:
            typer.echo(usage_error(error), err=True)
            return int(error.exit_code)
        except typer.Abort:
            typer.echo(say("stopped"), err=True)
            return 1
        return status if isinstance(status, int) else 0


class CommandGroup(typer.Typer):
    """A group of commands with help pages of ours; a command's function says what it does, the page how."""

    def __init__(self, **told: Any) -> None:
        look = {"cls": WordedGroup, "add_completion": False, "pretty_exceptions_enable": False}
        super().__init__(**{**look, **told})

    def command(self, name: str | None = None, **told: Any) -> Callable[[F], F]:
        """Register a command."""
        return super().command(name, **{"cls": WordedCommand, **told})
