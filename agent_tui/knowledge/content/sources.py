"""Where entries come from, all read at once: built-in, published, team, server, own; later ones win.

A folder may hold `snippets/*.yaml` or `*.yaml`, articles as `**/*.md` with front matter, a plain
`titles.txt`, and `synonyms.toml` there or in `kb`; a single such file will do as well.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agent_tui.knowledge.content.articles import PlacedArticle, has_front_matter, place_article
from agent_tui.knowledge.content.entries import ContentProblem, Entry, entry_of
from agent_tui.knowledge.content.problems import problem
from agent_tui.knowledge.content.snippets import PlacedSnippet, place_snippets
from agent_tui.knowledge.content.synonyms import (
    FILE_NAME,
    PlacedGroup,
    SynonymFile,
    combined,
    read_synonyms,
)
from agent_tui.knowledge.text.synonyms import SynonymGroup

BUILT_IN = "built-in"
PUBLISHED = "published"
TEAM = "team"
SERVER = "server"
PROPOSED = "proposed"
OWN = "own"

_YAML = (".yaml", ".yml")
_MOST_TITLE_BYTES = 64_000_000
SYNONYM_FILES = (FILE_NAME, f"kb/{FILE_NAME}")
_PACKAGE = Path(__file__).parents[2]


class Source(Struct, frozen=True, kw_only=True):
    """One place entries come from: folders or files, or entries that someone already holds (the server's).

    `stamp` tells states of held entries apart where comparing them all would cost more.
    """

    origin: str
    paths: tuple[Path, ...] = ()
    entries: tuple[Entry, ...] = ()
    synonyms: tuple[PlacedGroup, ...] = ()
    stamp: str = ""


class Content(Struct, frozen=True, kw_only=True):
    """The entries of all sources, each id once, their synonyms, and all that was wrong with the files."""

    entries: tuple[Entry, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
    problems: tuple[ContentProblem, ...] = ()


class SourceFiles(Struct, kw_only=True):
    """What one source's files hold, with the places the linter needs."""

    snippets: list[PlacedSnippet]
    articles: list[PlacedArticle]
    titles: list[Entry]
    synonyms: list[SynonymFile]
    problems: list[ContentProblem]


class CombinedSources:
    """Several sources read together; `fingerprint` says cheaply whether reading again is worth it.

    `live` answers what colleagues share at this moment: it comes after the team's, before the person's own;
    `published` what the team has published: it comes after ours, before folders of this machine.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        live: Callable[[], Sequence[Entry]] = tuple,
        published: Callable[[], Source] = lambda: Source(origin=PUBLISHED),
    ) -> None:
        self.sources = tuple(sources)
        self._live = live
        self._published = published

    def read(self) -> Content:
        """Everything the sources hold now."""
        return load(stacked(self.sources, self._published(), self._live()))

    def fingerprint(self) -> str:
        """Changes when a file comes, goes or is written; takes a few milliseconds."""
        return f"{fingerprint(self.sources)} {hash(tuple(self._live()))} {self._published().stamp}"


def stacked(sources: Sequence[Source], published: Source, live: Sequence[Entry] = ()) -> tuple[Source, ...]:
    """Every source in the order in which later ones win: ours, what is published, folders of this machine,
    what colleagues share, the person's own."""
    ranks = {BUILT_IN: 0, PUBLISHED: 1, SERVER: 3, OWN: 4}
    every = (*sources, published, Source(origin=SERVER, entries=tuple(live)))
    return tuple(sorted(every, key=lambda one: ranks.get(one.origin, 2)))


def built_in() -> Source:
    """Our own content: beside the package in a checkout, inside it in a wheel."""
    root = _PACKAGE.parent
    if not (root / "snippets").is_dir() or not (root / "kb").is_dir():
        root = _PACKAGE / "content"
    return Source(origin=BUILT_IN, paths=(root / "snippets", root / "kb"))


def shipped_synonyms() -> SynonymFile:
    """Our own synonyms, which hold whatever else is read."""
    return read_synonyms(_shipped_synonyms_file())


def _shipped_synonyms_file() -> Path:
    return built_in().paths[-1] / FILE_NAME


def folder(path: Path, origin: str = "") -> Source:
    """A folder or file of content; without an origin it is named after itself."""
    return Source(origin=origin or str(path), paths=(path,))


def load(sources: Iterable[Source], today: date | None = None) -> Content:
    """The entries of `sources`, a later one replacing an earlier one with its id, and our synonyms with
    theirs; never raises for content.

    Articles that are not valid `today` (not yet, or no longer) are left out.
    """
    day = today or date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    entries: dict[str, Entry] = {}
    groups = list(shipped_synonyms().groups)
    problems: list[ContentProblem] = []
    for source in sources:
        found = find(source)
        problems += found.problems
        groups += [*source.synonyms, *(group for file in found.synonyms for group in file.groups)]
        entries |= {entry.id: entry for entry in (*source.entries, *entries_in(found, source.origin, day))}
    return Content(
        entries=tuple(entries.values()),
        synonyms=tuple(one.group for one in combined(groups)),
        problems=tuple(problems),
    )


def find(source: Source) -> SourceFiles:
    """Everything in the files of one source; of two with the same id the first stays."""
    found = SourceFiles(snippets=[], articles=[], titles=[], synonyms=[], problems=[])
    for path in source.paths:
        if not path.exists():
            found.problems.append(problem("not-readable", str(path), detail=os.strerror(2)))
        elif not (files := list(content_files(path))):
            found.problems.append(problem("no-content", str(path), severity="warning"))
        else:
            for file in files:
                _read(file, found)
    drop_repeated(found)
    return found


def content_files(path: Path) -> Iterator[Path]:
    """The content files below a folder, in a steady order; a file stands for itself."""
    if path.is_file():
        yield path
        return
    for place in (path, path / "snippets"):
        if place.is_dir():
            yield from sorted(file for file in place.iterdir() if file.suffix in _YAML and file.is_file())
    yield from sorted(_markdown(path))
    yield from (file for name in ("titles.txt", *SYNONYM_FILES) if (file := path / name).is_file())


def fingerprint(sources: Iterable[Source]) -> str:
    """A short text that differs when any file of `sources` does, by path, size and time of change."""
    digest = hashlib.blake2b(file_state(_shipped_synonyms_file()), digest_size=16)
    for source in sources:
        digest.update(repr((source.origin, [str(path) for path in source.paths])).encode())
        digest.update(repr(source.entries).encode() if source.entries else b"")
        for path in source.paths:
            for file in content_files(path):
                digest.update(file_state(file))
    return digest.hexdigest()


def file_state(file: Path) -> bytes:
    """What differs when a file comes, goes or is written."""
    try:
        state = file.stat()
    except OSError:
        return f"{file} gone\n".encode()
    return f"{file} {state.st_mtime_ns} {state.st_size}\n".encode()


def _markdown(path: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "node_modules")))
        for name in names:
            file = Path(place, name)
            if name.endswith(".md") and has_front_matter(file):
                yield file


def _read(file: Path, found: SourceFiles) -> None:
    shown = str(file)
    if file.suffix in _YAML:
        snippets, problems = place_snippets(file, shown)
        found.snippets += snippets
    elif file.suffix == ".toml":
        synonyms = read_synonyms(file)
        found.synonyms.append(synonyms)
        problems = list(synonyms.problems)
    elif file.suffix == ".txt":
        titles, problems = read_titles(file)
        found.titles += titles
    else:
        article, problems = place_article(file, shown)
        found.articles += [article] if article else []
    found.problems += problems


def read_titles(file: Path) -> tuple[list[Entry], list[ContentProblem]]:
    """One entry a line, its id the number of the line; empty lines count and give no entry."""
    try:
        size = file.stat().st_size
        if size > _MOST_TITLE_BYTES:
            return [], [problem("too-big", str(file), size=size, most=_MOST_TITLE_BYTES)]
        rows = file.read_text("utf-8-sig", errors="replace").split("\n")
    except OSError as error:
        return [], [problem("not-readable", str(file), detail=error.strerror or "")]
    titles = ((number, row.rstrip("\r")) for number, row in enumerate(rows, 1))
    return [Entry(id=str(number), kind="title", title=row) for number, row in titles if row.strip()], []


def drop_repeated(found: SourceFiles) -> None:
    """Keep of two with the same id the first, and say so."""
    seen: dict[str, str] = {}
    found.snippets = [
        one
        for one in found.snippets
        if _is_new(one.snippet.id, one.file, one.line("id"), seen, found.problems)
    ]
    found.articles = [
        case
        for case in found.articles
        if _is_new(case.article.id, case.file, case.line("id"), seen, found.problems)
    ]
    found.titles = [title for title in found.titles if title.id not in seen]


def _is_new(id: str, file: str, line: int, seen: dict[str, str], problems: list[ContentProblem]) -> bool:
    if id in seen:
        problems.append(problem("duplicate-id", file, line, "id", id=id, other=seen[id]))
        return False
    seen[id] = f"{file}:{line}"
    return True


def entries_in(found: SourceFiles, origin: str, day: date) -> Iterator[Entry]:
    """The entries of what was read from `origin`; articles that are not valid on `day` are left out."""
    for one in found.snippets:
        entry = entry_of(one.snippet, origin)
        yield replace(entry, path=str(Path(one.file).parent / entry.file)) if entry.file else entry
    for case in found.articles:
        article = case.article
        if (article.valid_from or day) <= day <= (article.valid_until or day):
            yield entry_of(article, origin)
    yield from found.titles


def own_folder(data_dir: Path) -> Path:
    """Where an agent's own entries lie below their data folder."""
    return data_dir / "knowledge"


def everyday(team: Sequence[Path], data_dir: Path) -> list[Source]:
    """What a desk reads without being told otherwise: ours, the team's folders, the agent's own."""
    found = [built_in(), *(folder(path, TEAM) for path in team)]
    own = own_folder(data_dir)
    return [*found, folder(own, OWN)] if own.is_dir() else found
