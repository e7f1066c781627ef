"""A team's published content: a folder as the files that are published, and those files as entries."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from agent_tui.domain.team_content import (
    SHOP_FILE,
    ContentFile,
    TeamContent,
    is_content,
    ordered,
    tag_of,
)
from agent_tui.knowledge.content.articles import parse_article
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.parsing import read_text
from agent_tui.knowledge.content.snippets import parse_snippets
from agent_tui.knowledge.content.sources import (
    PUBLISHED,
    SYNONYM_FILES,
    Source,
    SourceFiles,
    content_files,
    drop_repeated,
    entries_in,
)
from agent_tui.knowledge.content.synonyms import parse_synonyms

_YAML = (".yaml", ".yml")
_SNIPPETS = (".", "snippets")
PACKS = ("packs", "kb/packs")
_BESIDE = (SHOP_FILE,)


def folder_files(folder: Path) -> tuple[tuple[ContentFile, ...], list[ContentProblem]]:
    """Everything of `folder` that is published, and what of it cannot be read. Blocks."""
    files: list[ContentFile] = []
    problems: list[ContentProblem] = []
    for file in _files_below(folder):
        text, found = read_text(file, str(file))
        problems += found
        if text is not None:
            files.append(ContentFile(path=file.relative_to(folder).as_posix(), text=text))
    return ordered(files), problems


def _files_below(folder: Path) -> Iterator[Path]:
    for file in content_files(folder):
        if is_content(file.relative_to(folder).as_posix()):
            yield file
    for place in PACKS:
        if (folder / place).is_dir():
            yield from sorted(one for one in (folder / place).iterdir() if _is_pack_name(one.name))
    yield from (folder / name for name in _BESIDE if (folder / name).is_file())


def _is_pack_name(name: str) -> bool:
    return name.endswith(_YAML) and not name.startswith(".")


def holds_entries(path: str) -> bool:
    """Whether the published file at `path` is one of snippets, or an article."""
    return path.endswith((".md", *_YAML)) and not is_pack(path)


def is_pack(path: str) -> bool:
    """Whether the published file at `path` is a knowledge pack."""
    return str(PurePosixPath(path).parent) in PACKS and path.endswith(_YAML)


def read_files(files: Sequence[ContentFile]) -> SourceFiles:
    """The snippets, articles and synonyms of published files, with what is wrong with them."""
    found = SourceFiles(snippets=[], articles=[], titles=[], synonyms=[], problems=[])
    for one in files:
        if one.path.endswith(".md"):
            article, problems = parse_article(one.text, one.path)
            found.articles += [article] if article else []
        elif one.path.endswith(_YAML) and str(PurePosixPath(one.path).parent) in _SNIPPETS:
            snippets, problems = parse_snippets(one.text, one.path)
            found.snippets += snippets
        elif one.path in SYNONYM_FILES:
            synonyms = parse_synonyms(one.text, one.path)
            found.synonyms.append(synonyms)
            problems = list(synonyms.problems)
        else:
            continue
        found.problems += problems
    drop_repeated(found)
    return found


class PublishedSource:
    """The published content as the library reads it, turned into entries once for every version and day."""

    def __init__(self, content: Callable[[], TeamContent]) -> None:
        self._content = content
        self._source = Source(origin=PUBLISHED)

    def __call__(self) -> Source:
        """The entries as they are now. The first time after a change takes as long as reading the files."""
        content, today = self._content(), date.today()  # noqa: DTZ011 - the author's calendar, not an instant
        stamp = f"{tag_of(content)} {today}"
        if stamp != self._source.stamp:
            found = read_files(content.files)
            entries = entries_in(found, PUBLISHED, today)
            self._source = Source(
                origin=PUBLISHED,
                entries=tuple(replace(entry, version=content.version) for entry in entries),
                synonyms=tuple(group for file in found.synonyms for group in file.groups),
                stamp=stamp,
            )
        return self._source
