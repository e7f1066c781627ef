"""`agent-tui pack list|publish|revoke`: the packs that helpers work with, as a lead changes them."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_tui.cli.kb_content import speaker
from agent_tui.cli.line import ServerOption, ask
from agent_tui.cli.pack_content import Content, Json, entries_of, file_of, pack_of, say, sources_of
from agent_tui.cli.said import NOT_SO, aligned, confirmed, end, json_of

Yes = Annotated[bool, typer.Option("--yes", "-y")]


def list_(server: ServerOption = "", as_json: Json = False) -> None:
    """List the packs in force on the server."""
    packs = ask(server, lambda line: line.staff.packs(), lead=False)
    if as_json:
        typer.echo(json_of(packs))
        return
    head = ("col_id", "col_version", "col_title", "col_origin", "col_by", "col_at")
    rows = [tuple(say(key) for key in head), *map(_row, packs)]
    typer.echo("\n".join(aligned(rows)))


def _row(pack: Any) -> tuple[str, ...]:
    at = f"{pack.at.astimezone():%Y-%m-%d %H:%M}" if pack.at else ""
    return pack.id, str(pack.version), pack.title, say(f"origin_{pack.origin.replace('-', '_')}"), pack.by, at


def publish(
    pack: Annotated[str, typer.Argument()],
    yes: Yes = False,
    server: ServerOption = "",
    content: Content = None,
    as_json: Json = False,
) -> None:
    """Put a pack in force: checked first, compared with what is in force, then on every screen."""
    sources = sources_of(content)
    file = file_of(pack, sources)
    placed, text = _read(file)
    former, shared = ask(server, lambda line: _before(line, placed.pack.id), lead=True)
    entries = entries_of(sources, shared)
    _expect_good(placed, entries)
    if former is not None and former.text == text:
        typer.echo(
            json_of(former) if as_json else say("as_before", title=placed.pack.title, version=former.version)
        )
        return
    if not as_json:
        _tell_changes(former, placed.pack, entries)
    _agree(_missing(placed.pack, entries, shared), is_agreed=yes)
    unread = {"bad-pack": say("bad_at_server")}
    made = ask(server, lambda line: line.staff.publish(placed.pack.id, text), lead=True, refusals=unread)
    typer.echo(
        json_of(made) if as_json else say("published", title=made.title, version=made.version, id=made.id)
    )


def _read(file: Path) -> tuple[Any, str]:
    """The pack of a file, and the text that is sent; else the command ends."""
    from agent_tui.domain.text import clean
    from agent_tui.knowledge.content.problems import said
    from agent_tui.knowledge.packs.reading import read_pack

    placed, problems = read_pack(file)
    if placed is None:
        end("\n".join([say("bad_pack", name=file), *map(said, problems)]))
    return placed, clean(file.read_text("utf-8-sig"))


async def _before(line: Any, id: str) -> tuple[Any, Any]:
    """The pack that is in force under an id, none if there is none, and what colleagues share."""
    from agent_tui.backends.base import Rejected

    shared = [one for one in (await line.knowledge.entries(0)).entries if one.state == "shared"]
    try:
        return await line.staff.pack(id), shared
    except Rejected as error:
        if error.code != "unknown-pack":
            raise
        return None, shared


def _expect_good(placed: Any, entries: dict[str, Any]) -> None:
    """Say what the linter finds; an error ends the command."""
    from agent_tui.knowledge.content.problems import said
    from agent_tui.knowledge.packs.lint import lint_all

    today = date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    found = list(lint_all([placed], entries, today, tuple(speaker().contacts)))
    for one in found:
        typer.echo(f"[{say(one.severity)}] {said(one)}", err=True)
    if any(one.severity == "error" for one in found):
        end(say("not_published"), NOT_SO)


def _tell_changes(former: Any, pack: Any, entries: dict[str, Any]) -> None:
    """What is different from the version in force, in sentences."""
    from agent_tui.knowledge.packs.diff import pack_diff

    if former is None:
        typer.echo(say("first", title=pack.title))
        return
    before = pack_of(former)
    titles = {entry.id: entry.title for entry in entries.values()}
    typer.echo(say("against", title=before.title, version=before.version))
    for change in pack_diff(before, pack, titles) or (say("words_only"),):
        typer.echo(f"· {change}")


def _missing(pack: Any, entries: dict[str, Any], shared: list[Any]) -> list[str]:
    """The answers whose entries neither come with the product nor are shared: a helper may not have them."""
    from agent_tui.knowledge.content.sources import built_in, load

    there = {one.id for one in load([built_in()]).entries} | {one.id for one in shared}
    lacking = [answer.entry for answer in pack.answers if answer.entry not in there]
    return [f"{id}  {entries[id].title}" if id in entries else id for id in lacking]


def _agree(missing: list[str], *, is_agreed: bool) -> None:
    """Warn of answers that helpers may not see; the command ends unless that is agreed to."""
    if not missing:
        return
    typer.echo(say("lacking", count=len(missing)), err=True)
    for line in missing:
        typer.echo(f"  {line}", err=True)
    if not confirmed(say("publish_anyway"), is_agreed=is_agreed):
        end(say("not_published_yes"), NOT_SO)


def revoke(
    pack: Annotated[str, typer.Argument()],
    yes: Yes = False,
    server: ServerOption = "",
    as_json: Json = False,
) -> None:
    """Take a published pack out of force: helpers with it get no new customers until another is published."""
    packs, helpers = ask(server, _look, lead=True)
    held = next((one for one in packs if one.id == pack), None)
    if held is None or held.origin == "built-in":
        known = [one.id for one in packs if one.origin != "built-in"]
        key = "is_built_in" if held is not None else "not_published_id" if known else "none_published"
        end(say(key, name=pack, known=", ".join(known)))
    if users := [one.name for one in helpers if one.pack == pack and one.expires_at is not None]:
        typer.echo(say("in_use", title=held.title, names=say("comma").join(users)), err=True)
    if not confirmed(say("revoke_sure", title=held.title, version=held.version), is_agreed=yes):
        end(say("not_revoked"), NOT_SO)
    gone = ask(server, lambda line: line.staff.revoke_pack(pack), lead=True)
    typer.echo(json_of(gone) if as_json else say("revoked", title=gone.title, version=gone.version, id=pack))


async def _look(line: Any) -> tuple[Any, Any]:
    return await line.staff.packs(), await line.staff.helpers()
