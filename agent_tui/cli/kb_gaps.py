"""`agent-tui kb gaps`: openings that no entry answered, in clusters, and drafts of the entries they want."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct

from agent_tui import i18n
from agent_tui.cli.kb_recommend import Asked, lines_of, read_entries, read_usages
from agent_tui.cli.line import ServerOption
from agent_tui.cli.said import CommandWords, aligned, end, json_of
from agent_tui.domain.text import one_line
from agent_tui.errors import naming

_say = CommandWords("kb_gaps")
# What an agent changed beyond this is their own: the entry only stood at the beginning.
_KEPT_ENOUGH = 0.5
_SHOWN_WAYS = 3


class Logged(Asked):
    """One line of a batch: as for `recommend`, and what the first reply was made of, if it is known."""

    entries: Any = None
    entry: Any = None
    kept: Any = 1.0


class GapLine(Struct, frozen=True, kw_only=True):
    """A gap as scripts get it; `draft` is the file it was drafted in, empty where it was not."""

    size: int
    category: str
    language: str
    true_when: str
    questions: tuple[str, ...]
    reply: str
    draft: str = ""


class GapReport(Struct, frozen=True, kw_only=True):
    """How many openings were looked at, how many nothing answered, and the gaps, the largest first."""

    openings: int
    unanswered: int
    gaps: tuple[GapLine, ...]


def gaps(
    batch: Annotated[str, typer.Option("--batch")] = "",
    from_server: Annotated[bool, typer.Option("--from-server")] = False,
    days: Annotated[float, typer.Option("--days", min=0.1, max=365)] = 7.0,
    team: Annotated[str, typer.Option("--team")] = "",
    content: Annotated[list[Path] | None, typer.Option("--content")] = None,
    usages: Annotated[Path | None, typer.Option("--usages")] = None,
    least: Annotated[int, typer.Option("--least", min=1)] = 2,
    draft: Annotated[Path | None, typer.Option("--draft", file_okay=False)] = None,
    server: ServerOption = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Cluster the openings that no entry answered, and draft entries for an editor to finish."""
    from agent_tui.knowledge.content.sources import built_in, load
    from agent_tui.knowledge.recommend.gaps import gaps_of
    from agent_tui.knowledge.recommend.recommender import Recommender

    if bool(batch) is from_server:
        end(_say("one_source"))
    logged = _from_server(server, days, team) if from_server else [_logged(line) for line in lines_of(batch)]
    entries = [entry for entry in read_entries(content) if entry.text]
    recommender = Recommender.build(entries, read_usages(content, usages))
    unanswered = _unanswered(logged, recommender)
    # What is alike is told by how shops are asked; a small folder of content knows too little of that.
    known = Recommender.build(load([built_in()]).entries) if content else recommender
    found = gaps_of(unanswered, known, least)
    files = draft_files(found, draft) if draft is not None else [""] * len(found)
    lines = tuple(_line(gap, file) for gap, file in zip(found, files, strict=True))
    report = GapReport(openings=len(logged), unanswered=len(unanswered), gaps=lines)
    if as_json:
        typer.echo(json_of(report))
    else:
        _show(report)


def _logged(line: bytes) -> Logged:
    """A line of a batch; one that cannot be read asks nothing."""
    try:
        return msgspec.json.decode(line, type=Logged)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Logged()


def _unanswered(logged: Iterable[Logged], recommender: Any) -> list[Any]:
    from agent_tui.cli.kb_situation import situation_in, ticket_of
    from agent_tui.knowledge.recommend.gaps import unanswered_in

    found = []
    for one in logged:
        ticket = ticket_of(one)
        situation = situation_in(one, ticket)
        opening, reply = _parted(situation.messages)
        found.append(
            unanswered_in(
                msgspec.structs.replace(situation, messages=opening), recommender, reply=reply,
                is_own=_is_own(one), personal=_personal(one, ticket),
            )
        )  # fmt: skip
    return [one for one in found if one is not None]


def _parted(messages: Sequence[Any]) -> tuple[tuple[Any, ...], str]:
    """What the customer said first, and the shop's first words to it."""
    end_of = next((at for at, one in enumerate(messages) if one.side != "customer"), len(messages))
    return tuple(messages[:end_of]), messages[end_of].text if end_of < len(messages) else ""


def _is_own(one: Logged) -> bool | None:
    """Whether the reply was the agent's own words: no entry was kept in it; None where that is not known."""
    if isinstance(one.entries, list):
        return all(_kept(row) < _KEPT_ENOUGH for row in one.entries)
    return None if one.entry is None else _kept({"kept": one.kept}) < _KEPT_ENOUGH


def _kept(row: object) -> float:
    kept = row.get("kept", 1.0) if isinstance(row, dict) else 1.0
    return float(kept) if isinstance(kept, int | float) else 1.0


def _personal(one: Logged, ticket: Any) -> list[str]:
    """The names and numbers of a line's own customer."""
    customer = one.customer if isinstance(one.customer, dict) else {}
    order = ticket.order_detail
    numbers = [order.number, *(parcel.number for parcel in order.parcels)] if order else []
    said = [customer.get(name) for name in ("name", "phone", "address", "email")]
    return [word for word in (*numbers, *said) if isinstance(word, str) and word.strip()]


# -- the server


def _from_server(server: str, days: float, team: str) -> list[Logged]:
    """The tickets of the last days as lines: what was said first, the order, and which entries were sent."""
    from agent_tui.cli.line import ask

    since = datetime.now(UTC) - timedelta(days=days)

    async def look(line: Any) -> list[Logged]:
        tickets: list[Any] = []
        await line.snapshot(tickets.append)
        wanted = [one for one in tickets if one.created_at >= since and (not team or one.team == team)]
        sent: dict[str, list[dict[str, float]]] = {}
        for usage in await line.staff.usages(since, team):
            sent.setdefault(usage.reply, []).append({"kept": usage.kept})
        return [await _of_ticket(line, one, sent) for one in wanted]

    return ask(server, look, lead=False, refusals={"unknown-team": _say("no_team", team=team)})


async def _of_ticket(line: Any, ticket: Any, sent: dict[str, list[dict[str, float]]]) -> Logged:
    detail = await line.ticket(ticket.id)
    page = await line.messages(ticket.id, None, 200)
    spoken = [one for one in page.messages if one.kind.value in ("customer", "reply")]
    first = next((one for one in spoken if one.kind.value == "reply"), None)
    order = msgspec.to_builtins(detail.order_detail) if detail.order_detail else None
    return Logged(
        messages=[{"from": _side(one), "text": _text(one)} for one in spoken], order=order,
        customer={"name": ticket.customer.name, "tier": ticket.customer.tier.value}, channel=ticket.channel,
        category=ticket.category.value, now=ticket.created_at.isoformat(),
        entries=sent.get(first.id, []) if first is not None else None,
    )  # fmt: skip


def _side(message: Any) -> str:
    return "customer" if message.kind.value == "customer" else "agent"


def _text(message: Any) -> str:
    return "\n".join(part.text for part in message.parts if part.text)


# -- what is shown and written


def _line(gap: Any, file: str) -> GapLine:
    return GapLine(
        size=gap.size, category=gap.category, language=gap.language, true_when=gap.true_when,
        questions=gap.questions, reply=gap.reply, draft=file,
    )  # fmt: skip


def _show(report: GapReport) -> None:
    categories = i18n.texts().common.categories
    if report.gaps:
        head = [_say(name) for name in ("size", "category", "orders", "asked")]
        rows = [
            [str(gap.size), str(categories[gap.category]) if gap.category in categories else gap.category,
             gap.true_when or "-", _ways(gap)]
            for gap in report.gaps
        ]  # fmt: skip
        typer.echo("\n".join(aligned([head, *rows])))
    counts = {"openings": report.openings, "unanswered": report.unanswered, "gaps": len(report.gaps)}
    typer.echo(_say("counted", **counts))
    written = [gap.draft for gap in report.gaps if gap.draft]
    if written:
        typer.echo(_say("drafted", count=len(written), folder=Path(written[0]).parent))


def _ways(gap: GapLine) -> str:
    return _say("between").join(one_line(one, 24) for one in gap.questions[:_SHOWN_WAYS])


def draft_files(found: Sequence[Any], folder: Path) -> list[str]:
    """A file for each gap; one that is there already is an editor's and stays."""
    from agent_tui.knowledge.content.drafts import draft_file, drafted

    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
    files = []
    for gap in found:
        snippet = drafted(
            gap.questions, gap.reply, category=gap.category, language=gap.language, true_when=gap.true_when
        )
        file = folder / f"{snippet.id}.yaml"
        if not file.exists():
            with naming(file):
                file.write_text(draft_file(snippet, _notes(gap)), "utf-8", newline="\n")
        else:
            sys.stderr.write(_say("stays", file=file) + "\n")
        files.append(str(file))
    return files


def _notes(gap: Any) -> Iterator[str]:
    yield _say("note_size", size=gap.size)
    yield _say("note_reply" if gap.reply else "note_unwritten")
    if gap.true_when:
        yield _say("note_orders")
