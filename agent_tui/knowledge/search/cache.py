"""The search index as a cache file: used while fresh, thrown away when not whole."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent_tui.knowledge.content.entries import ContentProblem, Entry
from agent_tui.knowledge.content.sources import Source, fingerprint, load
from agent_tui.knowledge.search.bigrams import BITS
from agent_tui.knowledge.search.index import Candidates, IndexedText, SearchIndex, SignatureList
from agent_tui.knowledge.text.synonyms import SynonymGroup, Synonyms
from agent_tui.knowledge.text.tables import tables

_FORMAT = 4
_SUM_BYTES = 16


class _CachedIndex(msgspec.Struct, frozen=True, array_like=True):
    key: str
    entries: list[Entry]
    problems: list[ContentProblem]
    synonyms: tuple[SynonymGroup, ...]
    texts: list[IndexedText]
    signatures: bytes
    is_bitmap: bool


class ReadyIndex(msgspec.Struct, frozen=True):
    """An index and what was wrong with the files it was made from."""

    index: SearchIndex
    problems: tuple[ContentProblem, ...]


def build(sources: Sequence[Source]) -> ReadyIndex:
    """Read the sources and index them now."""
    content = load(sources)
    return ReadyIndex(SearchIndex.build(content.entries, Synonyms(content.synonyms)), content.problems)


def open_index(sources: Sequence[Source], cache: Path | None) -> ReadyIndex:
    """The index kept in folder `cache` if it is whole and no file has changed since, or a new one."""
    kept = _read(_file(sources, cache), _key(sources)) if cache else None
    return kept or build(sources)


def keep(sources: Sequence[Source], cache: Path) -> tuple[ReadyIndex, Path]:
    """Index the sources and keep the result in folder `cache`; returns the file too. Raises OSError."""
    key = _key(sources)
    ready = build(sources)
    file = _file(sources, cache)
    _write(file, _packed(ready, key))
    return ready, file


def _key(sources: Sequence[Source]) -> str:
    return f"{_FORMAT} {BITS} {tables().version} {fingerprint(sources)}"


def _file(sources: Sequence[Source], cache: Path) -> Path:
    named = repr([(source.origin, [str(path.resolve()) for path in source.paths]) for source in sources])
    return cache / f"index-{hashlib.blake2b(named.encode(), digest_size=8).hexdigest()}.bin"


def _packed(ready: ReadyIndex, key: str) -> bytes:
    index = ready.index
    if isinstance(index.block, SignatureList):
        signatures = b"".join(one.to_bytes(BITS // 8, "little") for one in index.block.signatures)
    else:
        from agent_tui.knowledge.search.bitmap import Bitmap

        assert isinstance(index.block, Bitmap)
        signatures = index.block.to_bytes()
    kept = _CachedIndex(
        key=key,
        entries=index.entries,
        problems=list(ready.problems),
        synonyms=index.synonyms.groups,
        texts=index.texts,
        signatures=signatures,
        is_bitmap=not isinstance(index.block, SignatureList),
    )
    body = msgspec.msgpack.encode(kept)
    return hashlib.blake2b(body, digest_size=_SUM_BYTES).digest() + body


def _read(file: Path, key: str) -> ReadyIndex | None:
    """The kept index, or None when there is none, it is of other files, or it is damaged."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    checked, body = data[:_SUM_BYTES], data[_SUM_BYTES:]
    if hashlib.blake2b(body, digest_size=_SUM_BYTES).digest() != checked:
        return None
    try:
        kept = msgspec.msgpack.decode(body, type=_CachedIndex)
    except msgspec.DecodeError:
        return None
    if kept.key != key:
        return None
    index = SearchIndex(kept.entries, kept.texts, _block(kept), Synonyms(kept.synonyms))
    return ReadyIndex(index, tuple(kept.problems))


def _block(kept: _CachedIndex) -> Candidates:
    if kept.is_bitmap:
        from agent_tui.knowledge.search.bitmap import Bitmap

        return Bitmap.from_bytes(kept.signatures, len(kept.texts))
    size = BITS // 8
    packed = kept.signatures
    return SignatureList(
        [int.from_bytes(packed[at : at + size], "little") for at in range(0, len(packed), size)]
    )


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, also when two write at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem)
    with os.fdopen(handle, "wb") as written:
        written.write(data)
    Path(name).replace(file)
