"""What the pack commands read: packs by file, id or from the server, and the entries they refer to."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_tui import settings
from agent_tui.cli.line import ask
from agent_tui.cli.said import CommandWords, end, told

Content = Annotated[
    list[Path] | None,
    typer.Option("--content"),
]
Json = Annotated[bool, typer.Option("--json")]
# A name with this in front is the pack in force on the server.
AT_SERVER = "server:"
say = CommandWords("pack")


def sources_of(content: Iterable[Path] | None) -> list[Any]:
    """What a desk on this machine reads, and the folders named beside it."""
    from agent_tui.knowledge.content.sources import everyday, folder

    team = [Path(path).expanduser() for path in told().content]
    return [*everyday(team, settings.profile().data_dir), *(folder(path) for path in content or ())]


def entries_of(sources: Sequence[Any], shared: Iterable[Any] = ()) -> dict[str, Any]:
    """The entries of `sources` by id, and those that colleagues share."""
    from agent_tui.knowledge.content.shared import entries_of as shown
    from agent_tui.knowledge.content.sources import load

    held = {entry.id: entry for entry in shown(shared)}
    return {entry.id: entry for entry in load(sources).entries} | held


def placed_of(wanted: Sequence[str], sources: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The packs asked for with their places, or every one there is, and what cannot be read."""
    from agent_tui.knowledge.packs.reading import read_pack, read_packs

    placed: list[Any] = []
    problems: list[Any] = []
    if not wanted:
        for folder in _folders(sources):
            found, faults = read_packs(folder)
            placed += found
            problems += faults
        return placed, problems
    for name in wanted:
        one, faults = read_pack(file_of(name, sources))
        placed += [one] if one is not None else []
        problems += faults
    return placed, problems


def load(name: str, sources: Sequence[Any], server: str = "") -> Any:
    """The pack that `name` says: a file, an id, or with `server:` the one in force; else the command ends."""
    from agent_tui.knowledge.content.problems import said
    from agent_tui.knowledge.packs.reading import read_pack

    if name.startswith(AT_SERVER):
        return in_force(name.removeprefix(AT_SERVER), server)
    placed, problems = read_pack(file_of(name, sources))
    if placed is None:
        end("\n".join([say("bad_pack", name=name), *map(said, problems)]))
    return placed.pack


def in_force(id: str, server: str) -> Any:
    """The pack in force on the server, with the server's version."""
    none = say("not_at_server", name=id)
    text = ask(server, lambda line: line.staff.pack(id), lead=False, refusals={"unknown-pack": none})
    return pack_of(text)


def pack_of(text: Any) -> Any:
    """The pack in what the server answered, with the server's version."""
    from msgspec.structs import replace

    from agent_tui.knowledge.content.problems import said
    from agent_tui.knowledge.packs.reading import parse_pack

    placed, problems = parse_pack(text.text, f"{AT_SERVER}{text.id}")
    if placed is None:
        end("\n".join([say("bad_pack", name=f"{AT_SERVER}{text.id}"), *map(said, problems)]))
    return replace(placed.pack, version=text.version)


def file_of(name: str, sources: Sequence[Any]) -> Path:
    """The file that `name` says or whose pack has this id, the later source first."""
    from agent_tui.knowledge.packs.reading import SUFFIXES, read_packs

    if name.endswith(SUFFIXES):
        return Path(name)
    known: dict[str, Path] = {}
    for folder in _folders(sources):
        known |= {one.pack.id: Path(one.file) for one in read_packs(folder)[0]}
    if name not in known:
        end(say("no_pack", name=name, known=", ".join(sorted(known))))
    return known[name]


def _folders(sources: Sequence[Any]) -> list[Path]:
    from agent_tui.knowledge.packs.lint import pack_folders

    return pack_folders(sources)
