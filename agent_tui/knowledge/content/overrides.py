"""Which entries take the place of others with the same id: shipped, then the team's, then one's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from agent_tui import i18n
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.content.sources import BUILT_IN, OWN, TEAM, Source, built_in, find


class EntryPlace(Struct, frozen=True):
    """Where an entry stands, and what it is called."""

    title: str
    file: str
    line: int
    origin: str


def overrides(team: Sequence[Source], own: Iterable[Source] = ()) -> list[ContentProblem]:
    """A notice for every shipped entry that `team` overrides, and for every entry that this person's `own`
    override, with its file and line. Blocks."""
    shipped = _places((built_in(),), BUILT_IN)
    theirs = _places((source for source in team if source.origin not in (BUILT_IN, OWN)), TEAM)
    mine = _places(own, OWN)
    return [*_notices(shipped, theirs), *_notices({**shipped, **theirs}, mine)]


def _places(sources: Iterable[Source], origin: str) -> dict[str, EntryPlace]:
    found: dict[str, EntryPlace] = {}
    for files in map(find, sources):
        for one in files.snippets:
            found[one.snippet.id] = EntryPlace(one.snippet.title, one.file, one.line("id"), origin)
        for case in files.articles:
            found[case.article.id] = EntryPlace(case.article.title, case.file, case.line("id"), origin)
    return found


def _notices(below: Mapping[str, EntryPlace], above: Mapping[str, EntryPlace]) -> Iterator[ContentProblem]:
    for id, place in sorted(above.items(), key=lambda pair: (pair[1].file, pair[1].line)):
        if id in below:
            whose = i18n.texts().palette.origins[below[id].origin]
            title = below[id].title
            yield problem(
                "overrides", place.file, place.line, "id", "notice", id=id, title=title, whose=whose
            )
