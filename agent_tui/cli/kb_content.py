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
    from agent_tui.knowledge.content.published import PublishedSource
    from agent_tui.knowledge.content.sources import everyday, folder, stacked

    if content:
        return [folder(path) for path in content]
    team = [Path(path).expanduser() for path in told().content]
    published = PublishedSource(kept)()
    return list(stacked(everyday(team, settings.profile().data_dir), published))


def kept(data_dir: Path | None = None) -> Any:
    """What the team has published, as the desk of this machine, or of this folder, heard of it last."""
    import msgspec

    from agent_tui.domain.team_content import KEPT_FILE, TeamContent
    from agent_tui.sync.team_content import kept_content

    try:
        return kept_content(((data_dir or settings.profile().data_dir) / KEPT_FILE).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return TeamContent()


def speaker() -> Any:
    """Who speaks where nobody does: for the shop as the team and this person say it is."""
    from agent_tui.knowledge.content.shop import with_team
    from agent_tui.knowledge.templates.values import Speaker

    values = with_team(told(), kept().files)
    return Speaker(shop=values.shop, contacts=values.contact, policy=values.policy)


def overridden(sources: Sequence[Any], shared: Sequence[Any] = ()) -> list[Any]:
    """A notice for each entry of `sources` that takes another's place, and for each of this person's own and
    of those that colleagues share."""
    from agent_tui.knowledge.content.overrides import overrides
    from agent_tui.knowledge.content.shared import entries_of
    from agent_tui.knowledge.content.sources import OWN, SERVER, Source, folder, own_folder

    mine = own_folder(settings.profile().data_dir)
    above = [Source(origin=SERVER, entries=tuple(entries_of(shared)))]
    return list(overrides(sources, [*above, *([folder(mine, OWN)] if mine.is_dir() else [])]))


def warn(problems: Sequence[Any]) -> None:
    """Say what is wrong with the content, beside what was asked for."""
    from agent_tui.knowledge.content.problems import said

    for problem in problems:
        typer.echo(said(problem), err=True)
