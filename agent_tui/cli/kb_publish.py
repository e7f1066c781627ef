"""`agent-tui kb publish|versions|rollback`: a team's folder on every desk, and back, as a lead does it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_tui import i18n
from agent_tui.cli.kb_content import overridden, speaker
from agent_tui.cli.line import ServerOption, ask
from agent_tui.cli.said import NOT_SO, CommandWords, aligned, confirmed, end, json_of
from agent_tui.domain.team_content import (
    MOST_NOTE,
    SHOP_FILE,
    ContentFile,
    ContentIn,
    ContentVersion,
    EntryDifference,
    RollbackIn,
    TeamContent,
    before,
    content_digest,
    content_size,
    text_at,
    with_file,
)

Json = Annotated[bool, typer.Option("--json")]
Yes = Annotated[bool, typer.Option("--yes", "-y")]
Note = Annotated[str, typer.Option("--note")]
_SIGNS = {"added": "+", "changed": "~", "removed": "-"}
_TOLD_HERE = frozenset({"content-changed", "bad-content", "unknown-version"})
say = CommandWords("publish")


def publish(
    folder: Annotated[Path, typer.Argument()],
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    note: Note = "",
    yes: Yes = False,
    server: ServerOption = "",
    as_json: Json = False,
) -> None:
    """Put a team's folder on every desk: checked first, compared with what is in force, then sent."""
    files = _read(folder, is_quiet=as_json)
    held, shared = _there(server, lead=not dry_run)
    _tell(overridden([_source_of(folder)], shared), is_quiet=as_json)
    files = _with_shop(files, held)
    changes = () if content_digest(files) == held.digest else _tell_changes(held, files, is_quiet=as_json)
    if not changes:
        _end_as(held, "as_before", is_json=as_json)
    if dry_run:
        typer.echo(json_of(changes) if as_json else say("dry_run"))
        return
    if not confirmed(say("sure"), is_agreed=yes):
        end(say("not_agreed"), NOT_SO)
    form = ContentIn(base=held.version, files=files, note=note[:MOST_NOTE])
    _end_as(_sent(server, lambda line: line.content.publish(form)), "published", is_json=as_json)


def versions(server: ServerOption = "", as_json: Json = False) -> None:
    """List what was published: which version, when, by whom, with its note."""
    found = ask(server, lambda line: line.content.versions(), lead=False, refusals=_older())
    if as_json:
        typer.echo(json_of(found))
        return
    if not found:
        typer.echo(say("no_versions"))
        return
    head = tuple(say(f"col_{name}") for name in ("version", "at", "by", "count", "size", "note"))
    typer.echo("\n".join(aligned([head, *map(_row, found)])))


def rollback(
    version: Annotated[int | None, typer.Argument(min=0)] = None,
    note: Note = "",
    yes: Yes = False,
    server: ServerOption = "",
    as_json: Json = False,
) -> None:
    """Take everyone's content back to the version before, or to the one named; recorded as a new version."""
    held, _ = _there(server, lead=True)
    if not held.version:
        end(say("no_versions"))
    to = before(held) if version is None else version
    wanted = _sent(server, lambda line: line.content.version(to)) if to else TeamContent()
    if wanted.digest == held.digest or not _tell_changes(held, wanted.files, is_quiet=as_json):
        _end_as(held, "as_before", is_json=as_json)
    if not confirmed(say("sure_back", version=to), is_agreed=yes):
        end(say("not_agreed"), NOT_SO)
    form = RollbackIn(base=held.version, to=to, note=note[:MOST_NOTE])
    _end_as(_sent(server, lambda line: line.content.roll_back(form)), "back", is_json=as_json)


def _end_as(version: ContentVersion, key: str, *, is_json: bool) -> None:
    """End well, with what became of it."""
    shown = ContentVersion(**{name: getattr(version, name) for name in ContentVersion.__struct_fields__})
    words = say(key, version=version.version, restored=version.restored)
    typer.echo(json_of(shown) if is_json else words)
    raise typer.Exit


def _there(server: str, *, lead: bool) -> tuple[TeamContent, list[Any]]:
    """The content in force on the server, and what colleagues share beside it."""

    async def look(line: Any) -> tuple[TeamContent, list[Any]]:
        shared = [one for one in (await line.knowledge.entries(0)).entries if one.state == "shared"]
        return await line.content.version(None), shared

    return ask(server, look, lead=lead, refusals=_older())


def _older() -> dict[str, str]:
    return {code: say("older_server") for code in ("http-404", "not-found", "http-405")}


def _sent(server: str, work: Any) -> Any:
    """What the server answers; a refusal of the content ends the command in its own words."""
    from agent_tui.backends.base import Rejected

    async def asked(line: Any) -> Any:
        try:
            return await work(line)
        except Rejected as error:
            if error.code not in _TOLD_HERE:
                raise
            return error

    answer = ask(server, asked, lead=True)
    if isinstance(answer, Rejected):
        end(i18n.words_of(answer), NOT_SO)
    return answer


# -- what is published


def _read(folder: Path, *, is_quiet: bool) -> tuple[ContentFile, ...]:
    """The files of the folder; an error of the linter ends the command."""
    from agent_tui.knowledge.content.published import folder_files

    if not folder.is_dir():
        end(say("bad_folder", name=folder))
    files, unreadable = folder_files(folder)
    _expect_good(folder, unreadable, files, is_quiet=is_quiet)
    if not files:
        end(say("nothing_in", name=folder))
    return files


def _source_of(folder: Path) -> Any:
    from agent_tui.knowledge.content.sources import TEAM
    from agent_tui.knowledge.content.sources import folder as source_of

    return source_of(folder, TEAM)


def _expect_good(
    folder: Path, unreadable: Sequence[Any], files: Sequence[ContentFile], *, is_quiet: bool
) -> None:
    from agent_tui.knowledge.content.lint import lint
    from agent_tui.knowledge.content.shop import shop_in, shop_problems
    from agent_tui.knowledge.packs.lint import lint_packs

    source = _source_of(folder)
    contacts = {*speaker().contacts, *shop_in(files).contact}
    found = [*lint([source])[1], *lint_packs([source], contacts=tuple(contacts)), *shop_problems([folder])]
    found += [one for one in unreadable if one not in found]
    _tell(found, is_quiet=is_quiet)
    _tell_attachments(files)
    if any(one.severity == "error" for one in found):
        end(say("not_published"), NOT_SO)


def _tell(found: Sequence[Any], *, is_quiet: bool) -> None:
    """Say what was found beside what is asked for; a script is told of errors only."""
    from agent_tui.knowledge.content.problems import said

    for one in found:
        if one.severity == "error" or not is_quiet:
            typer.echo(f"[{say(one.severity)}] {said(one)}", err=True)


def _tell_attachments(files: Sequence[ContentFile]) -> None:
    from agent_tui.knowledge.content.published import read_files

    names = [one.snippet.file for one in read_files(files).snippets if one.snippet.file]
    if names:
        typer.echo(f"[{say('warning')}] {say('attachment', names=', '.join(names))}", err=True)


def _with_shop(files: tuple[ContentFile, ...], held: TeamContent) -> tuple[ContentFile, ...]:
    """A folder that says nothing of the shop leaves what is said of it."""
    kept = text_at(held.files, SHOP_FILE)
    return (
        files if kept is None or text_at(files, SHOP_FILE) is not None else with_file(files, SHOP_FILE, kept)
    )


# -- what would change


def _tell_changes(
    held: TeamContent, files: Sequence[ContentFile], *, is_quiet: bool
) -> tuple[EntryDifference, ...]:
    """Every entry that would change, with its lines before and after."""
    from agent_tui.knowledge.content.comparison import diff_lines, differences, entries_by_id

    changes = differences(held.files, files)
    if is_quiet:
        return changes
    by, at = (held.by.name if held.by else ""), _clock(held.at)
    key = "against" if held.version else "against_nothing"
    typer.echo(say(key, version=held.version, by=by, at=at))
    old, new = entries_by_id(held.files), entries_by_id(files)
    for one in changes:
        typer.echo(f"{_SIGNS[one.change]} {say(one.change)} {one.id}  {one.title}")
        for line in diff_lines(one, old, new):
            typer.echo(f"    {line}")
    counts = {change: sum(one.change == change for one in changes) for change in _SIGNS}
    typer.echo(say("counts", **counts, count=len(files), size=-(-content_size(files) // 1000)))
    return changes


def _row(one: ContentVersion) -> tuple[str, ...]:
    back = "" if one.restored is None else say("restored", version=one.restored)
    note = " · ".join(filter(None, (back, one.note)))
    size = f"{-(-one.size // 1000)} KB"
    return f"v{one.version}", _clock(one.at), one.by.name if one.by else "", str(one.count), size, note


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else ""
