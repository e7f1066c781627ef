"""`agent-tui pack`: knowledge packs (最小可行知识包) as an editor and a lead handle them."""

from pathlib import Path
from typing import Annotated

import typer

from agent_tui import i18n
from agent_tui.cli import pack_build, pack_server
from agent_tui.cli.kb_content import speaker
from agent_tui.cli.line import ServerOption
from agent_tui.cli.pack_content import (
    AT_SERVER,
    Content,
    Json,
    entries_of,
    load,
    placed_of,
    say,
    sources_of,
)
from agent_tui.cli.program import CommandGroup
from agent_tui.cli.said import end, json_of, write_out

app = CommandGroup(
    no_args_is_help=True,
)


@app.command()
def check(
    packs: Annotated[list[str] | None, typer.Argument()] = None,
    content: Content = None,
    as_json: Json = False,
) -> None:
    """Hold packs to 20/5/3, living references, dates and lengths; exit 1 when there is an error."""
    from datetime import date

    from agent_tui.knowledge.content.problems import said
    from agent_tui.knowledge.packs.lint import lint_all

    sources = sources_of(content)
    placed, problems = placed_of(packs or (), sources)
    today = date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    problems += lint_all(placed, entries_of(sources), today, tuple(speaker().contacts))
    errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        typer.echo(json_of(problem) if as_json else f"[{say(problem.severity)}] {said(problem)}")
    if not as_json:
        typer.echo(say("checked", packs=len(placed), errors=errors, warnings=len(problems) - errors))
    raise typer.Exit(1 if errors else 0)


@app.command()
def diff(
    old: Annotated[str, typer.Argument()],
    new: Annotated[str, typer.Argument()] = "",
    server: ServerOption = "",
    content: Content = None,
    as_json: Json = False,
) -> None:
    """Say in sentences what changed between two versions of a pack; server:ID is the one in force there."""
    from agent_tui.knowledge.packs.diff import pack_diff

    sources = sources_of(content)
    after = load(new or old, sources, server)
    before = load(old if new else f"{AT_SERVER}{after.id}", sources, server)
    titles = {entry.id: entry.title for entry in entries_of(sources).values()}
    changes = pack_diff(before, after, titles)
    if as_json:
        typer.echo(json_of({"old": before.version, "new": after.version, "changes": changes}))
        return
    typer.echo(say("versions", title=after.title, old=before.version, new=after.version))
    for change in changes or (say("same"),):
        typer.echo(f"· {change}")


@app.command("print")
def print_(
    pack: Annotated[str, typer.Argument()],
    out: Annotated[Path | None, typer.Option("--out")] = None,
    server: ServerOption = "",
    content: Content = None,
) -> None:
    """Write a pack as two A4 pages for the desk, in HTML that needs nothing from outside."""
    from agent_tui.knowledge.packs.sheet import pack_sheet

    sources = sources_of(content)
    contacts = {
        role: " ".join(filter(None, (who.name, who.phone))) for role, who in speaker().contacts.items()
    }
    html = pack_sheet(load(pack, sources, server), entries_of(sources), contacts)
    try:
        is_file = write_out(html, out)
    except OSError as error:
        end(i18n.words_of_system(error))
    if is_file:
        typer.echo(say("printed", file=out), err=True)


app.command()(pack_build.build)
app.command("list")(pack_server.list_)
app.command()(pack_server.publish)
app.command()(pack_server.revoke)
