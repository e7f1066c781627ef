"""Which entries take the place of others with the same id: shipped, then the team's, then one's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from agent_tui import i18n
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.content.sources import BUILT_IN, OWN, TEAM, Source, built_in, find


class EntryPlace(Struct, frozen=True):
    """Where an entry stands, what it is called, and whose it is in words."""

    title: str
    file: str
    line: int
    whose: str


def overrides(team: Sequence[Source], own: Iterable[Source] = ()) -> list[ContentProblem]:
    """A notice for every shipped entry that `team` overrides, and for every entry that this person's `own`
    override, with its file and line. Blocks."""
    shipped = _places((built_in(),), BUILT_IN)
    theirs = _places((source for source in team if source.origin not in (BUILT_IN, OWN)), TEAM)
    mine = _places(own, OWN)
    return [*_notices(shipped, theirs), *_notices({**shipped, **theirs}, mine)]


def _places(sources: Iterable[Source], origin: str) -> dict[str, EntryPlace]:
    """The entries of `sources` by id; what the team has published stands in no file here."""
    words, found = i18n.texts().palette.origins, dict[str, EntryPlace]()
    for source in sources:
        for held in source.entries:
            whose = words.get(held.origin, held.origin).format(version=held.version)
            found[held.id] = EntryPlace(held.title, whose, 0, whose)
        files = find(source)
        for one in files.snippets:
            found[one.snippet.id] = EntryPlace(one.snippet.title, one.file, one.line("id"), words[origin])
        for case in files.articles:
            found[case.article.id] = EntryPlace(case.article.title, case.file, case.line("id"), words[origin])
    return found


def _notices(below: Mapping[str, EntryPlace], above: Mapping[str, EntryPlace]) -> Iterator[ContentProblem]:
    for id, place in sorted(above.items(), key=lambda pair: (pair[1].file, pair[1].line)):
        if id in below:
            values = {"id": id, "title": below[id].title, "whose": below[id].whose}
            yield problem("overrides", place.file, place.line, "id", "notice", **values)
