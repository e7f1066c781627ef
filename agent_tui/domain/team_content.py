"""A team's published content: its files, its versions, and what may become the next one."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from agent_tui.domain.models import Person
from agent_tui.domain.text import clean

# Where a desk keeps the version in force, in its data folder.
KEPT_FILE = "content.json"
SHOP_FILE = "shop.toml"
SYNONYMS_FILE = "synonyms.toml"
MOST_FILES = 2_000
MOST_FILE_BYTES = 1_000_000
MOST_BYTES = 8_000_000
MOST_NOTE = 200
_DEEPEST = 6
_LONGEST_NAME = 80
# What no file may be called on some system; a part that begins with a dot is hidden or leads upwards.
_SEGMENT = re.compile(r"[^./\\:*?\"<>|\s][^/\\:*?\"<>|\n\t]*")
_SUFFIXES = (".yaml", ".yml", ".md")
_NAMED = (SHOP_FILE, SYNONYMS_FILE, "kb/" + SYNONYMS_FILE)


class ContentFile(Struct, frozen=True, kw_only=True):
    """One file of a team's folder: `path` is relative to it, with `/` between its parts."""

    path: str
    text: str


class ContentVersion(Struct, frozen=True, kw_only=True):
    """One version of a team's content; version 0 is nothing yet.

    `digest` tells contents apart, `size` is in bytes, `count` the number of files; `restored` is the version
    that was taken back to, null for one that was published.
    """

    version: int = 0
    digest: str = ""
    size: int = 0
    count: int = 0
    at: datetime | None = None
    by: Person | None = None
    note: str = ""
    restored: int | None = None


class TeamContent(ContentVersion, frozen=True, kw_only=True):
    """A version with its files, in the order of their paths."""

    files: tuple[ContentFile, ...] = ()


class ContentVersions(Struct, frozen=True, kw_only=True):
    """The versions there are, the latest first."""

    versions: tuple[ContentVersion, ...]


class EntryDifference(Struct, frozen=True, kw_only=True):
    """What one version changed of an entry, or of another file (kind `file`, its path as id).

    `before` and `after` are the words a customer is told, or the file's text; empty where there were none.
    `fields` are the names of the fields that changed; an entry whose words stayed has the same on both sides.
    """

    id: str
    kind: Literal["snippet", "article", "file"]
    change: Literal["added", "changed", "removed"]
    title: str
    fields: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


class ContentDifferences(Struct, frozen=True, kw_only=True):
    """Everything a version changed of the one before it."""

    version: int
    differences: tuple[EntryDifference, ...]


Note = Annotated[str, Meta(max_length=MOST_NOTE)]


class ContentIn(Struct, frozen=True, kw_only=True):
    """The body of `PUT /v1/content`: all files of the folder; `base` is the version they were compared with,
    and a conflict when another has come since."""

    base: Annotated[int, Meta(ge=0)]
    files: Annotated[tuple[ContentFile, ...], Meta(max_length=MOST_FILES)]
    note: Note = ""


class RollbackIn(Struct, frozen=True, kw_only=True):
    """The body of `POST /v1/content/rollback`: the files of version `to` are put in force again."""

    base: Annotated[int, Meta(ge=0)]
    to: Annotated[int, Meta(ge=0)]
    note: Note = ""


def ordered(files: Sequence[ContentFile]) -> tuple[ContentFile, ...]:
    """`files` as they are stored and compared: clean, by path."""
    cleaned = (ContentFile(path=clean(one.path), text=clean(one.text)) for one in files)
    return tuple(sorted(cleaned, key=lambda one: one.path))


def content_digest(files: Sequence[ContentFile]) -> str:
    """What ordered files are told apart by."""
    digest = hashlib.sha256()
    for one in files:
        for part in (one.path, one.text):
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]


def tag_of(version: ContentVersion) -> str:
    """What a reader names to be spared what it has: a restored database may give a number again."""
    return f"{version.version}-{version.digest}"


def content_size(files: Sequence[ContentFile]) -> int:
    """The bytes of all texts."""
    return sum(len(one.text.encode()) for one in files)


def with_file(files: Sequence[ContentFile], path: str, text: str) -> tuple[ContentFile, ...]:
    """`files` with the text of one of them, which need not be there yet."""
    return ordered([*(one for one in files if one.path != path), ContentFile(path=path, text=text)])


def text_at(files: Sequence[ContentFile], path: str) -> str | None:
    """The text of the file at `path`, None where there is none."""
    return next((one.text for one in files if one.path == path), None)


def file_faults(files: Sequence[ContentFile]) -> Iterator[tuple[str, str]]:
    """What keeps `files` from being published, each as a place and a word: bad-path, bad-kind, same-path,
    file-too-big, too-many, too-big."""
    seen: set[str] = set()
    for one in files:
        if not is_good_path(one.path):
            yield one.path, "bad-path"
        elif not is_content(one.path):
            yield one.path, "bad-kind"
        elif one.path.casefold() in seen:
            yield one.path, "same-path"
        elif len(one.text.encode()) > MOST_FILE_BYTES:
            yield one.path, "file-too-big"
        seen.add(one.path.casefold())
    if len(files) > MOST_FILES:
        yield "files", "too-many"
    if content_size(files) > MOST_BYTES:
        yield "files", "too-big"


def is_good_path(path: str) -> bool:
    """Whether `path` stays inside its folder on every system."""
    parts = path.split("/")
    return (
        clean(path) == path == unicodedata.normalize("NFC", path)
        and len(parts) <= _DEEPEST
        and all(_SEGMENT.fullmatch(part) and len(part) <= _LONGEST_NAME for part in parts)
        and not any(part.endswith((" ", ".")) for part in parts)
    )


def is_content(path: str) -> bool:
    """Whether a file of this name is content at all."""
    return path in _NAMED or path.endswith(_SUFFIXES)


def is_conflict(head: ContentVersion, base: int) -> bool:
    """Whether another version has come since what `base` saw."""
    return head.version != base


def before(head: ContentVersion) -> int:
    """What is taken back to when nobody says: the version before the one in force; after a rollback the one
    before what that restored."""
    return max(0, (head.version if head.restored is None else head.restored) - 1)
