"""`agent-tui sim`: a promotion day of simulated customers against a running server."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from agent_tui import i18n
from agent_tui.cli.said import need_extra
from agent_tui.errors import naming


class HeldOut(StrEnum):
    """Which part of the bank asks: the held-out third only, the rest, or both."""

    ONLY = "only"
    NO = "no"
    BOTH = "both"


class PackField(StrEnum):
    """The field of a knowledge pack."""

    LOGISTICS = "logistics"
    RETURNS = "returns"
    PROMOTION = "promotion"
    LIVE = "live"
    OTHER = "other"


def sim(
    server: str = typer.Option("http://127.0.0.1:8765"),
    channel: list[str] = typer.Option([]),
    channels_file: Path | None = typer.Option(None),
    listen: str = typer.Option("127.0.0.1:8091"),
    seed: int = typer.Option(1),
    customers: int = typer.Option(120, min=1),
    minutes: float = typer.Option(60.0, min=0.1),
    fast: float = typer.Option(1.0, min=0.1),
    peak: float = typer.Option(5.0, min=3.0, max=8.0),
    waiting: int = typer.Option(0, min=0),
    begin: float = typer.Option(0.0, min=0.0),
    linger: float = typer.Option(15.0, min=0.0),
    patience: float = typer.Option(1.0, min=0.01),
    held_out: HeldOut = typer.Option(HeldOut.BOTH),
    field: PackField | None = typer.Option(None),
    run: str = typer.Option(""),
    json_file: Path | None = typer.Option(None, "--json"),
) -> None:
    """Let a promotion day of simulated customers ask, wait, thank, get angry and leave."""
    language = i18n.language()
    need_extra("sim", "server")
    from agent_tui.sim.settings import DaySettings

    with _explained(language):
        settings = DaySettings(
            server=server,
            channels=read_channels(channel, channels_file),
            listen=listen,
            seed=seed,
            customers=customers,
            minutes=minutes,
            fast=fast,
            peak=peak,
            waiting=waiting,
            begin=begin,
            linger=linger,
            patience=patience,
            held_out=held_out.value,
            field=None if field is None else field.value,
            run=run,
        )
        _play(settings, language, json_file)


@contextmanager
def _explained(language: str) -> Iterator[None]:
    """End with status 2 and the reason in words when the day cannot be played."""
    from agent_tui.sim.settings import SimError
    from agent_tui.sim.texts import explain

    try:
        yield
    except SimError as error:
        typer.echo(explain(error, language), err=True)
        raise typer.Exit(2) from error


def read_channels(written: Sequence[str], file: Path | None) -> tuple[Any, ...]:
    """The channels of `--channel` and `--channels-file`; raises `SimError` for one that cannot be read."""
    from agent_tui.sim.settings import ChannelKey, SimError, parse_channel

    found = [parse_channel(text) for text in written]
    if file is None:
        return tuple(found)
    try:
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        found += [ChannelKey(row["name"], row["token"], row["secret"]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SimError("bad-file", file=str(file), reason=str(error)) from error
    return tuple(found)


def _play(settings: Any, language: str, json_file: Path | None) -> None:
    from agent_tui.sim.engine import run
    from agent_tui.sim.texts import say

    summary = run(settings, _teller(lambda code, values: say(code, language, **values)))
    typer.echo(summary.table(language))
    if json_file is not None:
        with naming(json_file):
            json_file.write_bytes(summary.to_json())


def _teller(words: Callable[[str, dict[str, Any]], str]) -> Callable[..., None]:
    """What the day has to say goes to stderr, so that stdout holds the summary alone."""

    def tell(code: str, **values: object) -> None:
        typer.echo(words(code, dict(values)), err=True)

    return tell
