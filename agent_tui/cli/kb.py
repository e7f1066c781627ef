"""`agent-tui kb`: search, check, build, import and count what the knowledge folders hold."""

import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_tui import i18n
from agent_tui.cli import kb_gaps, kb_publish, kb_read, kb_recommend, kb_shop
from agent_tui.cli.kb_content import cache_folder, overridden, sources_of, speaker, warn
from agent_tui.cli.program import CommandGroup
from agent_tui.cli.said import end, write_out

app = CommandGroup(no_args_is_help=True)
app.command("recommend")(kb_recommend.recommend)
app.command("read")(kb_read.read)
app.command()(kb_publish.publish)
app.command()(kb_publish.versions)
app.command()(kb_publish.rollback)
app.command()(kb_shop.shop)
app.command()(kb_gaps.gaps)


class ImportKind(StrEnum):
    """The helpdesks whose canned replies can be taken over."""

    CHATWOOT = "chatwoot"
    ZENDESK = "zendesk"
    CSV = "csv"


Content = Annotated[
    list[Path] | None,
    typer.Option("--content"),
]
Json = Annotated[bool, typer.Option("--json")]


@app.command()
def search(
    query: Annotated[list[str] | None, typer.Argument()] = None,
    content: Content = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    batch: Annotated[str, typer.Option()] = "",
    filters: Annotated[bool, typer.Option("--filters")] = False,
    as_json: Json = False,
) -> None:
    """Find entries by characters, pinyin, initials, English or a near miss of any of them."""
    if not query and not batch:
        typer.echo(_say("no_query"), err=True)
        raise typer.Exit(2)
    found = _searcher(content, limit, is_filtered=filters)
    if batch:
        _answer(batch, found)
    elif as_json:
        _write(_line(" ".join(query or ()), found))
    else:
        _show(found(" ".join(query or ())))


@app.command()
def check(
    folders: Annotated[list[Path] | None, typer.Argument()] = None,
    content: Content = None,
    as_json: Json = False,
) -> None:
    """Look for everything wrong with the content; exit 1 when there is an error."""
    from agent_tui.knowledge.content.lint import lint
    from agent_tui.knowledge.content.problems import said
    from agent_tui.knowledge.content.shop import shop_problems
    from agent_tui.knowledge.packs.lint import lint_packs

    sources = sources_of([*(folders or ()), *(content or ())])
    count, problems = lint(sources)
    problems += lint_packs(sources, contacts=tuple(speaker().contacts))
    problems += shop_problems(path for source in sources for path in source.paths)
    problems += overridden(sources)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    for problem in problems:
        if as_json:
            _write(_encode(problem))
        else:
            typer.echo(f"[{_say(problem.severity)}] {said(problem)}")
    if not as_json:
        typer.echo(_say("checked", entries=count, errors=errors, warnings=warnings))
    raise typer.Exit(1 if errors else 0)


@app.command()
def build(
    content: Content = None,
    usages: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Index the content now and keep the index, so that no start pays for it."""
    from agent_tui.knowledge.search import cache

    start = time.perf_counter()
    ready, file = cache.keep(sources_of(content), cache_folder())
    warn(ready.problems)
    size = file.stat().st_size / 1e6
    seconds = time.perf_counter() - start
    typer.echo(_say("kept", entries=len(ready.index.all()), file=file, size=size, seconds=seconds))
    if usages is not None:
        model = kb_recommend.keep_model(content, usages)
        typer.echo(_say("learned", file=model) if model else _say("too_few"))


@app.command("import")
def import_(
    kind: Annotated[ImportKind, typer.Argument()],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Turn canned replies of another helpdesk into a snippets file."""
    from agent_tui.knowledge.content.importers import ImportFailed, import_replies
    from agent_tui.knowledge.content.problems import problem, said
    from agent_tui.knowledge.content.snippets import write_snippets

    try:
        snippets, problems = import_replies(kind.value, file.read_bytes(), str(file))
    except ImportFailed as error:
        typer.echo(
            said(problem("bad-import", str(file), kind=kind.value, detail=i18n.words_of(error))),
            err=True,
        )
        raise typer.Exit(1) from error
    text = write_snippets(snippets)
    write_out(text, out)
    warn(problems)
    typer.echo(_say("imported", count=len(snippets), problems=len(problems)), err=True)


@app.command()
def stats(content: Content = None, as_json: Json = False) -> None:
    """Count the entries by kind, category and language, and the problems."""
    from agent_tui.knowledge.content.entries import tally
    from agent_tui.knowledge.content.sources import load

    found = load(sources_of(content))
    counted = tally(found.entries, found.problems)
    if as_json:
        _write(_encode(counted))
        return
    rows = (("kinds", counted.kinds), ("categories", counted.categories), ("languages", counted.languages))
    for name, counts in (*rows, ("problems", counted.problems)):
        typer.echo(f"{_say(name)}: " + "  ".join(f"{_named(key)} {count}" for key, count in counts.items()))


@app.command("build-tables", hidden=True)
def build_tables() -> None:
    """Make the shipped character tables anew from pypinyin and opencc."""
    from agent_tui.knowledge.text import tables

    typer.echo(_say("tables", count=tables.build_tables(tables.TABLES_FILE), file=tables.TABLES_FILE))


def _say(key: str, **values: object) -> str:
    words = tomllib.loads((Path(__file__).parent / "kb_words.toml").read_text("utf-8"))
    return str(words[i18n.language()][key]).format(**values)


def _named(key: str) -> str:
    categories = i18n.texts().common.categories
    return categories[key] if key in categories else _say(key) if key in _WORDED else key


_WORDED = frozenset({"snippet", "article", "title", "error", "warning"})


def _searcher(content: Sequence[Path] | None, limit: int, *, is_filtered: bool) -> Callable[[str], list[Any]]:
    """What answers one query, the index ready and warm."""
    import gc

    from agent_tui.knowledge.search import cache
    from agent_tui.knowledge.search.search import search as find

    ready = cache.open_index(sources_of(content), cache_folder())
    warn(ready.problems)
    find(ready.index, "tuihuo")
    # The index lives until the process ends; collecting it again and again would cost whole milliseconds.
    gc.collect()
    gc.freeze()
    if not is_filtered:
        return lambda typed: find(ready.index, typed, limit)
    return _filtered(ready.index, limit)


def _filtered(index: Any, limit: int) -> Callable[[str], list[Any]]:
    from agent_tui.knowledge.search.filters import Categories, SearchScope, read_query
    from agent_tui.knowledge.search.search import search as find

    categories = Categories(i18n.texts().common.categories)

    def answer(typed: str) -> list[Any]:
        asked = read_query(typed)
        if asked.mode is SearchScope.CATEGORY:
            meant = categories.meant(asked.category)
            return find(index, asked.text, limit, keep=lambda entry: entry.category in meant)
        if asked.mode is SearchScope.ARTICLES:
            return find(index, asked.text, limit, keep=lambda entry: entry.kind == "article")
        return [] if asked.mode is SearchScope.COMMANDS else find(index, asked.text, limit)

    return answer


def _answer(batch: str, found: Callable[[str], list[Any]]) -> None:
    """One line out for each line in, flushed before the next is read."""
    for query in _lines(batch):
        _write(_line(query, found))
        sys.stdout.buffer.flush()


def _lines(batch: str) -> Iterator[str]:
    if batch == "-":
        yield from (_text(line) for line in iter(sys.stdin.buffer.readline, b""))
        return
    try:
        with Path(batch).open("rb") as file:
            yield from (_text(line) for line in file)
    except OSError as error:
        end(i18n.words_of_system(error))


def _text(line: bytes) -> str:
    return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def _line(query: str, found: Callable[[str], list[Any]]) -> bytes:
    clean = query.encode("utf-8", "replace").decode()
    return _encode({"query": clean, "hits": found(clean)})


def _encode(value: object) -> bytes:
    import msgspec

    return msgspec.json.encode(value) + b"\n"


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _show(hits: Sequence[Any]) -> None:
    """Hits for a person: the title with what matched underlined, its kind and id."""
    if not hits:
        typer.echo(_say("nothing"))
    for hit in hits:
        kind = typer.style(f"{_say(hit.kind)} · {hit.id}", dim=True)
        typer.echo(f"{_underlined(hit.title, hit.matched)}  {kind}")


def _underlined(title: str, matched: Sequence[tuple[int, int]]) -> str:
    lit = {place for start, end in matched for place in range(start, end)}
    return "".join(
        typer.style(char, bold=True, underline=True) if place in lit else char
        for place, char in enumerate(title)
    )
