"""What keeps a team's content from being published: unusable files, and every error that `kb check` names."""

from collections.abc import Iterator, Sequence
from datetime import date

from agent_tui.domain.team_content import (
    MOST_BYTES,
    MOST_FILE_BYTES,
    MOST_FILES,
    SHOP_FILE,
    ContentFile,
    file_faults,
    text_at,
)
from agent_tui.errors import BadSettings
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.lint import faults_of
from agent_tui.knowledge.content.published import is_pack, read_files
from agent_tui.knowledge.content.shop import read_shop
from agent_tui.knowledge.content.sources import shipped_synonyms
from agent_tui.knowledge.content.synonyms import check_synonyms
from agent_tui.knowledge.content.together import clashes
from agent_tui.knowledge.packs.format import Pack
from agent_tui.knowledge.packs.reading import parse_pack
from agent_tui.server.problems import HttpProblem
from agent_tui.wire import FieldError

MOST_ENTRIES = 5_000
_MOST_ERRORS = 50
_WORDS = {
    "bad-path": "a path below the folder, its parts without control characters, leading dots and \\ : * ?",
    "bad-kind": "snippets and packs as .yaml, articles as .md, shop.toml, synonyms.toml",
    "same-path": "the same path twice, upper and lower case being one",
    "file-too-big": f"at most {MOST_FILE_BYTES} bytes",
    "too-many": f"at most {MOST_FILES} files",
    "too-big": f"at most {MOST_BYTES} bytes together",
}


def expect_good(files: Sequence[ContentFile]) -> dict[str, tuple[Pack, str]]:
    """The packs among `files`, by id, with their texts. Blocks.

    Raises HttpProblem (400 `bad-content`) that names each place and the remedy.
    """
    _refuse([FieldError(at=at[:200], detail=_WORDS[code]) for at, code in file_faults(files)])
    _refuse([*_entry_faults(files), *_pack_faults(files), *_shop_faults(files)])
    return packs_in(files)


def packs_in(files: Sequence[ContentFile]) -> dict[str, tuple[Pack, str]]:
    """The packs among `files`, by id, with their texts; what is none is left out. Blocks."""
    read = [(parse_pack(one.text, one.path)[0], one.text) for one in files if is_pack(one.path)]
    return {placed.pack.id: (placed.pack, text) for placed, text in read if placed is not None}


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        first = errors[0]
        raise HttpProblem(400, "bad-content", f"{first.at}: {first.detail}", tuple(errors[:_MOST_ERRORS]))


def _entry_faults(files: Sequence[ContentFile]) -> Iterator[FieldError]:
    found = read_files(files)
    if len(found.snippets) + len(found.articles) > MOST_ENTRIES:
        yield FieldError(at="files", detail=f"at most {MOST_ENTRIES} entries")
        return
    today = date.today()  # noqa: DTZ011 - the author's calendar, not an instant
    merged = check_synonyms(found.synonyms, shipped_synonyms())
    problems = (*faults_of(found, today), *clashes([found]), *merged)
    yield from (_told(one) for one in problems if one.severity == "error")


def _pack_faults(files: Sequence[ContentFile]) -> Iterator[FieldError]:
    seen: dict[str, str] = {}
    for file in (one for one in files if is_pack(one.path)):
        placed, problems = parse_pack(file.text, file.path)
        yield from map(_told, problems)
        if placed is not None and seen.setdefault(placed.pack.id, file.path) != file.path:
            yield FieldError(at=file.path, detail=f"id {placed.pack.id}: in {seen[placed.pack.id]} already")


def _told(one: ContentProblem) -> FieldError:
    return FieldError(at=f"{one.file}:{one.line}", detail=f"{one.field} {one.detail} → {one.remedy}".strip())


def _shop_faults(files: Sequence[ContentFile]) -> Iterator[FieldError]:
    text = text_at(files, SHOP_FILE)
    if text is None:
        return
    try:
        read_shop(text)
    except BadSettings as error:
        told = ", ".join(f"{name} {value}" for name, value in error.values.items() if name != "file")
        yield FieldError(at=SHOP_FILE, detail=f"{error.code}: {told}")
