"""One list of questions an entry: what packs know of how customers ask serves whoever answers."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from agent_tui.domain.team_content import ContentFile
from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.content.published import is_pack
from agent_tui.knowledge.content.sources import Source
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.lint import pack_folders
from agent_tui.knowledge.packs.reading import parse_pack, read_packs


def packs_of(sources: Sequence[Source]) -> tuple[Pack, ...]:
    """Every pack of these folders that can be read. Blocks."""
    return tuple(placed.pack for place in pack_folders(sources) for placed in read_packs(place)[0])


def packs_among(files: Iterable[ContentFile]) -> tuple[Pack, ...]:
    """Every pack among a team's published files that can be read. Blocks."""
    read = (parse_pack(one.text, one.path)[0] for one in files if is_pack(one.path))
    return tuple(placed.pack for placed in read if placed is not None)


def with_questions(entries: Iterable[Entry], packs: Iterable[Pack]) -> tuple[Entry, ...]:
    """`entries` with the questions that `packs` name for them as further similar ones."""
    asked: dict[str, list[str]] = {}
    for answer in (answer for pack in packs for answer in pack.answers):
        asked.setdefault(answer.entry, []).extend(answer.asked)
    return tuple(_with(entry, asked.get(entry.id, ())) for entry in entries)


def _with(entry: Entry, questions: Iterable[str]) -> Entry:
    similar = tuple(dict.fromkeys((*entry.similar, *questions)))
    return replace(entry, similar=similar) if len(similar) > len(entry.similar) else entry
