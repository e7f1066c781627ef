"""`agent-tui kb recommend`: answers recommended for conversations, one line of JSON each."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct

from agent_tui import settings
from agent_tui.cli.kb_content import sources_of, warn


class Asked(Struct):
    """One line of a batch: the id is kept as it was written."""

    id: msgspec.Raw = msgspec.Raw(b"null")
    messages: Any = ()
    category: Any = None


def recommend(
    batch: Annotated[str, typer.Option()],
    content: Annotated[
        list[Path] | None,
        typer.Option("--content"),
    ] = None,
    usages: Annotated[Path | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json")] = True,
) -> None:
    """Recommend entries for each conversation: `{"id", "messages": [{"from", "text"}], "category"?}`."""
    recommender = _recommender(content, usages)
    for line in _lines(batch):
        _answer(line, recommender, limit)


def _recommender(content: Sequence[Path] | None, usages: Path | None) -> Any:
    """What answers: trained and warm before the first line is read."""
    from agent_tui.knowledge.content.sources import load
    from agent_tui.knowledge.recommend.recommender import Recommender

    found = load(sources_of(content))
    warn(found.problems)
    made = Recommender.build(found.entries, _usages(content, usages))
    if made.skipped:
        typer.echo(f"{usages or 'usages'}: {made.skipped} of unknown entries skipped", err=True)
    return made


def keep_model(content: Sequence[Path] | None, usages: Path) -> Path | None:
    """Learn from `usages` and keep the model where a desk looks for it; None when there is too little."""
    file = settings.profile().cache_dir / "recommend.model"
    if not (data := _recommender(content, usages).weights()):
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(file)
    return file


def _usages(content: Sequence[Path] | None, usages: Path | None) -> list[Any]:
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
        typer.echo(f"{path}: {error.strerror}", err=True)
        raise typer.Exit(2) from error


def _lines(batch: str) -> Iterator[bytes]:
    if batch == "-":
        yield from iter(sys.stdin.buffer.readline, b"")
        return
    content = _bytes(Path(batch))
    yield from content.removesuffix(b"\n").split(b"\n") if content else ()


def _answer(line: bytes, recommender: Any, limit: int) -> None:
    """One line out for one line in, whatever it holds, flushed."""
    from agent_tui.knowledge.recommend.usage_log import said_of

    asked = _asked(line)
    category = asked.category if isinstance(asked.category, str) else None
    found = recommender.recommend(said_of(asked.messages), category, limit=limit)
    answer = {"id": asked.id, "hits": found.hits, "abstain": found.abstain}
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def _asked(line: bytes) -> Asked:
    """The question in a line; an empty one where the line cannot be read. The id stays as it was written."""
    try:
        return msgspec.json.decode(line, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Asked()
