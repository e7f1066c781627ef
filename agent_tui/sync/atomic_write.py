"""Files that are whole or not there: written beside, forced to disk, renamed; one generation is kept."""

import os
import time
from pathlib import Path

from agent_tui.errors import reason_of
from agent_tui.sync.errors import StoreError

TRIES = 12


def write_whole(file: Path, data: bytes, previous: Path | None = None) -> None:
    """Replace `file` by `data`, or leave it as it was; the old one becomes `previous` when that is named.

    Raises StoreError when the disk is full, read-only or gone.
    """
    beside = beside_of(file)
    try:
        with beside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if previous is not None and file.exists():
            _rename(file, previous)
        _rename(beside, file)
        _sync_folder(file.parent)
    except OSError as error:
        raise StoreError("cannot-write", reason=reason_of(error), file=str(file)) from error


def beside_of(file: Path) -> Path:
    """Where the next generation of `file` is written before it takes its place."""
    return file.with_name(file.name + ".new")


def read_whole(file: Path) -> bytes | None:
    """The bytes of `file`, None when there is none. Raises StoreError when it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError("cannot-read", reason=reason_of(error), file=str(file)) from error


def _rename(source: Path, target: Path) -> None:
    """`os.replace`, tried again for two seconds: on Windows a virus scanner may hold the target open."""
    for attempt in range(TRIES):
        try:
            os.replace(source, target)
        except PermissionError:
            if attempt == TRIES - 1:
                raise
            time.sleep(0.005 * 1.6**attempt)  # noqa: TID251 - nobody tells when the scanner lets go
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Force a rename to disk; the one place that only POSIX knows, where a folder can be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
