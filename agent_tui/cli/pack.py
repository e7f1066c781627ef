"""`agent-tui pack`: check, compare, print and propose knowledge packs (最小可行知识包)."""

import sys
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from agent_tui import i18n, settings

app = typer.Typer(help="Knowledge packs for helpers: check, diff, print, build.", no_args_is_help=True)

Lang = Annotated[str, typer.Option("--lang", help="zh or en; the system's language when left out.")]
Content = Annotated[
    list[Path] | None,
    typer.Option("--content", help="A folder of entries beside the built-in ones; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


@app.command()
def check(
    packs: Annotated[list[str] | None, typer.Argument(help="Files or ids; all packs when left out.")] = None,
    content: Content = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Hold packs to 20/5/3, living references, dates and lengths; exit 1 when there is an error."""
    from datetime import date

    from agent_tui.knowledge.pack_lint import lint_all
    from agent_tui.knowledge.problems import said

    _speak(lang)
    sources = _sources(content)
    placed, problems = _placed(packs or (), sources)
    today = date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    problems += lint_all(placed, _entries(sources), today, tuple(_told().contact))
    errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        typer.echo(_json(problem) if as_json else f"[{_say(problem.severity)}] {said(problem)}")
    if not as_json:
        typer.echo(_say("checked", packs=len(placed), errors=errors, warnings=len(problems) - errors))
    raise typer.Exit(1 if errors else 0)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The former pack: a file or an id.")],
    new: Annotated[str, typer.Argument(help="The newer pack: a file or an id.")],
    content: Content = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Say in sentences what changed between two versions of a pack."""
    from agent_tui.knowledge.pack_diff import pack_diff

    _speak(lang)
    sources = _sources(content)
    before, after = _load(old, sources), _load(new, sources)
    titles = {entry.id: entry.title for entry in _entries(sources).values()}
    changes = pack_diff(before, after, titles)
    if as_json:
        typer.echo(_json({"old": before.version, "new": after.version, "changes": changes}))
        return
    typer.echo(_say("versions", title=after.title, old=before.version, new=after.version))
    for change in changes or (_say("same"),):
        typer.echo(f"· {change}")


@app.command("print")
def print_(
    pack: Annotated[str, typer.Argument(help="The pack: a file or an id.")],
    out: Annotated[Path | None, typer.Option("--out", help="The HTML file; standard output if none.")] = None,
    content: Content = None,
    lang: Lang = "",
) -> None:
    """Write a pack as two A4 pages for the desk, in HTML that needs nothing from outside."""
    from agent_tui.knowledge.pack_sheet import pack_sheet

    _speak(lang)
    sources = _sources(content)
    contacts = {role: " ".join(filter(None, (who.name, who.phone))) for role, who in _told().contact.items()}
    html = pack_sheet(_load(pack, sources), _entries(sources), contacts)
    if _write(html, out):
        typer.echo(_say("printed", file=out), err=True)


@app.command()
def build(
    usages: Annotated[Path, typer.Option("--usages", help="Usages, one JSON object a line.")],
    pack: Annotated[str, typer.Option("--pack", help="The pack to continue: a file or an id.")],
    out: Annotated[Path | None, typer.Option("--out", help="The pack file; standard output if none.")] = None,
    content: Content = None,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Propose a pack from what was really asked, as a file for an editor to change."""
    from agent_tui.knowledge.pack_build import asked_of, propose
    from agent_tui.knowledge.pack_write import write_proposal
    from agent_tui.knowledge.usage import read_usages

    _speak(lang)
    if not usages.is_file():
        _fail(_say("unreadable", file=usages, reason="ENOENT"))
    sources = _sources(content)
    base = _load(pack, sources)
    read, damaged, _ = read_usages(usages)
    proposal = propose(asked_of(read), _entries(sources), base)
    if damaged:
        typer.echo(_say("damaged", count=damaged), err=True)
    if as_json:
        _write(_json(proposal) + "\n", out)
    elif _write(write_proposal(proposal, base.title, base.language), out):
        shares = {"coverage": f"{proposal.coverage:.1%}", "former": f"{proposal.former:.1%}"}
        asked = {"count": proposal.count, "eligible": proposal.eligible}
        typer.echo(_say("built", file=out, **asked, **shares), err=True)


def _placed(wanted: Sequence[str], sources: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The packs asked for with their places, or every one there is, and what cannot be read."""
    from agent_tui.knowledge.pack_read import read_pack, read_packs

    placed: list[Any] = []
    problems: list[Any] = []
    if not wanted:
        for folder in _folders(sources):
            found, faults = read_packs(folder)
            placed += found
            problems += faults
        return placed, problems
    for name in wanted:
        one, faults = read_pack(_file(name, sources))
        placed += [one] if one is not None else []
        problems += faults
    return placed, problems


def _load(name: str, sources: Sequence[Any]) -> Any:
    from agent_tui.knowledge.pack_read import read_pack
    from agent_tui.knowledge.problems import said

    placed, problems = read_pack(_file(name, sources))
    if placed is None:
        _fail("\n".join([_say("bad_pack", name=name), *map(said, problems)]))
    return placed.pack


def _file(name: str, sources: Sequence[Any]) -> Path:
    """The file that `name` says or whose pack has this id, the later source first."""
    from agent_tui.knowledge.pack_read import SUFFIXES, read_packs

    if name.endswith(SUFFIXES):
        return Path(name)
    known: dict[str, Path] = {}
    for folder in _folders(sources):
        known |= {one.pack.id: Path(one.file) for one in read_packs(folder)[0]}
    if name not in known:
        _fail(_say("no_pack", name=name, known=", ".join(sorted(known))))
    return known[name]


def _folders(sources: Sequence[Any]) -> list[Path]:
    from agent_tui.knowledge.pack_lint import pack_folders

    return pack_folders(sources)


def _entries(sources: Sequence[Any]) -> dict[str, Any]:
    from agent_tui.knowledge.sources import load

    return {entry.id: entry for entry in load(sources).entries}


def _sources(content: Iterable[Path] | None) -> list[Any]:
    """What a desk on this machine reads, and the folders named beside it."""
    from agent_tui.knowledge.sources import everyday, folder

    team = [Path(path).expanduser() for path in _told().content]
    return [*everyday(team, settings.profile().data_dir), *(folder(path) for path in content or ())]


@cache
def _told() -> settings.Settings:
    try:
        return settings.read_settings(settings.profile().config_file)
    except settings.SettingsError as error:
        typer.echo(str(error), err=True)
        return settings.Settings()


def _write(text: str, out: Path | None) -> bool:
    """Write to `out`, or to standard output; says whether there was a file."""
    if out is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return False
    try:
        out.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        _fail(_say("unwritable", file=out, reason=error.strerror or ""))
    return True


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _speak(lang: str) -> None:
    i18n.choose(lang or i18n.language_of_system())


def _say(key: str, **values: object) -> str:
    words = tomllib.loads((Path(__file__).parent / "pack_words.toml").read_text("utf-8"))
    return str(words[i18n.language()][key]).format(**values)


def _json(value: object) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()
