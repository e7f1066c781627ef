"""`agent-tui pack build`: a pack proposed from what was really asked, as a file for an editor to change."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_tui import i18n
from agent_tui.cli.line import ServerOption, ask
from agent_tui.cli.pack_content import (
    Content,
    Json,
    entries_of,
    load,
    pack_of,
    placed_of,
    say,
    sources_of,
)
from agent_tui.cli.said import NOT_SO, end, json_of, write_out

# Fewer than one solved question an answer proposes chance, not a pack.
FEWEST = 20


def build(
    usages: Annotated[Path | None, typer.Option("--usages")] = None,
    from_server: Annotated[bool, typer.Option("--from-server")] = False,
    days: Annotated[float, typer.Option("--days", min=0.1, max=365)] = 7.0,
    team: Annotated[str, typer.Option("--team")] = "",
    pack: Annotated[
        str,
        typer.Option("--pack"),
    ] = "",
    out: Annotated[Path | None, typer.Option("--out")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
    anyway: Annotated[bool, typer.Option("--anyway")] = False,
    server: ServerOption = "",
    content: Content = None,
    as_json: Json = False,
) -> None:
    """Propose a pack from what was really asked: the 20 entries that solved most of what helpers can take."""
    from agent_tui.knowledge.packs.proposal import asked_of, choose_base, propose
    from agent_tui.knowledge.packs.writing import write_proposal

    if (usages is None) is not from_server:
        end(say("one_source"))
    if team and not from_server:
        end(say("team_from_server"))
    if out is not None and not force and out.is_file() and out.stat().st_size:
        end(say("is_there", file=out))
    sources = sources_of(content)
    asked = _FromServer(server, days, team) if from_server else _FromFile(usages or Path(), sources)
    records, entries = asked_of(asked.usages), entries_of(sources, asked.shared)
    base = load(pack, sources, server) if pack else choose_base(records, asked.packs(), entries)
    if base is None:
        end(say("no_base"), NOT_SO)
    proposal = propose(records, entries, base)
    if from_server:
        _expect_enough(proposal, days, team, anyway=anyway)
    basis = asked.basis(base.language)
    text = json_of(proposal) + "\n" if as_json else write_proposal(proposal, base.title, base.language, basis)
    _deliver(text, out, proposal, base)


class _FromServer:
    """What the server remembers of the last days."""

    def __init__(self, server: str, days: float, team: str) -> None:
        self._server, self._days, self._team = server, days, team
        since = datetime.now(UTC) - timedelta(days=days)

        async def look(line: Any) -> tuple[Any, Any]:
            return await line.staff.usages(since, team), (await line.knowledge.entries(0)).entries

        unknown = say("no_team", team=team)
        found, shared = ask(server, look, lead=False, refusals={"unknown-team": unknown})
        self.usages = [_usage(one) for one in found]
        self.shared = [one for one in shared if one.state == "shared"]
        if not self.usages:
            end(say("nothing_asked", days=f"{days:g}", team=team or say("all_teams")), NOT_SO)

    def packs(self) -> list[Any]:
        """The packs in force."""

        async def look(line: Any) -> list[Any]:
            return [await line.staff.pack(one.id) for one in await line.staff.packs()]

        return [pack_of(text) for text in ask(self._server, look, lead=False)]

    def basis(self, language: str) -> str:
        """Where it comes from, for the head of the file."""
        from agent_tui.knowledge.packs.words import pack_words

        words = pack_words(language)
        return words.built_from.format(days=f"{self._days:g}", team=self._team or words.built_all_teams)


class _FromFile:
    """What a file of usages says."""

    def __init__(self, usages: Path, sources: Sequence[Any]) -> None:
        from agent_tui.knowledge.recommend.usage_log import read_usages

        if not usages.is_file():
            end(say("unreadable", file=usages, reason="ENOENT"))
        self.usages, damaged, _ = read_usages(usages)
        self.shared = ()
        self._sources = sources
        if damaged:
            typer.echo(say("damaged", count=damaged), err=True)

    def packs(self) -> list[Any]:
        """The packs that are here."""
        return [placed.pack for placed in placed_of((), self._sources)[0]]

    def basis(self, language: str) -> str:
        """Nothing is known of a file but what it holds."""
        return ""


def _usage(one: Any) -> Any:
    from agent_tui.knowledge.recommend.usage_log import Said, Usage

    said = tuple(Said(message.text, message.side) for message in one.messages)
    return Usage(
        entry=one.entry, messages=said, kept=one.kept, solved=one.solved, at=one.at, category=one.category,
        kind=one.kind,
    )  # fmt: skip


def _expect_enough(proposal: Any, days: float, team: str, *, anyway: bool) -> None:
    """End the command where what was asked is too little to go by."""
    if proposal.solved >= FEWEST or (anyway and proposal.solved):
        return
    values = {"count": proposal.count, "eligible": proposal.eligible, "solved": proposal.solved}
    values |= {"days": f"{days:g}", "team": team or say("all_teams"), "fewest": FEWEST}
    key = "few_solved" if proposal.solved else "none_solved" if proposal.eligible else "none_eligible"
    end(say(key, title=proposal.pack.title, **values), NOT_SO)


def _deliver(text: str, out: Path | None, proposal: Any, base: Any) -> None:
    try:
        is_file = write_out(text, out)
    except OSError as error:
        end(i18n.words_of_system(error))
    if is_file:
        shares = {"coverage": f"{proposal.coverage:.1%}", "former": f"{proposal.former:.1%}"}
        asked = {"count": proposal.count, "eligible": proposal.eligible, "title": base.title}
        typer.echo(say("built", file=out, **asked, **shares), err=True)
        typer.echo(say("built_next", file=out), err=True)
