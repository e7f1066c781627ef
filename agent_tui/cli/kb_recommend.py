"""`agent-tui kb recommend`: answers recommended for conversations, one line of JSON each."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct

from agent_tui import i18n, settings
from agent_tui.cli.kb_content import sources_of, warn
from agent_tui.cli.said import end
from agent_tui.errors import naming


class Asked(Struct):
    """One line of a batch: the id is kept as it was written; what cannot be read counts as not said."""

    id: msgspec.Raw = msgspec.Raw(b"null")
    messages: Any = ()
    category: Any = None
    order: Any = None
    customer: Any = None
    channel: Any = None
    language: Any = None
    floor: Any = None
    now: Any = None


def recommend(
    batch: Annotated[str, typer.Option()],
    content: Annotated[
        list[Path] | None,
        typer.Option("--content"),
    ] = None,
    usages: Annotated[Path | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    pack: Annotated[str, typer.Option()] = "",
    as_json: Annotated[bool, typer.Option("--json")] = True,
) -> None:
    """Recommend entries for each situation, as the screens do: messages, and what is known beside them."""
    from agent_tui.cli.kb_situation import Advising

    advising = Advising.prepared(read_entries(content), read_usages(content, usages), pack)
    if advising.skipped:
        typer.echo(f"{usages or 'usages'}: {advising.skipped} of unknown entries skipped", err=True)
    for line in lines_of(batch):
        answer = advising.answer(asked_in(line), limit)
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


def read_entries(content: Sequence[Path] | None) -> Any:
    """The entries of the folders asked for, or of this machine's desk."""
    from agent_tui.knowledge.content.sources import load
    from agent_tui.knowledge.packs.questions import packs_of, with_questions

    sources = sources_of(content)
    found = load(sources)
    warn(found.problems)
    return with_questions(found.entries, packs_of(sources))


def keep_model(content: Sequence[Path] | None, usages: Path) -> Path | None:
    """Learn from `usages` and keep the model where a desk looks for it; None when there is too little."""
    file = settings.profile().cache_dir / "recommend.model"
    from agent_tui.knowledge.recommend.usage_model import UsageModel

    if not (data := UsageModel.build(read_entries(content), read_usages(content, usages)).weights()):
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    with naming(file):
        beside.write_bytes(data)
        beside.replace(file)
    return file


def read_usages(content: Sequence[Path] | None, usages: Path | None) -> list[Any]:
    """The usages of the file given, or this person's own where no content was given either."""
    from agent_tui.knowledge.recommend.usage_log import UsageFile, given_usage

    if usages is None:
        return [] if content else list(UsageFile(settings.profile().data_dir / "usages.jsonl").read())
    lines = [line for line in _bytes(usages).split(b"\n") if line.strip()]
    read = [usage for line in lines if (usage := given_usage(line)) is not None]
    if len(read) < len(lines):
        typer.echo(f"{usages}: {len(lines) - len(read)} damaged lines skipped", err=True)
    return read


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        end(i18n.words_of_system(error))


def lines_of(batch: str) -> Iterator[bytes]:
    """The lines of a batch: of a file, or of standard input as they come."""
    if batch == "-":
        yield from iter(sys.stdin.buffer.readline, b"")
        return
    content = _bytes(Path(batch))
    yield from content.removesuffix(b"\n").split(b"\n") if content else ()


def asked_in(line: bytes) -> Asked:
    """The question in a line; an empty one where the line cannot be read. The id stays as it was written."""
    try:
        return msgspec.json.decode(line, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Asked()
