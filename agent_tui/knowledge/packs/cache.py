"""The cache of the last pack a helper worked with, so that a start without a network opens with it.

A pack holds nothing of customers; what it refers to is kept with it, colleagues' shared entries included.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agent_tui.knowledge.content.entries import Entry
from agent_tui.knowledge.packs.resolved import ResolvedPack, parse_pack, resolve

_DIGEST = 32


class _CachedPack(Struct, frozen=True):
    """A pack's id, its file's text, and the entries its answers refer to."""

    id: str
    text: str
    entries: tuple[Entry, ...]


class PackCache:
    """One file with one pack. What is damaged, or written by another version, is thrown away."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._last = b""

    def keep(self, text: str, pack: ResolvedPack) -> None:
        """Keep `pack`, whose file's text is `text`; a disk that cannot be written is no reason to stop."""
        # With the questions of the articles they are `like`, which are not kept beside them.
        entries = tuple(replace(answer.entry, similar=answer.similar) for answer in pack.answers)
        data = msgspec.msgpack.encode(_CachedPack(pack.pack.id, text, entries))
        if data == self._last:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
            beside.write_bytes(sha256(data).digest() + data)
            beside.replace(self._file)
            self._last = data

    def find(self, id: str = "") -> ResolvedPack | None:
        """The kept pack, if it has this id; any for none."""
        try:
            data = self._file.read_bytes()
        except OSError:
            return None
        kept = _decoded(data)
        if kept is None:
            self.forget()
            return None
        placed, _ = parse_pack(kept.text, kept.id)
        if placed is None:
            self.forget()
            return None
        return resolve(placed.pack, kept.entries) if id in ("", kept.id) else None

    def forget(self) -> None:
        """Throw the kept pack away."""
        self._last = b""
        with suppress(OSError):
            self._file.unlink()


def _decoded(data: bytes) -> _CachedPack | None:
    if sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
        return None
    try:
        return msgspec.msgpack.decode(data[_DIGEST:], type=_CachedPack)
    except msgspec.DecodeError:
        return None
