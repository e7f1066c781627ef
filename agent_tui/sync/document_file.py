"""The store's file (JSON Lines with checksums): damage to one document never takes another with it."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from tinydb import Storage

from agent_tui.sync.atomic_write import beside_of, read_whole, write_whole

Tables = dict[str, dict[str, dict[str, Any]]]
HEAD = b"agent-tui store 1\n"
TABLES = frozenset({"outbox", "drafts", "uses", "views"})


class ParsedFile(Struct):
    """What a file held: its documents, the lines that are none, and whether it is as it was written."""

    tables: Tables
    broken: list[str]
    intact: bool


def digest(data: bytes) -> str:
    """A checksum that no slip of a disk leaves unchanged."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def write_lines(tables: Tables) -> bytes:
    """The file's bytes: a head, one line a document, and the checksum of it all."""
    lines = [HEAD]
    for table, documents in tables.items():
        for id, document in documents.items():
            lines.append(msgspec.json.encode([table, str(id), document]) + b"\n")
    body = b"".join(lines)
    return body + b"end " + digest(body).encode() + b"\n"


def read_lines(data: bytes) -> ParsedFile:
    """What can be read of a file; never raises."""
    body, _, end = data.rpartition(b"end ")
    parsed = ParsedFile(tables={}, broken=[], intact=end.strip().decode("ascii", "replace") == digest(body))
    lines = data.splitlines()
    if lines and lines[0] == HEAD.strip():
        del lines[0]
    for line in lines:
        if not line.startswith(b"end "):
            _read_line(line, parsed)
    return parsed


def _read_line(line: bytes, parsed: ParsedFile) -> None:
    try:
        table, id, document = msgspec.json.decode(line, type=tuple[str, str, dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError):
        parsed.broken.append(line.decode("utf-8", "replace"))
        return
    held = parsed.tables.setdefault(table, {}) if table in TABLES else {}
    if table not in TABLES or not id.isascii() or not id.isdigit() or id in held:
        parsed.broken.append(line.decode("utf-8", "replace"))
    else:
        held[id] = document


class DocumentFile(Storage):
    """TinyDB's storage in one such file; the last state is kept in memory, so reading costs nothing.

    Within `hold` writes are gathered; the file is written when the last holder leaves.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._previous = file.with_name(file.name + ".old")
        self._damaged = file.with_name(file.name + ".damaged")
        self._tables: Tables = {}
        self.found = self._newest()
        self._tables = self.found.tables

    def _newest(self) -> ParsedFile:
        data = read_whole(self._file)
        if data is None:
            # Between the two renames of a write the newest generation still has its temporary name.
            beside = read_whole(beside_of(self._file))
            if beside is not None and read_lines(beside).intact:
                data = beside
        if data is not None:
            return read_lines(data)
        return ParsedFile(tables={}, broken=[], intact=read_whole(self._previous) is None)

    def earlier(self) -> Tables:
        """The documents of the previous generation."""
        data = read_whole(self._previous)
        return {} if data is None else read_lines(data).tables

    def read(self) -> Tables | None:
        """The state as TinyDB last wrote it."""
        return {table: dict(documents) for table, documents in self._tables.items()} or None

    def write(self, data: Any) -> None:
        """Put `data` in the file's place. Raises StoreError, and then the state is as before."""
        tables: Tables = {t: {str(i): dict(d) for i, d in documents.items()} for t, documents in data.items()}
        write_whole(self._file, write_lines(tables), self._previous)
        self._tables = tables

    def put_aside(self) -> Path | None:
        """Keep what was found damaged beside the file, which the next write replaces.

        Answers where, None where there was nothing or no room; a later damage takes its place.
        """
        data = read_whole(self._file)
        if not data:
            return None
        try:
            self._damaged.write_bytes(data)
        except OSError:
            return None
        return self._damaged

    def forget_earlier(self) -> None:
        """Remove the previous generation, and what was found damaged."""
        self._previous.unlink(missing_ok=True)
        self._damaged.unlink(missing_ok=True)
        beside_of(self._file).unlink(missing_ok=True)
