"""Files of messages: fetched into a private folder of this run under names that are safe anywhere."""

import asyncio
import re
import shutil
import tempfile
from pathlib import Path

from agent_tui.backends.base import Backend, Rejected
from agent_tui.backends.optional import FileStore, required
from agent_tui.domain.models import FileInfo
from agent_tui.domain.text import clean

LARGEST = 20 * 1024 * 1024
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def safe_name(name: str, fallback: str = "file") -> str:
    """`name` as a file's name on any system: no path, no device, nothing hidden, at most 100 characters."""
    plain = _UNSAFE.sub("_", clean(name).replace("\n", " ")).strip("._ ")
    if not plain or _DEVICES.match(plain):
        plain = f"{fallback}_{plain}".rstrip("_")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:80]}.{ending[:16]}" if dot else plain[:100]


class Files:
    """Downloads and uploads; the folder is made on first use and removed at the end.

    A file is uploaded once a run while it stays the same: an answer's attachment goes with many replies.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._folder: Path | None = None
        self._stored: dict[tuple[str, str, int, int], FileInfo] = {}

    @property
    def _store(self) -> FileStore:
        return required(self._backend.capabilities.files)

    @property
    def host(self) -> str:
        """Where files come from, shown before one is opened."""
        return self._store.host

    async def fetch(self, file: FileInfo) -> Path:
        """The bytes of `file` in the private folder; fetched once."""
        folder = self._private() / safe_name(file.id)
        target = folder / safe_name(file.name or file.id)
        if not await asyncio.to_thread(target.exists):
            data = await self._store.fetch(file.id)
            await asyncio.to_thread(_write, target, data)
        return target

    async def upload(self, path: Path, entry: str = "") -> FileInfo:
        """Store the file at `path`, which `entry` names. Raises Rejected when it cannot be read or is too
        large."""
        try:
            state = await asyncio.to_thread(path.stat)
            known = (entry, str(path), state.st_mtime_ns, state.st_size)
            if known in self._stored:
                return self._stored[known]
            if state.st_size > LARGEST:
                raise Rejected("file-too-large", detail=path.name)
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise Rejected("file-unreadable", detail=error.strerror or path.name) from error
        self._stored[known] = await self._store.upload(path.name, data, entry)
        return self._stored[known]

    def _private(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="agent-tui-"))
        return self._folder

    def clear(self) -> None:
        """Remove what was fetched."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(exist_ok=True)
    beside = target.with_name("part")
    beside.write_bytes(data)
    beside.replace(target)
