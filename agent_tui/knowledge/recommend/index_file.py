"""The indexes of the last content on disk, so that a start pays for reading them instead of making them.

A file is of one digest of entries, tables and format; what is damaged or of another digest is not used.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from agent_tui.knowledge.content.entries import Entry

Array = Any

FORMAT = 3
_TABLES = (
    ("agent_tui.knowledge", "data/same_words.toml"),
    ("agent_tui.knowledge", "data/encoder.npz"),
    ("agent_tui.domain.reading", "category.toml"),
    ("agent_tui.domain.reading", "danger.toml"),
    ("agent_tui.domain.reading", "spelling.toml"),
)


class IndexFile(Struct, frozen=True, kw_only=True):
    """What is kept: arrays by name as their kind and bytes, and the dangers each entry is written for."""

    digest: str
    arrays: dict[str, tuple[str, bytes]]
    dangers: list[dict[str, float]]


def digest_of(entries: Sequence[Entry]) -> str:
    """A short text that differs when an entry's words do, or what they are read by."""
    digest = hashlib.blake2b(str(FORMAT).encode(), digest_size=16)
    for package, name in _TABLES:
        digest.update(files(package).joinpath(name).read_bytes())
    for one in entries:
        digest.update(repr((one.id, one.title, one.tags, one.similar, one.text, one.extra)).encode())
    return digest.hexdigest()


def read_index(file: Path, digest: str) -> tuple[dict[str, Array], list[dict[str, float]]] | None:
    """The arrays and dangers kept for `digest`; None where there are none."""
    import numpy as np

    with suppress(OSError, msgspec.DecodeError, ValueError):
        kept = msgspec.msgpack.decode(file.read_bytes(), type=IndexFile)
        if kept.digest == digest:
            arrays = {name: np.frombuffer(data, dtype=kind) for name, (kind, data) in kept.arrays.items()}
            return arrays, kept.dangers
    return None


def keep_index(file: Path, digest: str, arrays: Mapping[str, Array], dangers: list[dict[str, float]]) -> None:
    """Keep an index in the place of the last one; a disk that cannot be written is no reason to stop."""
    kept = {name: (array.dtype.str, array.tobytes()) for name, array in arrays.items()}
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        beside.write_bytes(msgspec.msgpack.encode(IndexFile(digest=digest, arrays=kept, dangers=dangers)))
        beside.replace(file)
