"""What `agent-tui kb` reads: the folders of content, where its index is kept, and what is wrong with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from agent_tui import settings
from agent_tui.cli.said import told


def cache_folder() -> Path:
    """Where indexes are kept."""
    return settings.profile().cache_dir / "knowledge"


def sources_of(content: Sequence[Path] | None) -> list[Any]:
    """The folders asked for and nothing else, or what a desk on this machine reads."""
    from agent_tui.knowledge.content.sources import everyday, folder

    if content:
        return [folder(path) for path in content]
    team = [Path(path).expanduser() for path in told().content]
    return everyday(team, settings.profile().data_dir)


def warn(problems: Sequence[Any]) -> None:
    """Say what is wrong with the content, beside what was asked for."""
    from agent_tui.knowledge.content.problems import said

    for problem in problems:
        typer.echo(said(problem), err=True)
